"""Rounds that were planned: of a team for who plans them, and one's own."""

from datetime import date
from typing import Any

from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.models import RoundsRow
from shanzhi.dispatch.rights import demand
from shanzhi.dispatch.visits import Point
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import areas_of
from shanzhi.places.queries import facilities


def points_of(org: str) -> list[Point]:
    """The points that are visited in the area an organisation works in."""
    found = setting()
    area = areas_of([org]).get(org, "")
    if found is None or found.patrol is None or not area:
        return []
    return [
        Point(row["key"], row["name"], row["lon"], row["lat"], risk.weekly, risk.minutes)
        for risk in found.patrol.points
        for row in facilities(area, risk.kind)
    ]


def rounds_of(actor: Actor, org: str, day: date) -> RoundsRow | None:
    """The rounds of a team on a day, as they were planned last. Raises Denied."""
    demand(actor, org)
    return RoundsRow.objects.filter(org=org, day=day).first()


def own_round(actor: Actor, day: date) -> list[dict[str, Any]]:
    """The points that the actor himself visits on a day, in order: key, name, lon, lat, minutes, at."""
    rows = RoundsRow.objects.filter(day=day, rounds__contains=[{"account": actor.account}])
    return [
        visit
        for row in (rows if actor.account is not None else ())
        for one in row.rounds
        if one["account"] == actor.account
        for visit in one["visits"]
    ]
