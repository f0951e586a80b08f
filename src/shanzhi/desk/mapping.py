"""The map of cases: clusters while one looks from afar, single cases from near, with the grids they lie in."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.db.models.functions import Floor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import now
from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.cases import queries
from shanzhi.desk.access import at_work
from shanzhi.desk.filters import Filter
from shanzhi.desk.listing import chosen_tab, condition_of, tabs
from shanzhi.desk.rows import lines
from shanzhi.desk.saving import plain
from shanzhi.orgs.actor import Actor
from shanzhi.places import queries as places

CELLS = 24  # clusters along each side of the map, so that it never holds more than about 600 of them
SINGLE = 300  # up to so many cases are shown one by one
GRIDS_BELOW = 0.06  # degrees of longitude (about 6 km) from which on grids are drawn
MOST_GRIDS = 600
NO_BOX = gettext_noop("A box is west,south,east,north in degrees")


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map, in degrees (WGS 84)."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, text: str) -> "Box":
        """From `west,south,east,north`; raises Invalid."""
        try:
            west, south, east, north = map(float, text.split(","))
        except ValueError:
            raise Invalid(NO_BOX) from None
        box = cls(west, south, east, north)
        if not all(map(isfinite, (west, south, east, north))) or west >= east or south >= north:
            raise Invalid(NO_BOX)
        return box

    def condition(self) -> Q:
        return Q(lon__gte=self.west, lon__lt=self.east, lat__gte=self.south, lat__lt=self.north)


def case_map(request: HttpRequest) -> HttpResponse:
    """The page: the same filters as the list, the open cases of what they let through on the map."""
    actor = at_work(request)
    tab, filters = chosen_tab(request), Filter(request.GET)
    context = {
        "tabs": tabs(request),
        "tab": tab,
        "filters": filters,
        "plain": plain(request.GET.urlencode()),
        "unplaced": _cases(actor, filters, tab).filter(lat=None).count(),
        "here": "map",
    }
    return render(request, "desk/map.html", context)


@never_cache
def clusters(request: HttpRequest) -> JsonResponse:
    """What lies in a box as GeoJSON points: clusters with their number, or single cases."""
    actor, box = at_work(request), Box.of(request.GET.get("box", ""))
    found = _cases(actor, Filter(request.GET), chosen_tab(request)).filter(box.condition())
    cells = _cells(found, box)
    if sum(cell["n"] for cell in cells) <= SINGLE:
        features = _singles(actor, found)
    else:
        features = [_cluster(cell) for cell in cells]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def grids(request: HttpRequest) -> JsonResponse:
    """The grids of a box, when one is near enough for them to be of use."""
    at_work(request)
    box = Box.of(request.GET.get("box", ""))
    near = box.east - box.west <= GRIDS_BELOW
    found = places.outlines_in((box.west, box.south, box.east, box.north), "grid", MOST_GRIDS) if near else []
    return JsonResponse({"type": "FeatureCollection", "features": found})


def _cases(actor: Actor, filters: Filter, tab: str) -> Any:
    return queries.visible_to(actor).filter(filters.condition() & condition_of(actor, tab), open=True)


def _cells(found: Any, box: Box) -> list[dict[str, Any]]:
    """The cases counted by the cells of a raster: number, how many are late, their middle; one statement."""
    wide, high = (box.east - box.west) / CELLS, (box.north - box.south) / CELLS
    cells = found.annotate(x=Floor((F("lon") - box.west) / wide), y=Floor((F("lat") - box.south) / high))
    return list(
        cells.order_by()
        .values("x", "y")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now())),
            at_lon=Avg("lon"),
            at_lat=Avg("lat"),
        )
        .values("n", "late", "at_lon", "at_lat")
    )


def _cluster(cell: dict[str, Any]) -> dict[str, Any]:
    return _point(cell["at_lon"], cell["at_lat"], {"n": cell["n"], "late": cell["late"]})


def _singles(actor: Actor, found: Any) -> list[dict[str, Any]]:
    rows = queries.listed(actor, filters=Q(pk__in=found.values("pk")), limit=SINGLE)
    points = {row["id"]: row for row in found.values("id", "lon", "lat")}
    return [
        _point(
            points[line.row["id"]]["lon"],
            points[line.row["id"]]["lat"],
            {
                "n": 1,
                "late": int(line.lamp == "red"),
                "title": line.row["title"],
                "state": line.state,
                "with": line.org,
                "url": reverse("case", args=[line.row["id"]]),
            },
        )
        for line in lines(rows)
        if line.row["id"] in points
    ]


def _point(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    where = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    return {"type": "Feature", "geometry": where, "properties": properties}
