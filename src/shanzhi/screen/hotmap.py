"""The hot topics on a map: one point for each, as large as it is hot; the list says the same."""

from statistics import fmean
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from shanzhi.places import queries as places
from shanzhi.screen.asking import Asked
from shanzhi.screen.hot import SHOWN, ends
from shanzhi.topics import queries
from shanzhi.topics.queries import Topic
from shanzhi.web import names

Point = tuple[float, float]


def hot_map(request: HttpRequest) -> HttpResponse:
    """The page; what is on the map is fetched by itself."""
    asked = Asked.of(request)
    found = topics(asked)
    without = sum(where(one) is None for one in found)
    context = {"asked": asked, "query": asked.query(), "n": len(found), "unplaced": without, "here": "hot"}
    return render(request, "screen/hot_map.html", context)


@never_cache
def hot_points(request: HttpRequest) -> JsonResponse:
    """The same topics as GeoJSON points, as the script of maps reads them."""
    asked = Asked.of(request)
    made = [_feature(one, at, asked.query()) for one in topics(asked) if (at := where(one)) is not None]
    return JsonResponse({"type": "FeatureCollection", "features": made})


def topics(asked: Asked) -> list[Topic]:
    area = asked.given.get("area", "")
    return queries.hot(asked.actor, days=asked.period.days, at=ends(asked), area=area, most=SHOWN)


def where(one: Topic) -> Point | None:
    """The middle of the places where it was reported; where none has a point, the middle of its commonest area."""
    points = [(case["lon"], case["lat"]) for case in one.cases if case["lon"] is not None]
    if points:
        return fmean(lon for lon, _ in points), fmean(lat for _, lat in points)
    known = places.areas().get(one.areas[0]) if one.areas else None
    return (known.lon, known.lat) if known and known.lon is not None and known.lat is not None else None


def _feature(one: Topic, at: Point, query: str) -> dict[str, Any]:
    said = ngettext("%(n)s report", "%(n)s reports", one.heat.reports) % {"n": one.heat.reports}
    facts = {
        "n": one.heat.reports,
        "late": one.heat.reports if one.heat.growth > 0 else 0,  # what grows is drawn as what is late
        "title": one.title,
        "state": f"{_('Heat')} {one.heat.index:.1f} · {said}",
        "with": " / ".join(names.area(code) for code in one.areas[:2]),
        "url": f"{reverse('topic', args=[one.id])}?{query}",
    }
    place = {"type": "Point", "coordinates": [round(at[0], 6), round(at[1], 6)]}
    return {"type": "Feature", "geometry": place, "properties": facts}
