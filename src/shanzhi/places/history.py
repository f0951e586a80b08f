"""The shapes that grids had (网格沿革): writing them down as they change, and asking for a day in the past."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from django.db.models import Min

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.geo import Point
from shanzhi.places.models import GridShape
from shanzhi.places.shapes import from_wkb, to_geojson

PACK, RENAME = "pack", "rename"


def today() -> date:
    """The day in China."""
    return now().astimezone(BEIJING).date()


@dataclass(frozen=True, slots=True)
class Change:
    """What a grid becomes: a name and an outline (WKB), or nothing more (`outline` None: it is closed)."""

    name: str
    outline: bytes | None
    how: str = PACK
    ground_from: tuple[str, ...] = ()


def record(changes: Mapping[str, Change], day: date) -> None:
    """Ends the shapes that change on a day and begins those that follow; what stays as it is is not touched."""
    held = {row.code: row for row in GridShape.objects.filter(code__in=changes, until=None)}
    new, ended = [], []
    for code, change in changes.items():
        row = held.get(code)
        if row and change.outline and (row.name, bytes(row.outline)) == (change.name, change.outline):
            continue
        if row:
            ended.append(row.pk)
        if change.outline:
            new.append(_begun(code, change, day))
    GridShape.objects.filter(pk__in=ended).update(until=day)
    GridShape.objects.bulk_create(new, batch_size=2000)


def _begun(code: str, change: Change, day: date) -> GridShape:
    return GridShape(
        code=code,
        name=change.name,
        outline=change.outline,
        since=day,
        how=change.how,
        ground_from=list(change.ground_from),
    )


def retouch(outlines: Mapping[str, bytes]) -> None:
    """Gives shapes in force more corners on the border that they have: no ground changes, so no new shape begins."""
    rows = list(GridShape.objects.filter(code__in=outlines, until=None))
    for row in rows:
        row.outline = outlines[row.code]
    GridShape.objects.bulk_update(rows, ["outline"])


def past_grid(point: Point, day: date, current: str | None, since: Mapping[str, date]) -> str | None:
    """The grid around a point on an earlier day; `current` is the one around it today, `since` when each began.

    Only shapes that have ended since then are looked at: they are few, and the others are those of today.
    """
    ended = GridShape.objects.filter(since__lte=day, until__gt=day).order_by("code")
    rows = list(ended.values_list("code", "outline"))
    outlines = from_wkb(outline for _, outline in rows)
    found = [
        code
        for (code, _), one in zip(rows, outlines, strict=True)
        if shapely.intersects_xy(one, point.lon, point.lat)
    ]
    if current and since.get(current, date.max) <= day:
        found.append(current)
    return min(found, default=None)


def begun() -> dict[str, tuple[date, str]]:
    """Since when each grid in force has its shape, and how it came by it."""
    rows = GridShape.objects.filter(until=None).values_list("code", "since", "how")
    return {code: (since, how) for code, since, how in rows}


def redrawn() -> dict[str, datetime]:
    """When the ground of each grid last changed by a redrawing; also of those that were closed by it."""
    rows = GridShape.objects.exclude(how__in=(PACK, RENAME)).order_by("recorded_at")
    found: dict[str, datetime] = {}
    for code, others, at in rows.values_list("code", "ground_from", "recorded_at"):
        found |= dict.fromkeys((code, *others), at)
    return found


def first_day() -> date | None:
    """Since when shapes are recorded; nothing is known of the days before."""
    found: date | None = GridShape.objects.aggregate(first=Min("since"))["first"]
    return found


def of_grid(code: str) -> list[dict[str, Any]]:
    """The shapes of one grid, the newest first, with outlines as GeoJSON."""
    rows = list(GridShape.objects.filter(code=code).order_by("-since", "-pk"))
    return [*_told(rows)]


def _told(rows: Iterable[GridShape]) -> Iterator[dict[str, Any]]:
    listed = list(rows)
    geometries = to_geojson(from_wkb(row.outline for row in listed)) if listed else []
    for row, geometry in zip(listed, geometries, strict=True):
        names = ("code", "name", "since", "until", "how", "ground_from")
        yield {name: getattr(row, name) for name in names} | {
            "geometry": geometry,
            "outline": bytes(row.outline),
        }


def edited() -> dict[str, datetime]:
    """The grids that a redrawing made or closed here, and when: a pack that does not know of it must not undo it."""
    found: dict[str, datetime] = {}
    rows = GridShape.objects.filter(until=None).exclude(how=PACK)
    for code, others, at in rows.values_list("code", "ground_from", "recorded_at"):
        for one in (code, *others):
            found[one] = max(at, found.get(one, at))
    return found


def heirs(code: str) -> list[str]:
    """The grids that got ground of a grid, whenever."""
    rows = GridShape.objects.filter(ground_from__contains=[code]).exclude(code=code)
    return sorted(set(rows.values_list("code", flat=True)))
