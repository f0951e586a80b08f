"""A rule over a whole population (政策找人, 试算) in memory: one bit for each person, true, false or unknown.

Each fact is a column of numbers of its distinct values. A rule looks at each distinct value once; then the automaton
(`automaton.py`) runs for all people at once, its states being bitmaps: a million decisions are a few operations on
125 kB. Exact for missing facts, like `run`; a value that the rule does not allow counts as unknown.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shanzhi.rules.automaton import Level, automaton
from shanzhi.rules.domains import Domain, Line, Steps
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.facts import FactError
from shanzhi.rules.formula import Formula
from shanzhi.rules.sql import verdict_of

Bits = NDArray[np.uint8]
REMEMBERED = 256


@dataclass(frozen=True)
class Column:
    """A fact of everybody: its distinct values, in order where they have one; for each person the number of his
    value, from 1; 0 is unknown."""

    values: Sequence[Any]
    numbers: NDArray[Any]

    @classmethod
    def of(cls, values: Sequence[Any], numbers: NDArray[np.int32]) -> "Column":
        """Sorts the values if they can be."""
        if isinstance(next(iter(values), None), frozenset):
            return cls(values, numbers)
        order = sorted(range(len(values)), key=values.__getitem__)
        renumbered = np.zeros(len(values) + 1, np.min_scalar_type(len(values)))
        renumbered[np.array(order, np.intp) + 1] = np.arange(1, len(values) + 1)
        return cls([values[i] for i in order], renumbered[numbers])


class Population:
    """The facts of many people, in one order."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.columns: dict[str, Column] = {}
        self._bitmaps: OrderedDict[tuple[str, bytes], list[Bits]] = OrderedDict()

    def add(self, name: str, values: Iterable[Hashable]) -> None:
        """A fact of everybody; None where it is unknown."""
        known: dict[Any, int] = {None: 0}
        numbers = np.fromiter((known.setdefault(each, len(known)) for each in values), np.int32, self.size)
        self.columns[name] = Column.of(list(known)[1:], numbers)

    def coded(self, name: str, values: Sequence[Any], numbers: NDArray[np.int32]) -> None:
        """A fact whose values are numbered already, from 1."""
        self.columns[name] = Column.of(values, numbers)

    def computed(self, rule: Rule, fact: str, formula: Formula, on: date) -> str:
        """The name of a column with what a formula over one fact gives as of a day; empty without its fact."""
        if len(formula.facts) != 1 or formula.facts[0] not in self.columns:
            return ""
        whole = rule.spec.facts[fact].type == "int"
        limits = rule.spec.facts[formula.facts[0]]
        name = f"{formula.text} {on} {whole} {limits.min} {limits.max}"
        if name not in self.columns:
            source = self.columns[formula.facts[0]]
            known: dict[Any, int] = {None: 0}
            domain = rule.domains[rule.places[formula.facts[0]]]
            said = (_value(formula, v, on, whole) if _allowed(domain, v) else None for v in source.values)
            numbers = [0, *(known.setdefault(value, len(known)) for value in said)]
            self.columns[name] = Column.of(list(known)[1:], np.array(numbers, np.int32)[source.numbers])
        return name

    def bitmaps(self, name: str, places: bytes) -> list[Bits]:
        """Who has a value in each place, when `places` gives for each value (and unknown) its place."""
        key = (name, places)
        if key in self._bitmaps:
            self._bitmaps.move_to_end(key)
            return self._bitmaps[key]
        at = np.frombuffer(places, np.uint16)
        found = at[self.columns[name].numbers]
        made = self._bitmaps[key] = [np.packbits(found == place) for place in range(int(at.max()) + 1)]
        if len(self._bitmaps) > REMEMBERED:
            self._bitmaps.popitem(last=False)
        return made

    def nobody(self) -> Bits:
        return np.zeros((self.size + 7) // 8, np.uint8)

    def everybody(self) -> Bits:
        return np.packbits(np.ones(self.size, np.bool_))


@dataclass(frozen=True)
class Decided:
    """Of whom a rule is true, of whom false; of all others it is unknown."""

    size: int
    true: Bits
    false: Bits

    def counts(self) -> tuple[int, int, int]:
        """How many are true, false, unknown."""
        yes, no = (int(np.bitwise_count(bits).sum()) for bits in (self.true, self.false))
        return yes, no, self.size - yes - no

    def who(self, verdict: bool | None) -> NDArray[np.intp]:
        """The places of those with a verdict, from 0."""
        bits = ~(self.true | self.false) if verdict is None else self.true if verdict else self.false
        return np.flatnonzero(np.unpackbits(bits, count=self.size))


def decide(rule: Rule, population: Population, on: date) -> Decided:
    """What a version of a rule says of everybody as of a day. A fact without a column is unknown. Raises TooComplex."""
    found = automaton(rule, verdict_of(rule))
    states = {0: population.everybody()}
    for level in found.levels:
        classes = _classes(rule, level, population, on)
        following: dict[int, Bits] = {}
        for state, people in states.items():
            for place, target in enumerate(level.rows[state]):
                if place >= len(classes):
                    break
                here = people & classes[place]
                if target in following:
                    following[target] |= here
                else:
                    following[target] = here
        states = {state: people for state, people in following.items() if people.any()}
    said = {True: population.nobody(), False: population.nobody()}
    for state, people in states.items():
        if (verdict := found.outcomes[state]) is not None:
            said[verdict] |= people
    return Decided(population.size, said[True], said[False])


def _classes(rule: Rule, level: Level, population: Population, on: date) -> list[Bits]:
    """Who is unknown, and who is in each class of the level's fact."""
    name = rule.names[level.fact]
    derivation = rule.derivations.get(name)
    if name not in population.columns and isinstance(derivation, Formula):
        name = population.computed(rule, name, derivation, on)
    if name not in population.columns:
        return [population.everybody()]
    values = population.columns[name].values
    return population.bitmaps(name, _places(rule.domains[level.fact], level, values))


def _places(domain: Domain, level: Level, values: Sequence[Any]) -> bytes:
    """The place of each value in the level, after that of unknown. Values in order are cut where classes end."""
    if not isinstance(domain, Steps | Line):
        return _packed([0, *(_place(domain, level, value) for value in values)])
    allowed = [value for value in (values[:1], values[-1:]) if value]
    if not allowed or not all(_allowed(domain, value) for [value] in allowed):
        return _packed([0, *(_place(domain, level, value) for value in values)])
    places, begun = [0], 0
    for index in range(domain.size):
        end = bisect_right(values, index, lo=begun, key=domain.locate)
        places += [level.positions[index]] * (end - begun)
        begun = end
    return _packed(places)


def _packed(places: list[int]) -> bytes:
    return np.array(places, np.uint16).tobytes()


def _allowed(domain: Domain, value: Any) -> bool:
    try:
        return domain.locate(value) >= 0
    except FactError:
        return False


def _place(domain: Domain, level: Level, value: Any) -> int:
    """The place of a value; 0 for one that the rule does not allow."""
    try:
        return level.positions[domain.locate(value)]
    except FactError:
        return 0


def _value(formula: Formula, value: Any, on: date, whole: bool) -> Any:
    """What a formula gives for a value; None where it cannot."""
    try:
        low, _ = formula.bounds(lambda _: (value, value), on)
    except (FactError, ArithmeticError):
        return None
    return int(low) if whole else low
