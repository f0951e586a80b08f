"""The decision diagram (决策图) of a rule, grown only as far as it is asked for, and remembered.

A machine (a table or an expression) takes facts one by one; what matters of those taken is its state. The
diagram joins equal continuations, as in a reduced ordered multi-valued decision diagram: two states with one
node answer alike whatever the facts still unknown turn out to be. Hence a fact can change the answer if, and
only if, it occurs in the node: three-valued answers are exact, other than in Kleene's logic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shanzhi.base.errors import Problem, gettext_noop
from shanzhi.rules.formula import Formula

LIMIT = 60_000
Outcome = tuple[Any, ...]
Spans = tuple[tuple[int, int, int], ...]
"""Facts that are known to lie between two of their classes: (fact, lowest class, highest class)."""
VARIES = object()


class TooComplex(Problem):
    """The diagram of a rule outgrows its limit; `check` refuses such a rule before it is applied."""

    code = "rule_too_complex"
    status = 422
    default = gettext_noop("The rule %(rule)s is too complex to be decided exactly")


class Machine(Protocol):
    """A rule that takes one fact after the other. Facts are numbered, sets of facts are bits."""

    @property
    def start(self) -> Any:
        """The state in which nothing is taken yet; states can be hashed."""

    def classes(self, fact: int) -> Sequence[int]:
        """One class for each way in which the values of a fact can matter."""

    def among(self, fact: int, low: int, high: int) -> Sequence[int]:
        """The same for the classes between two."""

    def step(self, state: Any, fact: int, index: int) -> Any:
        """The state after a fact turned out to be of a class."""

    def settle(self, state: Any, unknown: int) -> tuple[Any, int]:
        """The state without what cannot matter any more, and which of the unknown facts it still asks."""

    def outcome(self, state: Any) -> tuple[Outcome, int]:
        """What follows when nothing more is asked: the answer and the rows (bits) that give it."""


@dataclass(frozen=True, slots=True)
class Node:
    """What can still follow. `fact` is -1 for a leaf; `support`: the facts (bits) that can change the answer,
    those among them with which the formulas in the leaves compute.

    `common` is the answer with VARIES in the places that are not the same in all leaves.
    """

    fact: int
    children: tuple[int, ...]
    support: int
    common: Outcome


class Diagram:
    """The diagram of one rule. `places`: the numbers of the facts, which formulas in its outcomes name."""

    def __init__(
        self, machine: Machine, name: str, limit: int = LIMIT, places: Mapping[str, int] | None = None
    ) -> None:
        self.machine = machine
        self.places = places or {}
        self.name = name
        self.limit = limit
        self.nodes: list[Node] = []
        self._ids: dict[tuple[int, Outcome], int] = {}
        self._seen: dict[tuple[Any, int, Spans], tuple[int, int]] = {}

    @property
    def full(self) -> bool:
        """Whether it holds half of what it may, so that it is time for a fresh one.

        A rule that fits into one half with all facts unknown also does with some of them known: so what
        `check` lets pass is always decided.
        """
        return len(self._seen) > self.limit // 2

    def reach(self, state: Any, unknown: int, spans: Spans = ()) -> tuple[int, int]:
        """The node of a state whose unknown facts are given, and the rows (bits) that may still decide.

        `spans` are those of the unknown facts that are known within limits. Raises TooComplex.
        """
        state, unknown = self.machine.settle(state, unknown)
        if spans:
            spans = tuple(span for span in spans if unknown >> span[0] & 1)
        key = (state, unknown, spans)
        found = self._seen.get(key)
        if found is None:
            if len(self._seen) > self.limit:
                raise TooComplex(rule=self.name)
            found = self._seen[key] = self._grow(state, unknown, spans)
        return found

    def _grow(self, state: Any, unknown: int, spans: Spans) -> tuple[int, int]:
        if not unknown:
            outcome, rows = self.machine.outcome(state)
            return self._leaf(outcome), rows
        bit = unknown & -unknown
        fact = bit.bit_length() - 1
        classes = self.machine.classes(fact)
        if spans and spans[0][0] == fact:
            (_, low, high), *rest = spans
            classes, spans = self.machine.among(fact, low, high), tuple(rest)
        children, rows = [], 0
        for index in classes:
            child, winners = self.reach(self.machine.step(state, fact, index), unknown ^ bit, spans)
            children.append(child)
            rows |= winners
        return self._join(fact, tuple(children)), rows

    def _leaf(self, outcome: Outcome) -> int:
        known = self._ids.get((-1, outcome))
        if known is not None:
            return known
        named = {name for value in outcome if isinstance(value, Formula) for name in value.facts}
        support = sum(1 << self.places[name] for name in named)
        return self._add((-1, outcome), Node(-1, (), support, outcome))

    def _join(self, fact: int, children: tuple[int, ...]) -> int:
        if len(set(children)) == 1:
            return children[0]
        known = self._ids.get((fact, children))
        if known is not None:
            return known
        parts = [self.nodes[child] for child in dict.fromkeys(children)]
        support = 1 << fact
        for part in parts:
            support |= part.support
        common = tuple(
            places[0] if all(place == places[0] for place in places[1:]) else VARIES
            for places in zip(*(part.common for part in parts), strict=True)
        )
        return self._add((fact, children), Node(fact, children, support, common))

    def _add(self, key: tuple[int, Outcome], node: Node) -> int:
        self._ids[key] = len(self.nodes)
        self.nodes.append(node)
        return len(self.nodes) - 1
