"""The open cases around a case: what may be the same matter, or can be done on the same way."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shanzhi.base.errors import NotFound
from shanzhi.base.geo import Point
from shanzhi.base.ids import format_number
from shanzhi.cases import queries
from shanzhi.cases.state import State
from shanzhi.desk.access import at_work
from shanzhi.orgs.actor import Actor
from shanzhi.web.around import box, closest

RADIUS_M = 200
DAYS = timedelta(days=30)
MOST = 8


def near(request: HttpRequest, id_: UUID) -> HttpResponse:
    """A part of the case page, fetched after it; raises NotFound for whoever may not see the case."""
    actor, state = at_work(request), queries.state_of(id_)
    if not queries.may_see(actor, state):
        raise NotFound()
    return render(request, "desk/_near.html", {"near": around(actor, state)})


def around(actor: Actor, state: State) -> list[dict[str, Any]]:
    """Open cases within 200 m, reported within 30 days of this one, the nearest first; one statement."""
    if state["lon"] is None or state["lat"] is None:
        return []
    here, first, last = (
        Point(state["lon"], state["lat"]),
        state["opened_at"] - DAYS,
        state["opened_at"] + DAYS,
    )
    part = box(here, RADIUS_M)
    condition = Q(lat__range=(part.south, part.north), lon__range=(part.west, part.east), open=True)
    rows = queries.visible_to(actor).filter(condition, opened_at__range=(first, last)).exclude(pk=state.id)
    found = closest(rows.values("id", "number", "title", "lon", "lat", "opened_at")[:50], here, RADIUS_M)
    return [{**row, "number": format_number(row["number"])} for row in found[:MOST]]
