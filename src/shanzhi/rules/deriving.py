"""Facts that are computed (推导事实): formulas over other facts, and aggregates over the members of a group.

What is unknown stays unknown as narrowly as it can: `any`, `all` and `count` are exact for unknown members'
facts (all counts between the bounds do occur); `sum`, `min`, `max` and formulas are known by their bounds,
which are sound. Two aggregates are looked at apart: what only their connection would tell is not used.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor
from typing import Any

from shanzhi.rules.conditions import Condition, atoms, holds
from shanzhi.rules.conditions import parse as parse_cell
from shanzhi.rules.domains import domain
from shanzhi.rules.expression import Path
from shanzhi.rules.facts import FactError, FactSpec, Over
from shanzhi.rules.formula import ANY, Bounds, Formula, parse
from shanzhi.rules.given import Fact, Members
from shanzhi.rules.schema import Group, RuleSpec

Known = Mapping[str, Fact | Members]
Complain = Callable[[Path, str, str], None]


@dataclass(frozen=True, slots=True)
class Cell:
    """What `where` demands of one fact of a member; `can` and `can_not`: whether some value meets it, or fails."""

    condition: Condition
    can: bool
    can_not: bool


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate that was read."""

    group: str
    how: str
    of: str = ""
    limits: Bounds = ANY
    where: Mapping[str, Cell] = field(default_factory=dict)
    empty: Any = None

    @property
    def asks(self) -> tuple[str, ...]:
        """The facts of a member that it asks."""
        return tuple(dict.fromkeys([*self.where, *([self.of] if self.of else [])]))

    def bounds(self, members: Members) -> Bounds:
        """Between which limits it lies."""
        seen = [(*self._meets(row), self._value(row)) for row in members.rows]
        return AGGREGATES[self.how](self, seen, not members.complete)

    def unknown(self, members: Members) -> Iterator[str]:
        """The unknown facts of members that can still matter, as `members.2.income`; the group, if not complete."""
        for i, row in enumerate(members.rows):
            can, _ = self._meets(row)
            if can or self.how == "all":
                yield from (f"{self.group}.{i + 1}.{name}" for name in self.asks if plain(row, name) is None)
        if not members.complete:
            yield self.group

    def trust(self, members: Members) -> int:
        """The lowest trust among what it looks at."""
        asked = (row[name] for row in members.rows for name in self.asks if name in row)
        return min([members.trust, *(each.trust if isinstance(each, Fact) else 1 for each in asked)])

    def _meets(self, row: Mapping[str, Any]) -> tuple[bool, bool]:
        """Whether a member can meet the condition, and whether it can fail."""
        can, can_not = True, False
        for name, cell in self.where.items():
            value = plain(row, name)
            met = None if value is None else holds(cell.condition, value)
            can = can and (cell.can if met is None else met)
            can_not = can_not or (cell.can_not if met is None else not met)
        return can, can_not

    def _value(self, row: Mapping[str, Any]) -> Bounds:
        value = plain(row, self.of) if self.of else None
        return self.limits if value is None else (value, value)


Derivation = Formula | Aggregate
Seen = list[tuple[bool, bool, Bounds]]


def plain(row: Mapping[str, Any], name: str) -> Any:
    """The value of a member's fact; None while it is unknown."""
    value = row.get(name)
    return value.value if isinstance(value, Fact) else value


def derived(
    derivations: Mapping[str, Derivation], spec: RuleSpec, known: Known, day: date
) -> dict[str, Bounds]:
    """The bounds of all computed facts that are not given themselves. Raises FactError."""
    found: dict[str, Bounds] = {}

    def of(name: str) -> Bounds:
        if name in found:
            return found[name]
        fact = known.get(name)
        return (
            (spec.facts[name].min, spec.facts[name].max) if not isinstance(fact, Fact) else (fact.value,) * 2
        )

    for name, derivation in derivations.items():
        if name not in known:
            bounds = (
                derivation.bounds(of, day)
                if isinstance(derivation, Formula)
                else derivation.bounds(members_of(known, derivation.group))
            )
            found[name] = _typed(spec.facts[name], bounds)
    return found


def members_of(known: Known, group: str) -> Members:
    """The members given; an open empty list while nothing is known of them."""
    members = known.get(group)
    return members if isinstance(members, Members) else Members((), complete=False)


def _typed(spec: FactSpec, bounds: Bounds) -> Bounds:
    """Bounds of whole numbers as whole numbers, inside of what the fact may be where they are not exact."""
    low, high = bounds
    if spec.type == "int":
        low = None if low is None else ceil(low)
        high = None if high is None else floor(high)
    if low is None or low != high:
        low = spec.min if low is None else low if spec.min is None else max(low, spec.min)
        high = spec.max if high is None else high if spec.max is None else min(high, spec.max)
    return low, high


def inputs(derivations: Mapping[str, Derivation], known: Known, name: str) -> Iterator[str]:
    """What must be asked to know a fact: itself, or the unknown facts that it is computed from."""
    derivation = derivations.get(name)
    if derivation is None:
        if name not in known:
            yield name
    elif isinstance(derivation, Aggregate):
        yield from derivation.unknown(members_of(known, derivation.group))
    elif name not in known:
        for each in derivation.facts:
            yield from inputs(derivations, known, each)


def read(spec: RuleSpec, complain: Complain) -> dict[str, Derivation]:
    """All computed facts in an order in which they can be computed; faults are told with their place."""
    found: dict[str, Derivation] = {}
    for name, fact in spec.facts.items():
        path: Path = ("facts", name)
        try:
            if fact.formula:
                found[name] = formula(spec, fact.formula, whole=fact.type == "int")
            elif fact.over:
                found[name] = _aggregate(spec.groups, fact, fact.over, path, complain)
        except FactError as error:
            complain((*path, "formula" if fact.formula else "over"), "type", str(error))
    return _ordered(found, complain)


def formula(spec: RuleSpec, text: str, *, whole: bool = False) -> Formula:
    """A formula over the facts of a rule. Raises FactError for what it cannot compute with."""
    read = parse(text)
    for name in read.facts:
        kind = spec.facts[name].type if name in spec.facts else ""
        if not kind:
            raise FactError(f"there is no fact {name!r}")
        if name in read.dates and kind != "date":
            raise FactError(f"{name} is no day")
        if name not in read.dates and kind not in ("int", "decimal"):
            raise FactError(f"{name} is no number")
    if whole and not read.whole(frozenset(n for n, fact in spec.facts.items() if fact.type == "int")):
        raise FactError(f"{text} need not be a whole number; round it, or floor it")
    return read


def _aggregate(
    groups: Mapping[str, Group], fact: FactSpec, over: Over, path: Path, complain: Complain
) -> Aggregate:
    if over.group not in groups:
        raise FactError(f"there is no group {over.group!r}")
    facts = groups[over.group].facts
    limits = ANY
    if over.of:
        if over.of not in facts or facts[over.of].type != fact.type:
            raise FactError(f"{over.group} have no {fact.type} {over.of!r}")
        limits = facts[over.of].min, facts[over.of].max
    where = {}
    for name, raw in over.where.items():
        try:
            if name not in facts:
                raise FactError(f"{over.group} have no fact {name!r}")
            condition = parse_cell(facts[name], raw)
            classes = domain(facts[name], list(atoms(condition)))
            met = {holds(condition, classes.sample(i)) for i in range(classes.size)}
            where[name] = Cell(condition, True in met, False in met)
        except FactError as error:
            complain((*path, "over", "where", name), "type", str(error))
    empty = None if over.empty is None else fact.one(over.empty)
    return Aggregate(over.group, over.how, over.of, limits, where, empty)


def _ordered(found: dict[str, Derivation], complain: Complain) -> dict[str, Derivation]:
    ordered: dict[str, Derivation] = {}
    left = dict(found)
    while left:
        ready = [
            name
            for name, each in left.items()
            if isinstance(each, Aggregate) or not any(fact in left for fact in each.facts)
        ]
        if not ready:
            complain(("facts", next(iter(left)), "formula"), "circle", f"{', '.join(left)} need each other")
            return ordered
        for name in ready:
            ordered[name] = left.pop(name)
    return ordered


def _count(_: Aggregate, seen: Seen, more: bool) -> Bounds:
    sure = sum(can and not can_not for can, can_not, _ in seen)
    return sure, None if more else sum(can for can, _, _ in seen)


def _any(_: Aggregate, seen: Seen, more: bool) -> Bounds:
    if any(can and not can_not for can, can_not, _ in seen):
        return True, True
    return ANY if more or any(can for can, _, _ in seen) else (False, False)


def _all(_: Aggregate, seen: Seen, more: bool) -> Bounds:
    if any(not can for can, _, _ in seen):
        return False, False
    return ANY if more or any(can_not for _, can_not, _ in seen) else (True, True)


def _sum(aggregate: Aggregate, seen: Seen, more: bool) -> Bounds:
    low: Any = 0
    high: Any = 0
    for can, can_not, (least, most) in seen:
        if can and can_not:
            least, most = (
                (least if least is None else min(least, 0)),
                (most if most is None else max(most, 0)),
            )
        if can:
            low = None if low is None or least is None else low + least
            high = None if high is None or most is None else high + most
    if more:
        least, most = aggregate.limits
        low = low if least is not None and least >= 0 else None
        high = high if most is not None and most <= 0 else None
    return low, high


def _extreme(aggregate: Aggregate, seen: Seen, more: bool) -> Bounds:
    """min and max: the near end is set by whoever may be meant, the far end by those who surely are."""
    near, far, pick, spread = (0, 1, min, max) if aggregate.how == "min" else (1, 0, max, min)
    sure = [bounds for can, can_not, bounds in seen if can and not can_not]
    maybe = [bounds for can, _, bounds in seen if can]
    nobody = [] if sure else [aggregate.empty]
    nears = [*(b[near] for b in maybe), *([aggregate.limits[near]] if more else []), *nobody]
    fars = [b[far] for b in sure if b[far] is not None]
    if not sure:
        fars = [*(b[far] for b in maybe), *([aggregate.limits[far]] if more else []), *nobody]
    first = None if None in nears else pick(nears)
    last = None if not fars or None in fars else pick(fars) if sure else spread(fars)
    return (first, last) if near == 0 else (last, first)


AGGREGATES: dict[str, Callable[[Aggregate, Seen, bool], Bounds]] = {
    "count": _count, "any": _any, "all": _all, "sum": _sum, "min": _extreme, "max": _extreme
}  # fmt: skip
