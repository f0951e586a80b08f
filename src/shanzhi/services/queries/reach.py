"""Whom a rule reaches in the whole register (政策找人, 试算): how many, where they live, what it costs a month.

By bitmaps, or person by person where the rule reckons over groups.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shanzhi.base.clock import BEIJING
from shanzhi.residents.fact import Known
from shanzhi.residents.queries import facts
from shanzhi.residents.queries.register import Register, register
from shanzhi.rules.diagram import TooComplex
from shanzhi.rules.evaluate import Rule, evaluate
from shanzhi.rules.population import Population, decide
from shanzhi.rules.running import verdict
from shanzhi.services.models import Application, NoLetters
from shanzhi.services.review import told

CHUNK = 5_000
PLACES = ("dwells", "hukou")
AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Reached:
    """Everybody whom a rule says yes of on a day, with the amount where it names one; how many were looked at."""

    looked_at: int
    amounts: Mapping[UUID, Decimal | None]

    @property
    def sum(self) -> Decimal:
        return sum((one for one in self.amounts.values() if one is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a policy would do before it is issued: `fresh` would be found, `served` have it or have applied, `refused`
    want no letters; by place (community or street) how many qualify, how many are fresh, what it costs a month.

    `before` is the same under the rule in force today, where another day was asked about; `gain` and `lose` are those
    who qualify under only one of the two.
    """

    day: date
    rule: str
    looked_at: int
    qualify: int
    fresh: int
    served: int
    refused: int
    budget: Decimal
    budget_fresh: Decimal
    places: Sequence[tuple[str, int, int, Decimal]]
    before: Reached | None = None
    gain: int = 0
    lose: int = 0


@dataclass(slots=True)
class _Place:
    qualify: int = 0
    fresh: int = 0
    budget: Decimal = field(default_factory=Decimal)


def reached(rule: Rule, day: date) -> Reached:
    """Everybody of whom a rule says yes on a day, on authoritative facts alone."""
    if rule.derivations:
        return one_by_one(rule, day)
    found = register(rule.names, day)
    try:
        yes = _by_bitmaps(rule, found, day)
    except TooComplex:
        return one_by_one(rule, day)
    amounts = {person: _amount(evaluate(rule, found.of(person)).outputs) for person in yes}
    return Reached(len(found.people), amounts)


def _by_bitmaps(rule: Rule, found: Register, day: date) -> list[UUID]:
    population = Population(len(found.people))
    for key, column in found.columns.items():
        population.add(key, (column.get(person) for person in found.people))
    return [found.people[place] for place in decide(rule, population, day).who(True)]


def one_by_one(rule: Rule, day: date) -> Reached:
    """The same person by person, in parts; what the bitmaps are compared with."""
    looked_at, amounts = 0, dict[UUID, Decimal | None]()
    for people in _chunks(rule):
        looked_at += len(people)
        keys = (*rule.names, *rule.spec.groups)
        known = facts.of_many(people, keys, day=day)
        for person in people:
            sure = {key: one for key, one in known.get(person, {}).items() if one.authoritative}
            outputs = _yes(rule, sure, day)
            if outputs is not None:
                amounts[person] = _amount(outputs)
    return Reached(looked_at, amounts)


def _yes(rule: Rule, known: Mapping[str, Known], day: date) -> Mapping[str, Any] | None:
    """What follows where a rule says yes for certain."""
    answer = told(rule, known, day)
    return answer.outputs if answer is not None and verdict(rule, answer) is True else None


def _chunks(rule: Rule) -> Iterator[Sequence[UUID]]:
    """Everybody of whom something that the rule asks is known, in steady order."""
    people = facts.people_of(facts.behind((*rule.names, *rule.spec.groups), facts.types()))
    for start in range(0, len(people), CHUNK):
        yield people[start : start + CHUNK]


def _amount(outputs: Mapping[str, Any]) -> Decimal | None:
    value = outputs.get(AMOUNT)
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def standing(item: str, people: Collection[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Of these who has it, or has applied, already; and who wants no letters."""
    listed = list(people)
    served = Application.objects.filter(person__in=listed, item=item, verdict__in=("", "granted"))
    refused = NoLetters.objects.filter(person__in=listed)
    return set(served.values_list("person", flat=True)), set(refused.values_list("person", flat=True))


def previewed(item: str, rule: Rule, at: datetime, before: Rule | None = None) -> Preview:
    """What a policy would do as of a day; `before` is the rule in force, to be compared with."""
    day = at.astimezone(BEIJING).date()
    found = reached(rule, day)
    served, refused = standing(item, found.amounts)
    fresh = set(found.amounts) - served - refused
    old = reached(before, facts.today()) if before is not None else None
    return Preview(
        day=day, rule=f"{rule.id}@{rule.version}", looked_at=found.looked_at, qualify=len(found.amounts),
        fresh=len(fresh), served=len(served), refused=len(refused - served), budget=found.sum,
        budget_fresh=sum((found.amounts[one] or Decimal(0) for one in fresh), Decimal(0)),
        places=_places(found, fresh, day), before=old,
        gain=len(set(found.amounts) - set(old.amounts)) if old else 0,
        lose=len(set(old.amounts) - set(found.amounts)) if old else 0,
    )  # fmt: skip


def _places(found: Reached, fresh: set[UUID], day: date) -> list[tuple[str, int, int, Decimal]]:
    """By the community where they live, or the street where that is all that is known; most people first."""
    where = places_of(found.amounts, day)
    counted: dict[str, _Place] = {}
    for person, amount in found.amounts.items():
        place = counted.setdefault(where.get(person, ""), _Place())
        place.qualify += 1
        place.fresh += person in fresh
        place.budget += amount or 0
    rows = [(code, one.qualify, one.fresh, one.budget) for code, one in counted.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def places_of(people: Collection[UUID], day: date) -> dict[UUID, str]:
    """Where people live, or are registered, at most as near as their community."""
    columns = register(PLACES, day).columns
    found = {}
    for person in people:
        code = next((str(columns[key][person]) for key in PLACES if person in columns.get(key, {})), "")
        found[person] = code[:12]
    return found
