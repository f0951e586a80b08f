"""Reading what is known of people and households, by the registry of fact types."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from shanzhi.base.clock import BEIJING, now
from shanzhi.journal.tables import run
from shanzhi.packs import queries as packs
from shanzhi.residents.fact import FactType, Known, SourceSpec, Value, known
from shanzhi.residents.models import FactConflict, FactTypeRow, FactValue, Person

SECTION = "facts"
COLUMNS = ("id", "subject", "key", "value", "source", "trust", "at", "valid_from", "valid_to")

# Values of a person and of the households to which he belongs now.
OF = """SELECT f.id::text, m.person::text, f.key, f.value, f.source, f.trust, f.at, f.valid_from, f.valid_to,
        EXISTS (SELECT 1 FROM residents_factconflict c
                WHERE c.subject = f.subject AND c.key = f.key AND c.settled_at IS NULL)
    FROM (SELECT p AS subject, p AS person FROM unnest(%s::uuid[]) p
          UNION ALL
          SELECT household_id, person_id FROM residents_member WHERE person_id = ANY(%s) AND until IS NULL) m
    JOIN residents_factvalue f ON f.subject = m.subject WHERE f.key = ANY(%s)"""


def types() -> Mapping[str, FactType]:
    """The fact types in force, by key, in the order of the pack's registry."""
    return _registry(packs.version(SECTION))[0]


def sources() -> Mapping[str, SourceSpec]:
    """The sources in force, by key."""
    return _registry(packs.version(SECTION))[1]


@lru_cache(maxsize=2)
def _registry(pack: int) -> tuple[Mapping[str, FactType], Mapping[str, SourceSpec]]:
    rows = list(FactTypeRow.objects.filter(open=True).order_by("key"))
    found = {
        kind: {row.key.partition(":")[2]: model.model_validate(row.body) for row in rows if row.kind == kind}
        for kind, model in (("type", FactType), ("source", SourceSpec))
    }
    return MappingProxyType(found["type"]), MappingProxyType(found["source"])  # type: ignore[arg-type]


def today() -> date:
    return now().astimezone(BEIJING).date()


def behind(keys: Iterable[str], registry: Mapping[str, FactType]) -> set[str]:
    """The facts that must be read to know these: a computed one is read as what it is counted from."""
    return {registry[key].since or key for key in keys if key in registry}


def of(person: UUID, keys: Collection[str], *, day: date | None = None) -> dict[str, Known]:
    """What is known of a person, and of his household, for some facts: one statement."""
    return of_many([person], keys, day=day).get(person, {})


def of_many(
    people: Collection[UUID], keys: Collection[str], *, day: date | None = None
) -> dict[UUID, dict[str, Known]]:
    """The same for many people, in one statement; whoever nothing is known of is left out."""
    registry, wanted = types(), list(people)
    rows = run(OF, [wanted, wanted, list(behind(keys, registry))])
    values: dict[UUID, list[Value]] = {}
    disputed: set[tuple[UUID, str]] = set()
    for id_, person, key, *rest, contested in rows:
        subject = UUID(person)
        values.setdefault(subject, []).append(Value(UUID(id_), subject, key, *rest))
        if contested:
            disputed.add((subject, key))
    found = {one: known(registry, listed, day or today(), disputed) for one, listed in values.items()}
    return {one: {key: fact for key, fact in facts.items() if key in keys} for one, facts in found.items()}


def by_ids(ids: Collection[UUID]) -> dict[UUID, Value]:
    """Values as they were kept, for whoever looks again at a decision."""
    rows = FactValue.objects.filter(pk__in=list(ids)).values(*COLUMNS)
    return {row["id"]: Value(**row) for row in rows}


# Subjects of facts with the people they speak of: each person himself, and the members of each household.
SUBJECTS = """WITH s AS (SELECT id AS subject, id AS person FROM residents_person
    UNION ALL SELECT household_id, person_id FROM residents_member WHERE until IS NULL)"""
PEOPLE = f"""{SUBJECTS} SELECT DISTINCT s.person FROM residents_factvalue f JOIN s ON s.subject = f.subject
    WHERE f.key = ANY(%s) ORDER BY s.person"""


def people_of(keys: Collection[str]) -> list[UUID]:
    """Everybody of whom one of these facts is known, in steady order."""
    return [person for (person,) in run(PEOPLE, [list(keys)])]


def relatives(person: UUID) -> dict[UUID, str]:
    """Those who belong to a household with somebody now, each with his relation to its head; himself left out."""
    sql = """SELECT o.person_id, o.relation FROM residents_member m
        JOIN residents_member o ON o.household_id = m.household_id AND o.until IS NULL
        WHERE m.person_id = %s AND m.until IS NULL AND o.person_id <> %s ORDER BY o.id"""
    return dict(run(sql, [person, person]))


def accounts_of(people: Collection[UUID]) -> dict[UUID, int]:
    """The accounts of people who have one."""
    rows = Person.objects.filter(pk__in=list(people), account__isnull=False)
    return {pk: account for pk, account in rows.values_list("pk", "account_id")}


def conflicts(limit: int = 100) -> list[dict[str, Any]]:
    """Open conflicts, the oldest first: which fact, and which sources say what."""
    rows: Any = FactConflict.objects.filter(settled_at=None).order_by("at")
    columns = ("id", "subject", "key", "at", "one__source", "one__value", "other__source", "other__value")
    return list(rows.values(*columns)[:limit])
