"""Reading rounds: what a telephone takes along, what leaders look over."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max

from shanzhi.base.codes import is_within
from shanzhi.base.geo import Point
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import account_names, scope
from shanzhi.packs.queries import version
from shanzhi.patrol import codes
from shanzhi.patrol.due import missed, standings
from shanzhi.patrol.models import Pass, Round
from shanzhi.patrol.queries.kept import SECTION, secret, setting
from shanzhi.patrol.queries.visits import grounds, visits, within
from shanzhi.patrol.setting import Stop
from shanzhi.places import queries as places

SHOWN = 60


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
        "kinds": grounds(),
    }  # fmt: skip


def watched(actor: Actor) -> list[str]:
    """The areas whose rounds an actor may look over; for those who see the cases of an area."""
    reach = scope(actor, "case.view")
    return [places.county()] if reach.everything else list(reach.areas)


def looked_over(actor: Actor, at: datetime) -> dict[str, Any]:
    """The latest rounds in an actor's areas with what was missed, and the points where nobody has been in time."""
    areas = watched(actor)
    stops = stops_in(areas)
    found = list(Round.objects.filter(within(areas)).order_by("-began_at")[:SHOWN])
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
