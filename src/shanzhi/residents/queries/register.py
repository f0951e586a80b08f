"""The whole register in columns: what authoritative sources say of everybody on a day, one statement for each fact.

The same as `facts.of_many` says person by person, for rules that are run over everybody (政策找人).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from shanzhi.journal.tables import run
from shanzhi.residents.fact import AUTHORITATIVE, FactType, years
from shanzhi.residents.queries import facts
from shanzhi.rules.facts import FactError

VALUES = f"""{facts.SUBJECTS}, asked AS (
        SELECT %s::text AS key, %s::date AS day, %s::int AS age, %s::int AS trust, %s::text[] AS sources)
    SELECT DISTINCT ON (s.person) s.person, f.value::text
    FROM asked a JOIN residents_factvalue f ON f.key = a.key JOIN s ON s.subject = f.subject
    WHERE f.trust >= a.trust AND (f.valid_from IS NULL OR f.valid_from <= a.day)
        AND (f.valid_to IS NULL OR f.valid_to >= a.day)
        AND (f.at AT TIME ZONE 'Asia/Shanghai')::date <= a.day
        AND (a.age IS NULL OR a.day - (f.at AT TIME ZONE 'Asia/Shanghai')::date <= a.age)
    ORDER BY s.person, f.trust DESC, coalesce(array_position(a.sources, f.source), 1000), f.at DESC"""
DISPUTED = f"""{facts.SUBJECTS} SELECT s.person FROM residents_factconflict c JOIN s ON s.subject = c.subject
    WHERE c.key = %s AND c.settled_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Register:
    """Everybody of whom something is known about some facts, in steady order; by fact who has which value."""

    people: Sequence[UUID]
    columns: dict[str, dict[UUID, Any]]

    def of(self, person: UUID) -> dict[str, Any]:
        """What is known of one of them."""
        return {key: column[person] for key, column in self.columns.items() if person in column}


def register(keys: Collection[str], day: date) -> Register:
    """What authoritative sources say of everybody about some facts on a day."""
    types = facts.types()
    wanted = {key: types[key] for key in keys if key in types}
    sources = sorted(facts.behind(wanted, types))
    people = facts.people_of(sources)
    read = {key: _column(key, types[key], day) for key in sources}
    columns = {
        key: _counted(type_, read[type_.since], day) if type_.since else read[key]
        for key, type_ in wanted.items()
    }
    return Register(people, columns)


def _column(key: str, type_: FactType, day: date) -> dict[UUID, Any]:
    disputed = {person for (person,) in run(DISPUTED, [key])}
    given = [key, day, type_.max_age, AUTHORITATIVE, list(type_.sources)]
    known: dict[str, Any] = {}
    found = {}
    for person, text in run(VALUES, given):
        if text not in known:
            known[text] = _typed(type_, text)
        if known[text] is not None and person not in disputed:
            found[person] = known[text]
    return found


def _typed(type_: FactType, text: str) -> Any:
    """A value in its type; None for one that its type does not know any more."""
    try:
        return type_.read(orjson.loads(text))
    except FactError:
        return None


def _counted(type_: FactType, since: dict[UUID, Any], day: date) -> dict[UUID, Any]:
    """The whole years since a date; within what the fact can be."""
    ages = {start: years(start, day) for start in set(since.values()) if start <= day}
    return {person: ages[start] for person, start in since.items() if start in ages}
