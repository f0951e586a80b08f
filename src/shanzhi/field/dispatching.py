"""What the door asks the dispatch and tells it, where that is installed: the route of somebody, and where he is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps

from shanzhi.base.errors import Conflict
from shanzhi.base.geo import Point
from shanzhi.field.acts import Spot
from shanzhi.orgs.actor import Actor


def route(actor: Actor, at: datetime) -> dict[UUID, dict[str, Any]]:
    """The cases that are planned for somebody, in the order in which to go to them, and why they are his."""
    if not apps.is_installed("shanzhi.dispatch"):
        return {}
    from shanzhi.dispatch.queries import route as planned

    found = planned(actor, at)
    return {
        one.case: {"order": n, "arrival": one.arrival, "travel": one.travel, "why": one.why}
        | ({"agreed": _agreed(one.window, one.missed)} if one.window else {})
        for n, one in enumerate(found.stops)
    }


def _agreed(window: Any, missed: bool) -> dict[str, Any]:
    return {"since": window.start, "until": window.end, "missed": missed}


def shift(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """Whether somebody is on shift, and when this one ends or the next one begins; None for who works without any."""
    if not apps.is_installed("shanzhi.dispatch"):
        return None
    from shanzhi.dispatch.queries import own_shift

    found = own_shift(actor, at)
    return {"on": found[0], "at": found[1]} if found else None


def stand(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """Where somebody who has nothing to do is asked to wait, and why; None where he may wait anywhere."""
    if not apps.is_installed("shanzhi.dispatch"):
        return None
    from shanzhi.dispatch.queries import own_wait

    found = own_wait(actor, at)
    return {name: getattr(found, name) for name in ("place", "lon", "lat", "walk", "why")} if found else None


def seen(actor: Actor, spot: Spot, said_at: datetime, offset_ms: int) -> None:
    """Tells the dispatch where somebody on shift is; outside a shift nobody's place is kept."""
    if not apps.is_installed("shanzhi.dispatch") or spot.accuracy is None:
        return
    from shanzhi.dispatch.actions import seen as told

    try:
        told(actor, Point(spot.lon, spot.lat), spot.accuracy, said_at + timedelta(milliseconds=offset_ms))
    except Conflict:
        return
