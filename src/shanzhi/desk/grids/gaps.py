"""Which grids had no worker on which days (空岗情况): for a leader to read, and as a table to take away."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shanzhi.base.errors import Denied
from shanzhi.desk.access import at_work
from shanzhi.desk.export import safe
from shanzhi.grids import covering, queries
from shanzhi.grids.covering import Gap
from shanzhi.insight.periods import Period, chosen
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.places import queries as places
from shanzhi.places.history import today
from shanzhi.web import names

SHOWN = 60
AHEAD = timedelta(days=30)
FARTHEST = timedelta(days=3660)


def gaps(request: HttpRequest) -> HttpResponse:
    """Of the county or a street, over some days, also to come; by communities above, by grids below."""
    actor = at_work(request)
    reach = _reach(actor)
    area = request.GET.get("area", "")
    area = area if area in dict(reach) else reach[0][0]
    period = _period(request)
    found = covering.gaps(actor, area, period.first, period.last)
    if request.GET.get("as") == "csv":
        return _table(found)
    context = {
        "areas": reach,
        "area": area,
        "period": period,
        "gaps": [_row(one) for one in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "sums": _sums(found, area, period),
        "grids": len(found),
        "days": sum(one.days for one in found),
        "redraws": bool(scope(actor, queries.EDIT)),
        "tab": "gaps",
        "here": "gridding",
    }
    return render(request, "desk/grids/gaps.html", context)


def _reach(actor: Actor) -> list[tuple[str, str]]:
    """The county, or the streets, that somebody sees; raises Denied."""
    county = places.county()
    streets = [(one.code, names.area(one.code)) for one in places.children(county)]
    found = [(code, name) for code, name in streets if covering.may_look(actor, code)]
    found = [(county, names.area(county)), *found] if covering.may_look(actor, county) else found
    if not found:
        raise Denied(right=queries.EDIT)
    return found


def _period(request: HttpRequest) -> Period:
    """Two days as asked for, at most a year apart and not far ahead; else the thirty days to come."""
    given = chosen(today(), "", request.GET.get("first", ""), request.GET.get("last", ""))
    asked = bool(request.GET.get("first")) and given.days <= 366 and given.last <= today() + FARTHEST
    return given if asked else Period(today(), today() + AHEAD - timedelta(days=1))


def _row(one: Gap) -> dict[str, Any]:
    place = places.areas().get(one.code)
    return {
        "code": one.code,
        "where": names.area(one.code[:12]),
        "name": place.name if place else one.code,
        "days": one.days,
        "spans": [(first, last if last != first else None) for first, last in one.spans],
    }


def _sums(found: list[Gap], area: str, period: Period) -> list[dict[str, Any]]:
    """By street of a county, by community of a street: grids with a gap, days, and the share of all its days."""
    digits = 9 if len(area) == 6 else 12
    every: dict[str, int] = {}
    for code in places.grid_hectares():
        if code.startswith(area):
            every[code[:digits]] = every.get(code[:digits], 0) + 1
    rows = []
    for code, grids in sorted(every.items()):
        inside = [one for one in found if one.code.startswith(code)]
        days = sum(one.days for one in inside)
        share = days / (grids * period.days)
        rows.append(
            {
                "code": code,
                "name": names.area(code),
                "grids": grids,
                "gaps": len(inside),
                "days": days,
                "share": f"{share:.0%}",
            }
        )
    return rows


def _table(found: list[Gap]) -> HttpResponse:
    """One line for each stretch of days; UTF-8 with the mark by which spreadsheets in China recognise it."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow([_("Grid"), _("Place"), _("First day"), _("Last day"), _("Days")])
    for one in found:
        for first, last in one.spans:
            lines.writerow([one.code, safe(names.area(one.code)), first, last, _days(first, last)])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="gaps.csv"'
    return answer


def _days(first: date, last: date) -> int:
    return (last - first).days + 1
