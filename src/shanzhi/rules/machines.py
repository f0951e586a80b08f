"""Tables and expressions as machines that take one fact after the other.

Rows (and leaves) are bits of whole numbers: for each class of a fact's values one number says which rows
allow it, so that a complete decision is one `&` for each fact, however many rows there are.
"""

from collections.abc import Sequence

from shanzhi.rules.conditions import Condition, holds
from shanzhi.rules.diagram import Outcome
from shanzhi.rules.domains import Domain
from shanzhi.rules.expression import Expression, Leaf
from shanzhi.rules.schema import Policy

Conditions = Sequence[tuple[int, Condition]]


class Column(dict[int, int]):
    """For each class of a fact the rows (bits) that allow it, found when first asked for."""

    def __init__(self, domain: Domain, conditions: Conditions, free: int) -> None:
        super().__init__()
        self.domain = domain
        self.conditions = conditions
        self.free = free
        self._classes: tuple[int, ...] | None = None

    def __missing__(self, index: int) -> int:
        value = self.domain.sample(index)
        bits = self.free
        for row, condition in self.conditions:
            if holds(condition, value):
                bits |= 1 << row
        self[index] = bits
        return bits

    def classes(self) -> tuple[int, ...]:
        """One class for each different set of rows."""
        if self._classes is None:
            first: dict[int, int] = {}
            for index in range(self.domain.size):
                first.setdefault(self[index], index)
            self._classes = tuple(first.values())
        return self._classes

    def among(self, low: int, high: int) -> tuple[int, ...]:
        """One class for each different set of rows between two classes."""
        first: dict[int, int] = {}
        for index in range(low, high + 1):
            first.setdefault(self[index], index)
        return tuple(first.values())


class Table:
    """A decision table; its state is the rows (bits) that the facts taken allow.

    `outcomes` are those of the rows and then that of no row; the bit after the last row stands for no row.
    """

    def __init__(self, columns: Sequence[Column], outcomes: Sequence[Outcome], policy: Policy) -> None:
        self.columns = columns
        self.outcomes = outcomes
        self.nobody = 1 << (len(outcomes) - 1)
        self.policy = policy
        self.start = self.nobody - 1

    def classes(self, fact: int) -> Sequence[int]:
        return self.columns[fact].classes()

    def among(self, fact: int, low: int, high: int) -> Sequence[int]:
        return self.columns[fact].among(low, high)

    def step(self, state: int, fact: int, index: int) -> int:
        return state & self.columns[fact][index]

    def settle(self, state: int, unknown: int) -> tuple[int, int]:
        """Leaves out rows behind one that is sure to match, where only the first counts."""
        asked, sure, rest = 0, state, unknown
        while rest:
            bit = rest & -rest
            rest ^= bit
            free = self.columns[bit.bit_length() - 1].free
            if state & ~free:
                asked |= bit
                sure &= free
        if not sure or self.policy == "collect":
            return state, asked
        first = sure & -sure
        if state & (first - 1) == 0:
            return first, 0
        kept = state & (first | (first - 1))
        return (kept, asked) if kept == state else self.settle(kept, asked)

    def outcome(self, state: int) -> tuple[Outcome, int]:
        if not state:
            return self.outcomes[-1], self.nobody
        if self.policy == "collect":
            return self._collected(state), state
        first = state & -state
        return self.outcomes[first.bit_length() - 1], first

    def _collected(self, state: int) -> Outcome:
        """For each output the values of all matching rows, in their order and without repetition."""
        rows = [outcome for row, outcome in enumerate(self.outcomes[:-1]) if state >> row & 1]
        lists = []
        for values in list(zip(*rows, strict=True))[1:]:
            flat = [v for value in values for v in (value if isinstance(value, tuple) else (value,))]
            lists.append(tuple(dict.fromkeys(flat)))
        return (True, *lists)


YES, NO = 0, 1
Branching = tuple[str, tuple[int, ...]]


class Tree:
    """An expression; its state is the number of what is left of it. 0 is true, 1 is false."""

    def __init__(self, columns: Sequence[Column], expression: Expression, fact_of: Sequence[int]) -> None:
        self.columns = columns
        self.fact_of = fact_of
        self._parts: list[Branching] = [("true", ()), ("false", ())]
        self._numbers: dict[Branching, int] = {part: i for i, part in enumerate(self._parts)}
        self._asks: list[int] = [0, 0]
        self._steps: dict[tuple[int, int, int], int] = {}
        self.start = self._build(expression)

    def classes(self, fact: int) -> Sequence[int]:
        return self.columns[fact].classes()

    def among(self, fact: int, low: int, high: int) -> Sequence[int]:
        return self.columns[fact].among(low, high)

    def step(self, state: int, fact: int, index: int) -> int:
        return self._take(state, fact, self.columns[fact][index])

    def settle(self, state: int, unknown: int) -> tuple[int, int]:
        return state, unknown & self._asks[state]

    def outcome(self, state: int) -> tuple[Outcome, int]:
        return (state == YES,), 0

    def deciding(self, state: int, bits: int, known: int) -> int:
        """The leaves (bits) that make what is left of the expression true or false, by the facts known.

        0 when no single leaf does, as in "the one or its opposite".
        """
        return self._why(state, bits, known)[1]

    def _build(self, expression: Expression) -> int:
        if isinstance(expression, Leaf):
            return self._number(("leaf", (expression.number - 1,)))
        return self._combine(expression.op, tuple(self._build(part) for part in expression.parts))

    def _number(self, part: Branching) -> int:
        number = self._numbers.get(part)
        if number is None:
            number = self._numbers[part] = len(self._parts)
            self._parts.append(part)
            op, inner = part
            asks = 1 << self.fact_of[inner[0]] if op == "leaf" else 0
            for each in inner if op != "leaf" else ():
                asks |= self._asks[each]
            self._asks.append(asks)
        return number

    def _combine(self, op: str, parts: tuple[int, ...]) -> int:
        """A branch without the parts that are known."""
        if op == "not":
            return 1 - parts[0] if parts[0] < 2 else self._number((op, parts))
        neutral, final = (YES, NO) if op == "all" else (NO, YES)
        left = tuple(dict.fromkeys(part for part in parts if part != neutral))
        if final in left:
            return final
        if not left:
            return neutral
        return left[0] if len(left) == 1 else self._number((op, left))

    def _take(self, state: int, fact: int, bits: int) -> int:
        if not self._asks[state] >> fact & 1:
            return state
        key = (state, fact, bits)
        found = self._steps.get(key)
        if found is None:
            op, inner = self._parts[state]
            if op == "leaf":
                found = YES if bits >> inner[0] & 1 else NO
            else:
                found = self._combine(op, tuple(self._take(part, fact, bits) for part in inner))
            self._steps[key] = found
        return found

    def _why(self, state: int, bits: int, known: int) -> tuple[bool | None, int]:
        """Kleene's value of a part and the leaves that give it this value."""
        op, inner = self._parts[state]
        if op == "leaf":
            leaf = inner[0]
            return (bool(bits >> leaf & 1), 1 << leaf) if known >> self.fact_of[leaf] & 1 else (None, 0)
        parts = [self._why(part, bits, known) for part in inner]
        if op == "not":
            value, leaves = parts[0]
            return (None if value is None else not value), leaves
        final = op == "any"
        ending = [leaves for value, leaves in parts if value is final]
        if not ending and any(value is None for value, _ in parts):
            return None, 0
        total = 0
        for leaves in ending or [leaves for _, leaves in parts]:
            total |= leaves
        return (final if ending else not final), total
