"""Keeping facts: new rows only, each with its source; the journal knows which fact of whom, never its value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.journal.actions import append
from shanzhi.journal.tables import Insert, write
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.residents.fact import AUTHORITATIVE, MODEL, RECOGNISED, FactType, Value, contradicts, plain
from shanzhi.residents.models import FactConflict, FactValue, Household, Member
from shanzhi.residents.queries import facts as queries
from shanzhi.rules.facts import FactError

TABLE = "residents_factvalue"
COLUMNS = (
    "id", "subject", "key", "value", "source", "trust", "valid_from", "valid_to", "evidence", "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """A value that somebody gives: which fact, what, and for which days it holds."""

    key: str
    value: Any
    valid_from: date | None = None
    valid_to: date | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


def rows(subject: UUID, given: Sequence[Given], source: str, *, at: datetime) -> list[dict[str, Any]]:
    """The rows of values from one source, checked against the registry; raises Invalid for what it does not know."""
    registry, trust = queries.types(), _trust(source)
    made, errors = [], []
    for one in given:
        try:
            value = _checked(registry, one)
        except FactError as error:
            errors.append(FieldError(one.key, str(error)))
            continue
        made.append(
            {
                "id": str(new_id()), "subject": str(subject), "key": one.key, "value": value, "source": source,
                "trust": trust, "valid_from": one.valid_from and str(one.valid_from),
                "valid_to": one.valid_to and str(one.valid_to), "evidence": dict(one.evidence),
                "at": at.isoformat(),
            }
        )  # fmt: skip
    if errors:
        raise Invalid(errors=errors)
    return made


def _trust(source: str) -> int:
    found = queries.sources().get(source)
    if found is None:
        raise Invalid(gettext_noop("There is no source %(source)s"), source=source)
    return min(found.trust, MODEL) if source == RECOGNISED else found.trust


def _checked(registry: Mapping[str, FactType], one: Given) -> Any:
    type_ = registry.get(one.key)
    if type_ is None or type_.since is not None:
        raise FactError(f"there is no fact {one.key} that could be kept")
    return plain(type_.read(one.value))


def insert(made: Sequence[dict[str, Any]]) -> Insert:
    """Rows of `rows` as a part of a statement."""
    return Insert(TABLE, COLUMNS, made)


@transaction.atomic
def keep(
    actor: Actor, subject: UUID, given: Sequence[Given], *, source: str, at: datetime | None = None
) -> list[UUID]:
    """Keeps values from a source; what contradicts another authoritative source becomes a conflict to settle.

    Raises Denied unless the platform, a client for exchange or somebody with `person.edit` gives them.
    """
    if actor.kind != "system" and not scope(actor, "person.edit"):
        raise Denied(right="person.edit")
    when = at or now()
    made = rows(subject, given, source, at=when)
    earlier = _earlier(subject, [row["key"] for row in made])
    write([insert(made)])
    if made and made[0]["trust"] >= AUTHORITATIVE:
        for row in made:
            _contest(subject, row, earlier.get(row["key"], []), when)
    data = {"subject": str(subject), "source": source, "keys": sorted({row["key"] for row in made})}
    append(actor.ref, subject, "facts.kept", data, at=when)
    return [UUID(row["id"]) for row in made]


def _earlier(subject: UUID, keys: Sequence[str]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for row in FactValue.objects.filter(subject=subject, key__in=keys).values(*queries.COLUMNS):
        found.setdefault(row["key"], []).append(Value(**row))
    return found


def _contest(subject: UUID, row: Mapping[str, Any], others: Sequence[Value], at: datetime) -> None:
    type_ = queries.types()[row["key"]]
    new = Value(UUID(row["id"]), subject, row["key"], row["value"], row["source"], row["trust"], at)
    other = contradicts(type_, new, others, at.astimezone(BEIJING).date())
    if other is not None:
        FactConflict.objects.get_or_create(
            subject=subject,
            key=row["key"],
            settled_at=None,
            defaults={"one_id": other.id, "other_id": new.id, "at": at},
        )


@transaction.atomic
def settle(actor: Actor, conflict: int, *, words: str, at: datetime | None = None) -> None:
    """Somebody has found out which source is right, and says how; the wrong one is corrected at its source."""
    if not scope(actor, "person.edit"):
        raise Denied(right="person.edit")
    found = FactConflict.objects.select_for_update().filter(pk=conflict).first()
    if found is None:
        raise NotFound()
    if found.settled_at is not None:
        raise Conflict(gettext_noop("This is settled already"))
    if not words.strip():
        raise Invalid(errors=[FieldError("words", gettext_noop("This is needed"))])
    found.settled_at, found.settled_by, found.words = at or now(), actor.ref, words.strip()
    found.save()
    append(actor.ref, found.subject, "facts.settled", {"subject": str(found.subject), "key": found.key})


@transaction.atomic
def read_for(
    actor: Actor, person: UUID, keys: Sequence[str], *, purpose: str, case: UUID | None = None
) -> dict[str, Any]:
    """What is known of somebody else, for a purpose: each reading is an entry (`facts.read`).

    The caller has checked that the actor works on the case.
    """
    data = {
        "subject": str(person), "keys": sorted(keys), "purpose": purpose, "case": str(case) if case else None
    }  # fmt: skip
    append(actor.ref, person, "facts.read", data)
    return queries.of(person, list(keys))


@transaction.atomic
def household(actor: Actor, members: Mapping[UUID, str], *, since: date | None = None) -> UUID:
    """A household of these people, each with his relation to the head (本人、配偶、子女…)."""
    if actor.kind != "system" and not scope(actor, "person.edit"):
        raise Denied(right="person.edit")
    made = Household.objects.create(id=new_id())
    Member.objects.bulk_create(
        Member(household=made, person_id=person, relation=relation, since=since)
        for person, relation in members.items()
    )
    append(actor.ref, made.pk, "household.formed", {"members": sorted(str(one) for one in members)})
    return made.pk
