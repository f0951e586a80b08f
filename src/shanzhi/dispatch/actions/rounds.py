"""Planning the rounds of a day: as many visits as the risk of each point asks, by those who have a shift."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, gettext_noop
from shanzhi.dispatch.inforce import roads, setting
from shanzhi.dispatch.models import RoundsRow, Shift
from shanzhi.dispatch.queries.rounds import points_of
from shanzhi.dispatch.queries.shifts import first_of
from shanzhi.dispatch.reading import middle
from shanzhi.dispatch.rights import demand
from shanzhi.dispatch.rounds import Rounds, Stop, Walker, rounds
from shanzhi.dispatch.setting import Setting
from shanzhi.dispatch.visits import Point, of_day
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import areas_of, people_of

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c000f")
SECONDS = 3.0
Visit = tuple[Point, int]


def plan_rounds(
    actor: Actor, org: str, day: date, *, seconds: float = SECONDS, at: datetime | None = None
) -> RoundsRow:
    """Plans the rounds of a day anew, in bounded time. Raises Denied, Conflict where there is nothing to be visited."""
    demand(actor, org)
    found, when = setting(), at or now()
    if found is None or found.patrol is None:
        raise Conflict(gettext_noop("This district has not said which points are visited (dispatch.yaml)"))
    visits = of_day(points_of(org), day)
    shifts = list(
        Shift.objects.filter(
            org=org,
            account__in=list(people_of(org)),
            start__gte=first_of(day),
            start__lt=first_of(day) + timedelta(days=1),
        )
    )
    made = _searched(
        visits, [(one, begin) for one in shifts if (begin := _begin(one, org))], day, found, seconds
    )
    return _kept(actor, org, day, when, made, {_name(one): one[0] for one in visits})


def _begin(shift: Shift, org: str) -> tuple[float, float] | None:
    """Where a round begins and ends: the middle of the area of the shift, else of the organisation's."""
    return middle(shift.area) or middle(areas_of([org]).get(org, ""))


def _name(visit: Visit) -> str:
    return f"{visit[0].key}#{visit[1]}"


def _searched(
    visits: list[Visit],
    shifts: list[tuple[Shift, tuple[float, float]]],
    day: date,
    found: Setting,
    seconds: float,
) -> Rounds:
    assert found.patrol is not None
    first = first_of(day)
    stops = [Stop(_name(one), n, int(one[0].minutes * 60)) for n, one in enumerate(visits)]
    walkers = []
    for n, (shift, _where) in enumerate(shifts):
        start, length = (shift.start - first).total_seconds(), (shift.end - shift.start).total_seconds()
        end = int(start + length * found.patrol.share)
        walkers.append(Walker(str(shift.account), len(visits) + n, len(visits) + n, int(start), end))
    places = [(p.lon, p.lat) for p, _turn in visits] + [where for _shift, where in shifts]
    if not visits:
        return Rounds((), {})
    times = roads(found)[found.patrol.mode]
    noon = shifts[0][0].start if shifts else first
    ways = times.between(np.array(places), np.array(places), (noon - first).total_seconds() / 60)
    return rounds(np.rint(np.minimum(ways, 1e6)).astype(np.int64), stops, walkers, budget=seconds)


@transaction.atomic
def _kept(
    actor: Actor, org: str, day: date, at: datetime, made: Rounds, points: dict[str, Point]
) -> RoundsRow:
    first = first_of(day)
    told = [
        {
            "account": int(one.walker),
            "travel": round(one.travel / 60),
            "visits": [
                _plain(points[visit.stop]) | {"at": (first + timedelta(seconds=visit.at)).isoformat()}
                for visit in one.visits
            ],
        }
        for one in made.rounds
    ]
    missed = [_plain(points[stop]) | {"why": why} for stop, why in sorted(made.missed.items())]
    values = {"at": at, "by": actor.ref, "rounds": told, "missed": missed}
    row, _new = RoundsRow.objects.update_or_create(org=org, day=day, defaults=values)
    count = sum(len(one.visits) for one in made.rounds)
    facts = {"org": org, "day": day.isoformat(), "visits": count, "missed": len(missed)}
    append(actor.ref, uuid5(SPACE, org), "dispatch.rounds", facts, at=at)
    return row


def _plain(point: Point) -> dict[str, Any]:
    return {
        "key": point.key,
        "name": point.name,
        "lon": point.lon,
        "lat": point.lat,
        "minutes": point.minutes,
    }
