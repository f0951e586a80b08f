"""Reading rounds and visits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max

from shanzhi.base.clock import BEIJING
from shanzhi.base.codes import is_within
from shanzhi.base.geo import Point
from shanzhi.cases import queries as cases
from shanzhi.cases.state import State
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import account_names, field_key, scope
from shanzhi.packs.queries import version
from shanzhi.patrol import codes
from shanzhi.patrol.due import missed, standings
from shanzhi.patrol.models import Pass, Round, SettingRow, Visit
from shanzhi.patrol.setting import Setting, Stop, VisitKind
from shanzhi.places import queries as places
from shanzhi.residents.fact import FactType
from shanzhi.residents.queries import facts, masked

SECTION = "patrol"
AHEAD = timedelta(days=7)  # visits that a telephone takes along before their day
SHOWN = 60


def setting() -> Setting:
    return _setting(version(SECTION))


@lru_cache(maxsize=2)
def _setting(_: int) -> Setting:
    row = SettingRow.objects.filter(name=SECTION).first()
    return Setting.model_validate(row.body) if row else Setting()


def secret() -> bytes:
    """What the codes at points are made with."""
    return field_key("patrol")


def stops_in(areas: Sequence[str]) -> dict[str, Stop]:
    """The points that lie in some areas; where a grid was redrawn, they lie where they lie now."""
    found = placed(version(SECTION), version("areas"))
    return {key: stop for key, (stop, grid) in found.items() if any(is_within(grid, area) for area in areas)}


@lru_cache(maxsize=2)
def placed(_setting_version: int, _areas_version: int) -> dict[str, tuple[Stop, str]]:
    listed = setting().points.items()
    return {
        key: (stop, places.grid_of(Point(stop.lon, stop.lat), within_m=300) or "") for key, stop in listed
    }


def last_passed(keys: Sequence[str]) -> dict[str, datetime]:
    """When somebody was last at each of some points."""
    rows = Pass.objects.filter(point__in=keys).values_list("point").annotate(last=Max("at"))
    return dict(rows)


def rounds(actor: Actor, areas: Sequence[str], at: datetime) -> dict[str, Any]:
    """What a telephone takes along for rounds and visits in some areas."""
    stops, known = stops_in(areas), setting()
    standing = standings(stops, last_passed(list(stops)), at)
    return {
        "stops": [
            {
                "key": one.key, "name": stops[one.key].name, "lon": stops[one.key].lon, "lat": stops[one.key].lat,
                "checklist": stops[one.key].checklist, "mark": codes.mark(codes.code(secret(), one.key)),
                "due": one.due, "last": one.last,
            }
            for one in standing
        ],
        "checklists": {
            key: {
                "title": each.title.model_dump(),
                "basis": each.basis,
                "items": [{"key": item, "title": said.title.model_dump()} for item, said in each.items.items()],
            }
            for key, each in known.checklists.items()
        },
        "visits": visits(actor, areas, at),
        "kinds": {key: _kind(kind) for key, kind in known.visits.items()},
    }  # fmt: skip


def _kind(kind: VisitKind) -> dict[str, Any]:
    return {
        "title": kind.title.model_dump(),
        "purpose": kind.purpose,
        "basis": kind.basis,
        "questions": questions(kind),
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


def visits(actor: Actor, areas: Sequence[str], at: datetime) -> list[dict[str, Any]]:
    """The visits to be made in some areas till a week from now; people masked, the place as its case has it."""
    until = (at + AHEAD).astimezone(BEIJING).date()
    rows = list(Visit.objects.filter(done_at=None, due__lte=until).order_by("due", "case")[: SHOWN * 5])
    states = cases.states_of([row.case for row in rows])
    open_ = [
        (row, states[row.case])
        for row in rows
        if row.case in states and _mine(actor, states[row.case], areas)
    ]
    people = masked({row.person for row, _ in open_})
    return [_visit(row, state, people.get(row.person)) for row, state in open_[:SHOWN]]


def _mine(actor: Actor, state: State, areas: Sequence[str]) -> bool:
    within = any(is_within(state["area"], area) for area in areas)
    return bool(state["open"]) and within and cases.may_see(actor, state)


def _visit(row: Visit, state: State, person: Any) -> dict[str, Any]:
    return {
        "case": str(row.case),
        "kind": row.kind,
        "name": person.name if person else "",
        "phone": person.phone if person else "",
        "address": state["address"],
        "lon": state["lon"],
        "lat": state["lat"],
        "due": row.due,
        "last": _last(row),
    }


def _last(row: Visit) -> datetime | None:
    before = Visit.objects.filter(person=row.person, kind=row.kind, met=True).order_by("-done_at")
    return before.values_list("done_at", flat=True).first()


def watched(actor: Actor) -> list[str]:
    """The areas whose rounds an actor may look over; for those who see the cases of an area."""
    reach = scope(actor, "case.view")
    return [places.county()] if reach.everything else list(reach.areas)


def looked_over(actor: Actor, at: datetime) -> dict[str, Any]:
    """The latest rounds in an actor's areas with what was missed, and the points where nobody has been in time."""
    areas = watched(actor)
    stops = stops_in(areas)
    found = [
        row
        for row in Round.objects.order_by("-began_at")[: SHOWN * 5]
        if any(is_within(row.area, a) for a in areas)
    ]
    found = found[:SHOWN]
    passed: dict[UUID, set[str]] = {row.id: set() for row in found}
    for id_, point in Pass.objects.filter(round__in=list(passed)).values_list("round_id", "point"):
        passed[id_].add(point)
    names = account_names([row.account for row in found])
    late = [one for one in standings(stops, last_passed(list(stops)), at) if one.due]
    return {
        "rounds": [
            {
                "case": row.case,
                "who": names.get(row.account, ""),
                "area": row.area,
                "began_at": row.began_at,
                "ended_at": row.ended_at,
                "metres": row.metres,
                "passed": len(passed[row.id]),
                "missed": [_name(stops, key) for key in missed(row.expected, passed[row.id])],
            }
            for row in found
        ],
        "late": [{"key": one.key, "name": stops[one.key].name, "last": one.last} for one in late],
        "points": len(stops),
    }


def _name(stops: dict[str, Stop], key: str) -> str:
    return stops[key].name if key in stops else key
