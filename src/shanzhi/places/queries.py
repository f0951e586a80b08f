"""Reading areas. Tree and locator are kept in the process until a pack changes the areas."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from shanzhi.base.clock import BEIJING
from shanzhi.base.codes import span
from shanzhi.base.errors import NotFound, gettext_noop
from shanzhi.base.geo import Point, gcj02_to_wgs84
from shanzhi.language.gazetteer import Entry
from shanzhi.packs.queries import version
from shanzhi.places import history
from shanzhi.places.locate import Locator
from shanzhi.places.models import Area, Facility, PlaceName
from shanzhi.places.redrawing import square_metres
from shanzhi.places.shapes import from_wkb, to_geojson
from shanzhi.places.tree import Place, Tree

T = TypeVar("T")
Datum = Literal["wgs84", "cgcs2000", "gcj02"]


class _Kept(Generic[T]):
    """What was made from the areas, until their version changes; two threads may make it twice, no harm."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._value: tuple[int, T] | None = None

    def __call__(self) -> T:
        wanted, held = version("areas"), self._value
        if held is None or held[0] != wanted:
            held = self._value = (wanted, self._make())
        return held[1]

    def forget(self) -> None:
        self._value = None


def _make_tree() -> Tree:
    columns = ("code", "name", "name_en", "level", "parent_id", "lon", "lat", "generated", "open")
    rows = Area.objects.values_list(*columns)
    return Tree(Place(r[0], r[1], r[2], r[3], r[4] or "", *r[5:]) for r in rows.iterator())


def _make_locator() -> Locator:
    grids = Area.objects.filter(level="grid", open=True, outline__isnull=False).order_by("code")
    rows = list(grids.values_list("code", "outline"))
    return Locator([code for code, _ in rows], from_wkb(outline for _, outline in rows))


def _make_hectares() -> dict[str, float]:
    return {code: square_metres(shape) / 10_000 for code, shape in grid_shapes("").items()}


areas = _Kept(_make_tree)
locator = _Kept(_make_locator)
grid_hectares = _Kept(_make_hectares)
grids_begun = _Kept(history.begun)
grids_redrawn = _Kept(history.redrawn)


def forget() -> None:
    """Makes this process read the areas again at the next question."""
    for kept in (areas, locator, grid_hectares, grids_begun, grids_redrawn):
        kept.forget()


def grid_of(point: Point, *, datum: Datum = "wgs84", within_m: float = 0.0) -> str | None:
    """The grid around a point given in any Chinese coordinates, or the nearest one so many metres away."""
    if datum == "gcj02":
        point = gcj02_to_wgs84(point)
    grid = locator().grid_at(point.lon, point.lat)
    return grid or (locator().nearest(point.lon, point.lat, within_m) if within_m > 0 else None)


def grid_on(point: Point, day: date) -> str | None:
    """The grid that was around a point on a day, by the shapes of that day; None also before any was recorded.

    Of today and later it is the grid around it now.
    """
    current = locator().grid_at(point.lon, point.lat)
    if day >= history.today():
        return current
    return history.past_grid(point, day, current, {code: since for code, (since, _) in grids_begun().items()})


def redrawn_since(code: str, at: datetime) -> date | None:
    """The day on which a grid was last redrawn, if that was after a time. From memory, no statement."""
    last = grids_redrawn().get(code)
    return last.astimezone(BEIJING).date() if last is not None and last > at else None


def grid_shapes(code: str) -> dict[str, Any]:
    """The shapes in force of the grids within an area (or all), by code."""
    grids = Area.objects.filter(level="grid", open=True, outline__isnull=False)
    if code:
        low, high = span(code)
        grids = grids.filter(code__gte=low, code__lt=high)
    rows = list(grids.order_by("code").values_list("code", "outline"))
    return dict(zip((code for code, _ in rows), from_wkb(outline for _, outline in rows), strict=True))


def grids_used(community: str) -> set[str]:
    """The codes of the grids that a community has or had: none is given twice."""
    return {place.code for place in areas().within(community) if place.level == "grid"}


def roads(area: str) -> dict[str, list[tuple[float, float]]]:
    """Points on the stretches of each road that has one in an area, by its name, in the order of house numbers."""
    low, high = span(area)
    named = PlaceName.objects.filter(kind="road", area__gte=low, area__lt=high)
    rows = PlaceName.objects.filter(kind="road", name__in=named.values("name")).order_by("low", "key")
    found: dict[str, list[tuple[float, float]]] = {}
    for name, lon, lat in rows.values_list("name", "lon", "lat"):
        found.setdefault(name, []).append((lon, lat))
    return dict(sorted(found.items()))


def area(code: str) -> Place:
    """An area, open or closed; raises NotFound."""
    place = areas().get(code)
    if place is None:
        raise NotFound(gettext_noop("There is no area %(area)s"), area=code)
    return place


def county() -> str:
    """The code of the county this installation serves; raises NotFound before a pack is applied."""
    for place in areas().roots():
        return place.code
    raise NotFound(gettext_noop("No district has been set up yet"), code="no_pack", hint="shanzhi pack apply")


def children(code: str) -> list[Place]:
    """The open areas directly within one, by code."""
    return areas().children(code)


def path(code: str) -> list[str]:
    """The names from the county to an area: 武侯区, 浆洗街街道, 锦里社区; empty for an unknown code."""
    return [place.name for place in areas().path(code)]


def names(codes: Iterable[str]) -> dict[str, str]:
    """The names of areas, open or closed, by code; unknown codes are left out. From memory, no statement."""
    found = {code: areas().get(code) for code in codes}
    return {code: place.name for code, place in found.items() if place is not None}


def tree(code: str = "", depth: int = 4) -> list[dict[str, Any]]:
    """The areas within one (or all) as nested dictionaries: code, name, level, children."""
    return areas().nested(code, depth)


def outline(code: str) -> dict[str, Any]:
    """One area as a GeoJSON feature; raises NotFound."""
    found = _features(Area.objects.filter(code=code))
    if not found:
        raise NotFound(gettext_noop("There is no area %(area)s"), area=code)
    return found[0]


def outlines(code: str, level: str = "") -> dict[str, Any]:
    """The areas directly within one, or all those of a level within it, as a GeoJSON feature collection."""
    low, high = span(code)
    inside = Area.objects.filter(open=True, code__gte=low, code__lt=high)
    inside = inside.filter(level=level) if level else inside.filter(parent=code)
    return {"type": "FeatureCollection", "features": _features(inside.order_by("code"))}


def outlines_in(box: tuple[float, float, float, float], level: str, limit: int) -> list[dict[str, Any]]:
    """The areas of a level whose middle lies in a box (west, south, east, north), as GeoJSON features."""
    west, south, east, north = box
    inside = Area.objects.filter(open=True, level=level, lon__range=(west, east), lat__range=(south, north))
    return _features(inside.order_by("code")[:limit])


def facilities(code: str, kind: str = "") -> list[dict[str, Any]]:
    """The facilities in an area, of one kind or all: key, kind, name, lon, lat, area, generated."""
    low, high = span(code)
    found = Facility.objects.filter(area__gte=low, area__lt=high)
    found = found.filter(kind=kind) if kind else found
    columns = ("key", "kind", "name", "lon", "lat", "area", "generated")
    return [dict(row) for row in found.order_by("key").values(*columns)]


def names_of_places() -> Iterator[Entry]:
    """All that people may name when they say where something is: areas, facilities, roads, estates."""
    kinds: Any = ("county", "street", "community")
    areas_ = Area.objects.filter(open=True, level__in=kinds).order_by("code")
    rows: Any = areas_.values_list("level", "name", "code", "lon", "lat")
    for row in rows:
        yield Entry(*row)
    for name, code, lon, lat in Facility.objects.order_by("key").values_list("name", "area", "lon", "lat"):
        yield Entry("poi", name, code, lon, lat)
    columns = ("kind", "name", "area", "lon", "lat", "low", "high", "other_names")
    for named in PlaceName.objects.order_by("key").values(*columns):
        yield Entry(**named | {"other_names": tuple(named["other_names"])})


def _features(found: Any) -> list[dict[str, Any]]:
    rows = [row for row in found if row.outline is not None]
    geometries = to_geojson(from_wkb(row.outline for row in rows))
    return [
        {"type": "Feature", "id": row.code, "properties": _properties(row), "geometry": geometry}
        for row, geometry in zip(rows, geometries, strict=True)
    ]


def _properties(row: Area) -> dict[str, Any]:
    names = ("code", "name", "name_en", "level", "lon", "lat", "generated")
    return {name: getattr(row, name) for name in names}
