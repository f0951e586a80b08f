"""Running a rule: true, false or unknown, with the facts still missing that could change the answer.

Exact for missing facts: an answer is unknown only if two ways of completing the facts give different answers,
and a fact is missing only if some completion of the others makes it matter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Any

from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.rules.conditions import atoms
from shanzhi.rules.diagram import VARIES, Diagram, Machine, Spans
from shanzhi.rules.domains import Domain, domain
from shanzhi.rules.facts import FactError, Title
from shanzhi.rules.machines import Column, Table, Tree
from shanzhi.rules.reading import Reading, read
from shanzhi.rules.schema import Otherwise, Row, RuleSpec

REMEMBERED = 50_000
UNKNOWN = -1
Key = tuple[int | tuple[int, int], ...]
"""For each fact its class, UNKNOWN, or, where only bounds are known, the lowest and highest of its classes."""


class BadRule(Invalid):
    """A rule with cells that cannot be read."""

    code = "bad_rule"
    default = gettext_noop("The rule %(rule)s cannot be read")


class BadFacts(Invalid):
    """Facts of a type or value that they cannot have."""

    code = "bad_facts"
    default = gettext_noop("Some facts are not as the rule %(rule)s expects them")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule says.

    truth    True, False, or None (unknown). For a table: whether a row, or its otherwise, decides.
    certain  the truth that is certain although outputs are not: a row will decide, whichever it is.
    outputs  what follows; for an unknown answer those outputs that are certain all the same. What a formula
             gives is computed by `running.run`; here it is the formula.
    missing  the unknown facts that could change the answer, in the order in which the rule declares them.
    rows     the rows (leaves of an expression) that decide, from 1; 0 is otherwise. Where missing facts cannot
             change the outputs, or the answer is unknown, every row that may turn out to be the one.
    basis    the law or notice behind the rows that decide; of the rule where a row names none of its own.
    """

    truth: bool | None
    certain: bool | None
    outputs: Mapping[str, Any]
    missing: tuple[str, ...]
    rows: tuple[int, ...]
    reasons: tuple[Title, ...]
    basis: tuple[str, ...]
    rule: str
    version: int

    @property
    def ref(self) -> str:
        """`responsibility@3`, for journals and cases."""
        return f"{self.rule}@{self.version}"


class Rule:
    """A rule made ready to run; it may be shared by threads."""

    def __init__(self, spec: RuleSpec, reading: Reading | None = None) -> None:
        self.spec = spec
        self.id = spec.id
        self.version = spec.version
        self.reading = reading or read(spec)
        if self.reading.findings:
            errors = [FieldError(".".join(map(str, f.path)), f.message) for f in self.reading.findings]
            raise BadRule(rule=spec.id, errors=errors)
        self.names = tuple(spec.facts)
        self.places = {name: i for i, name in enumerate(self.names)}
        self.derivations = self.reading.derivations
        self.domains = self._domains()
        self.locators: list[tuple[str, Callable[[Any], int]]] = [
            (name, each.locate) for name, each in zip(self.names, self.domains, strict=True)
        ]
        self.members = {
            group: {name: domain(fact, ()).locate for name, fact in members.facts.items()}
            for group, members in spec.groups.items()
        }
        self.answers: dict[Key, Answer] = {}
        self._parts: list[Any] = self.reading.leaves() or [*spec.rows, spec.otherwise or Otherwise()]
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        """Forgets all that was computed."""
        self.machine: Table | Tree = self._machine()
        self.diagram = Diagram(self.machine, self.id, places=self.places)
        self.answers = {}

    def decide(self, key: Key) -> Answer:
        """The answer for the classes of the facts, remembered."""
        with self._lock:
            if len(self.answers) >= REMEMBERED or self.diagram.full:
                self.reset()
            answer = self.answers[key] = self._decide(key)
        return answer

    def _domains(self) -> list[Domain]:
        constants: dict[str, list[Any]] = {name: [] for name in self.names}
        for _, fact, condition in self.reading.conditions():
            constants[fact] += atoms(condition)
        domains, errors = [], []
        for name, spec in self.spec.facts.items():
            try:
                domains.append(domain(spec, constants[name]))
            except FactError as error:
                errors.append(FieldError(f"facts.{name}", str(error)))
        if errors:
            raise BadRule(rule=self.id, errors=errors)
        return domains

    def _machine(self) -> Table | Tree:
        places = self.places
        asked: list[list[tuple[int, Any]]] = [[] for _ in self.names]
        for number, fact, condition in self.reading.conditions():
            asked[places[fact]].append((number, condition))
        every = (1 << len(self.reading.rows)) - 1
        columns = [
            Column(each, conditions, every & ~sum(1 << number for number, _ in conditions))
            for each, conditions in zip(self.domains, asked, strict=True)
        ]
        if self.reading.expression is None:
            return Table(columns, self.reading.outcomes, self.spec.policy)
        fact_of = [places[leaf.fact] for leaf in self.reading.leaves()]
        return Tree(columns, self.reading.expression, fact_of)

    def nodes(self, keys: Sequence[Key]) -> tuple[Diagram, list[int]]:
        """A diagram and its nodes for the classes of facts: what can still follow from each."""
        with self._lock:
            if self.diagram.full:
                self.reset()
            return self.diagram, [self._node(key)[0] for key in keys]

    def _node(self, key: Key) -> tuple[int, int, int]:
        """The number of the node, the rows (bits) that may decide, the facts (bits) not wholly known."""
        machine: Machine = self.machine
        state: Any = machine.start
        unknown = open_ = 0
        spans: Spans = ()
        for fact, index in enumerate(key):
            low, high = index if isinstance(index, tuple) else (index, index)
            if low == high != UNKNOWN:
                state = machine.step(state, fact, low)
                unknown |= isinstance(index, tuple) << fact
                continue
            unknown |= 1 << fact
            open_ |= 1 << fact
            if low != UNKNOWN:
                spans += ((fact, low, high),)
        number, rows = self.diagram.reach(state, open_, spans)
        return number, rows, unknown

    def _decide(self, key: Key) -> Answer:
        number, rows, unknown = self._node(key)
        node = self.diagram.nodes[number]
        if isinstance(self.machine, Tree):
            rows = self._deciding(self.machine, key)
        support = node.support & unknown
        known = not support
        truth, *values = node.common
        outputs = {
            n: v for n, v in zip(self.spec.outputs, values, strict=True) if v is not VARIES and v is not None
        }
        reasons, basis = self._why(rows) if known else ((), ())
        return Answer(
            truth=truth if known else None,
            certain=None if truth is VARIES else truth,
            outputs=MappingProxyType(outputs),
            missing=tuple(name for i, name in enumerate(self.names) if support >> i & 1),
            rows=self._numbers(rows),
            reasons=reasons,
            basis=basis,
            rule=self.id,
            version=self.version,
        )

    def _deciding(self, tree: Tree, key: Key) -> int:
        """The leaves that decide an expression: none while it is unknown."""
        bits = known = 0
        for fact, index in enumerate(key):
            low, high = index if isinstance(index, tuple) else (index, index)
            if low == high != UNKNOWN:
                known |= 1 << fact
                bits |= tree.columns[fact][low]
        return tree.deciding(tree.start, bits, known)

    def _numbers(self, rows: int) -> tuple[int, ...]:
        count = len(self.reading.rows)
        numbers = [i + 1 for i in _bits(rows)]
        if self.reading.expression is None and rows >> count & 1:
            numbers = [*numbers[:-1], *([0] if self.spec.otherwise else [])]
        return tuple(numbers)

    def _why(self, rows: int) -> tuple[tuple[Title, ...], tuple[str, ...]]:
        """Reasons and bases of rows or leaves, without repetition."""
        found: list[Row] = [self._parts[i] for i in _bits(rows)]
        reasons = dict.fromkeys(part.reason for part in found if part.reason)
        own = str(self.spec.source)
        basis = dict.fromkeys(part.basis or own for part in found) or {own: None}
        return tuple(reasons), tuple(basis)


def _bits(rows: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while rows:
        lowest = rows & -rows
        yield lowest.bit_length() - 1
        rows ^= lowest


def compile_rule(spec: RuleSpec) -> Rule:
    """A rule ready to run. Raises BadRule naming each cell that cannot be read."""
    return Rule(spec)


def evaluate(rule: Rule, facts: Mapping[str, Any]) -> Answer:
    """What the rule says for these facts; facts it does not ask are ignored, None means unknown.

    Values are typed (`RuleSpec.read` makes them from JSON). Raises BadFacts naming each value that is not.
    """
    given = facts.get
    try:
        key = tuple(
            [UNKNOWN if (value := given(name)) is None else locate(value) for name, locate in rule.locators]
        )
    except FactError:
        raise _bad_facts(rule, facts) from None
    answer = rule.answers.get(key)
    return rule.decide(key) if answer is None else answer


def _bad_facts(rule: Rule, facts: Mapping[str, Any]) -> BadFacts:
    errors = []
    for name, locate in rule.locators:
        try:
            if facts.get(name) is not None:
                locate(facts[name])
        except FactError as error:
            errors.append(FieldError(name, str(error)))
    return BadFacts(rule=rule.id, errors=errors)
