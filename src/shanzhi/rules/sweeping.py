"""Many rules for one person (政策匹配): which of two thousand items are for whom, in milliseconds.

Rules ask the same facts and divide them alike: each division of a fact is looked up once for all of them, and each
rule is then a walk through its automaton (`automaton.py`), exact for missing facts. Only a rule with a computed fact
that is known within bounds goes the long way of `running.answered`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shanzhi.rules.automaton import automaton
from shanzhi.rules.deriving import Derivation, derived
from shanzhi.rules.diagram import TooComplex
from shanzhi.rules.domains import Domain
from shanzhi.rules.evaluate import BadFacts, Rule
from shanzhi.rules.facts import FactError
from shanzhi.rules.formula import Formula
from shanzhi.rules.given import Fact, Given, Members, settled
from shanzhi.rules.running import answered, verdict
from shanzhi.rules.sql import verdict_of

UNSURE = -1


@dataclass(frozen=True)
class Division:
    """A fact as some rules divide it: its name, the classes, and how it is computed when it is not given."""

    name: str
    domain: Domain
    rule: Rule
    derivations: Mapping[str, Derivation]

    def place(self, known: Mapping[str, Fact | Members], on: date) -> int | None:
        """The class; None while unknown or where it cannot be, UNSURE where only bounds are known."""
        fact = known.get(self.name)
        try:
            if isinstance(fact, Fact):
                return self.domain.locate(fact.value)
            if not self.derivations:
                return None
            low, high = derived(self.derivations, self.rule.spec, known, on)[self.name]
            if low is not None and low == high:
                return self.domain.locate(low)
            return None if low is high is None else UNSURE
        except (FactError, ArithmeticError):
            return UNSURE


Step = tuple[int, Sequence[int], Sequence[Sequence[int]]]
"""The number of a division, the place in the table for each of its classes, and the table of the level."""


class Sweep:
    """Many rules made ready to be asked together."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = list(rules)
        self.divisions: list[Division] = []
        self._numbers: dict[tuple[Any, ...], int] = {}
        self.walks = [self._walk(rule) for rule in self.rules]

    def decide(self, given: Given, on: date) -> list[bool | None]:
        """The verdict of each rule for a person as of a day; None, too, where a fact cannot be what is given."""
        known = settled(given, on)
        places = [division.place(known, on) for division in self.divisions]
        return [
            self._long(rule, known, on)
            if walk is None or (found := _walked(walk, places)) == UNSURE
            else walk[1][found]
            for rule, walk in zip(self.rules, self.walks, strict=True)
        ]

    def _walk(self, rule: Rule) -> tuple[list[Step], tuple[bool | None, ...]] | None:
        try:
            found = automaton(rule, verdict_of(rule))
        except TooComplex:
            return None
        steps: list[Step] = []
        for level in found.levels:
            domain = rule.domains[level.fact]
            places = [level.positions[index] for index in range(domain.size)]
            steps.append((self._number(rule, rule.names[level.fact], domain), places, level.rows))
        return steps, found.outcomes

    def _number(self, rule: Rule, name: str, domain: Domain) -> int:
        """The number of a division, the same for all rules that divide a fact alike and compute it alike."""
        needed = {each: rule.derivations[each] for each in _chain(rule, name)}
        inputs = {n for each in needed.values() if isinstance(each, Formula) for n in each.facts} | set(
            needed
        )
        groups = {fact.over.group for n in needed if (fact := rule.spec.facts[n]).over}
        key = (
            name,
            type(domain).__name__,
            *(
                _frozen(getattr(domain, part, None))
                for part in ("values", "constants", "cuts", "low", "high", "closed")
            ),
            *(f"{n} {rule.spec.facts[n].model_dump_json()}" for n in sorted(inputs)),
            *(rule.spec.groups[group].model_dump_json() for group in sorted(groups)),
        )
        if key not in self._numbers:
            self._numbers[key] = len(self.divisions)
            self.divisions.append(Division(name, domain, rule, needed))
        return self._numbers[key]

    @staticmethod
    def _long(rule: Rule, known: Mapping[str, Fact | Members], on: date) -> bool | None:
        try:
            return verdict(rule, answered(rule, known, on))
        except BadFacts:
            return None


def _walked(walk: tuple[list[Step], Any], places: Sequence[int | None]) -> int:
    """The number of the outcome; UNSURE where a fact is known within bounds only."""
    state = 0
    for number, classes, rows in walk[0]:
        place = places[number]
        if place == UNSURE:
            return UNSURE
        state = rows[state][0 if place is None else classes[place]]
    return state


def _chain(rule: Rule, name: str) -> list[str]:
    """A computed fact and those it is computed from, in an order in which they can be."""
    wanted = {name}
    for each in reversed(rule.derivations):
        derivation = rule.derivations[each]
        if each in wanted and isinstance(derivation, Formula):
            wanted |= set(derivation.facts)
    return [each for each in rule.derivations if each in wanted]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
