"""Reading visits: what telephones take along, what is asked, and what leaders plan, with what is overdue."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from shanzhi.base.clock import BEIJING
from shanzhi.base.codes import span
from shanzhi.cases import queries as cases
from shanzhi.cases.state import State
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.posted import leaves_of
from shanzhi.orgs.queries import account_names, holders, scope
from shanzhi.patrol.models import Regular, Visit
from shanzhi.patrol.queries.kept import setting
from shanzhi.patrol.setting import VisitKind
from shanzhi.patrol.visiting import due_after
from shanzhi.places import queries as places
from shanzhi.residents.fact import FactType
from shanzhi.residents.queries import Masked, facts, masked

AHEAD = timedelta(days=7)  # visits that a telephone takes along before their day
SHOWN = 60
LISTED = 200
RIGHT = "visit.plan"
WORKER = "grid_worker"


def within(areas: Iterable[str]) -> Q:
    """Rows whose `area` lies in some areas."""
    parts = [Q(area__gte=low, area__lt=high) for low, high in map(span, areas)]
    return reduce(or_, parts) if parts else Q(pk__in=[])


def of_kind(key: str) -> VisitKind | None:
    """A kind of visit; none when the pack has it no more."""
    return setting().visits.get(key)


def grounds() -> dict[str, dict[str, Any]]:
    """The kinds of visits with purpose, legal ground and questions, as a telephone takes them along."""
    return {
        key: {
            "title": kind.title.model_dump(),
            "purpose": kind.purpose,
            "basis": kind.basis,
            "questions": questions(kind),
        }
        for key, kind in setting().visits.items()
    }


def questions(kind: VisitKind) -> list[dict[str, Any]]:
    """What is asked on a visit, in words; a fact that the registry has not is left out."""
    registry = facts.types()
    found = []
    for key, question in kind.questions.items():
        type_ = registry.get(question.fact) if question.fact else None
        if question.fact and type_ is None:
            continue
        title = question.title or (type_ and type_.title)
        told = title.model_dump() if title else {"zh": key, "en": key}
        values = [{"value": one, "title": _label(type_, one)} for one in type_.values] if type_ else []
        found.append(
            {"key": key, "title": told, "type": type_.type if type_ else question.type, "values": values}
        )
    return found


def _label(type_: FactType, value: str) -> dict[str, str]:
    label = type_.labels.get(value)
    return label.model_dump() if label else {"zh": value, "en": value}


def workers(area: str) -> dict[int, str]:
    """Who makes visits in an area today, by posting or for good, with those who stand in for somebody."""
    return account_names(holders(WORKER, area))


def visits(actor: Actor, areas: Sequence[str], at: datetime) -> list[dict[str, Any]]:
    """The visits to be made by an actor in some areas till a week from now; people masked.

    What was planned for a colleague is his, unless he is on leave: then it is for whoever works there.
    """
    today = at.astimezone(BEIJING).date()
    waiting = Visit.objects.filter(within(areas), closed_at=None, due__lte=today + AHEAD)
    others = waiting.exclude(worker=None).exclude(worker=actor.account).values_list("worker", flat=True)
    mine = Q(worker=None) | Q(worker=actor.account) | Q(worker__in=_away(set(others), today))
    rows = list(waiting.filter(mine).order_by("due", "case")[:SHOWN])
    states = cases.states_of([row.case for row in rows])
    rows = [row for row in rows if _open(actor, states.get(row.case))]
    people, last = masked({row.person for row in rows}), _last(rows)
    return [_visit(row, states[row.case], people.get(row.person), last) for row in rows]


def _away(workers: Collection[int | None], today: date) -> list[int]:
    """Who of some people is on leave on a day."""
    accounts = [one for one in workers if one is not None]
    leaves = leaves_of(accounts, today) if accounts else []
    return [one.account_id for one in leaves if one.first <= today]


def _open(actor: Actor, state: State | None) -> bool:
    return state is not None and bool(state["open"]) and cases.may_see(actor, state)


def _visit(
    row: Visit, state: State, person: Masked | None, last: Mapping[tuple[UUID, str], datetime]
) -> dict[str, Any]:
    return {
        "case": str(row.case),
        "kind": row.kind,
        "name": person.name if person else "",
        "phone": person.phone if person else "",
        "address": state["address"],
        "lon": state["lon"],
        "lat": state["lat"],
        "due": row.due,
        "last": last.get((row.person, row.kind)),
    }


def _last(rows: Sequence[Visit]) -> dict[tuple[UUID, str], datetime]:
    """When somebody was last met, by person and kind; in one statement."""
    met = Visit.objects.filter(person__in={row.person for row in rows}, met=True)
    found = met.values_list("person", "kind").annotate(last=Max("done_at"))
    return {(person, kind): at for person, kind, at in found if at is not None}


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned in somebody's areas: what is overdue, what waits, and who is on the list; how many there are."""

    overdue: list[dict[str, Any]]
    waiting: list[dict[str, Any]]
    regular: list[dict[str, Any]]
    n_overdue: int
    n_waiting: int
    n_regular: int


def planned(actor: Actor, today: date) -> Planned:
    """What whoever plans visits sees of his areas, the longest overdue first; people masked, and no home's address."""
    reach = scope(actor, RIGHT)
    here = within([places.county()] if reach.everything else reach.areas)
    waiting = Visit.objects.filter(here, closed_at=None).order_by("due", "case")
    late, rest = waiting.filter(due__lt=today), waiting.filter(due__gte=today)
    listed = Regular.objects.filter(here, ended_at=None).order_by("last", "pk")
    rows, more = list(late[:LISTED]), list(rest[:LISTED])
    regular = list(listed[:LISTED])
    everybody: list[Visit | Regular] = [*rows, *more, *regular]
    people = masked({row.person for row in everybody})
    names = account_names({row.worker for row in everybody if row.worker})
    return Planned(
        [_row(row, people, names) | {"days": (today - row.due).days} for row in rows],
        [_row(row, people, names) for row in more],
        [_row(row, people, names) | _next(row) for row in regular],
        late.count() if len(rows) == LISTED else len(rows),
        rest.count() if len(more) == LISTED else len(more),
        listed.count() if len(regular) == LISTED else len(regular),
    )


def _row(row: Visit | Regular, people: Mapping[UUID, Masked], names: Mapping[int, str]) -> dict[str, Any]:
    kind, person = of_kind(row.kind), people.get(row.person)
    return {
        "id": row.pk,
        "name": person.name if person else "",
        "title": kind.title if kind else None,
        "kind": row.kind,
        "area": row.area,
        "worker": names.get(row.worker or 0, ""),
        "due": row.due if isinstance(row, Visit) else None,
    }


def _next(row: Regular) -> dict[str, Any]:
    kind = of_kind(row.kind)
    next_ = due_after(row.last, kind.every) if kind and row.last else None
    return {"since": row.since, "last": row.last, "next": next_, "every": kind.every if kind else ""}
