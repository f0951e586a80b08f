"""Writing areas and facilities, in the transaction that applies a pack; its entry is in the journal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import shapely

from shanzhi.packs.actions import raise_version
from shanzhi.places import history, queries
from shanzhi.places.history import Change
from shanzhi.places.locate import Locator
from shanzhi.places.models import Area, Facility, PlaceName
from shanzhi.places.shapes import from_geojson, from_wkb, unions

Rows = Mapping[str, Mapping[str, Any]]
DRAWN = {"county": 6, "street": 9, "community": 12}  # levels whose outline is the union of their grids


def set_areas(rows: Rows, *, close: Sequence[str] = ()) -> None:
    """Makes or changes areas by code, closes others, and draws anew the outlines made of grids.

    Grids whose outline or name changes have another shape from today on.
    """
    areas = [_area(code, row) for code, row in rows.items()]
    shapes = {
        one.code: Change(one.name, bytes(one.outline) if one.outline else None)
        for one in areas
        if one.level == "grid"
    }
    closed = {code: Change("", None) for code in close}
    history.record({**shapes, **closed}, history.today())
    Area.objects.bulk_create(
        areas,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[f.name for f in Area._meta.concrete_fields if not f.primary_key],
    )
    Area.objects.filter(pk__in=close).update(open=False)
    _draw_unions()
    queries.forget()


def redraw(changes: Mapping[str, Change], day: date, *, corners: Mapping[str, Any]) -> None:
    """Brings redrawn grids into force, closes those without an outline, and moves facilities to the grids around them.

    `corners` are the outlines of neighbours that got more corners on the same border.
    """
    touched = {code: shapely.to_wkb(shape) for code, shape in corners.items()}
    history.record(changes, day)
    history.retouch(touched)
    held = {
        area.code: area for area in Area.objects.filter(code__in=[*changes, *touched]).select_for_update()
    }
    for code, change in changes.items():
        area = held.get(code) or _grid(code)
        area.open = change.outline is not None
        if change.outline is not None:
            area.name = change.name
            _draw(area, shapely.from_wkb(change.outline))
        area.save()
    for code, outline in touched.items():
        held[code].outline = outline
        held[code].save(update_fields=["outline"])
    _draw_unions()
    raise_version("areas")
    queries.forget()
    _place_facilities({code[:12] for code in changes})


def _grid(code: str) -> Area:
    return Area(code=code, level="grid", parent_id=code[:12], county=code[:6])


def _place_facilities(communities: set[str]) -> None:
    """Facilities of some communities, each in the grid that is around it now."""
    for community in communities:
        shapes = queries.grid_shapes(community)
        locator = Locator([*shapes], [*shapes.values()])
        for one in Facility.objects.filter(area__startswith=community):
            grid = locator.grid_at(one.lon, one.lat) or one.area
            if grid != one.area:
                Facility.objects.filter(pk=one.pk).update(area=grid)


def set_facilities(rows: Rows, *, delete: Sequence[str] = ()) -> None:
    """Makes or changes facilities by key, and deletes others: nothing refers to them."""
    Facility.objects.bulk_create(
        [Facility(key=key, county=row["area"][:6], **row) for key, row in rows.items()],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=[f.name for f in Facility._meta.concrete_fields if not f.primary_key],
    )
    Facility.objects.filter(pk__in=delete).delete()


def set_names(rows: Rows, *, delete: Sequence[str] = ()) -> None:
    """Makes or changes names of places by key, and deletes others."""
    PlaceName.objects.bulk_create(
        [PlaceName(key=key, **row) for key, row in rows.items()],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=[f.name for f in PlaceName._meta.concrete_fields if not f.primary_key],
    )
    PlaceName.objects.filter(pk__in=delete).delete()


def _area(code: str, row: Mapping[str, Any]) -> Area:
    area = Area(
        code=code,
        name=row["name"],
        name_en=row["name_en"],
        level=row["level"],
        parent_id=row["parent"] or None,
        county=code[:6],
        generated=row.get("generated", False),
        open=True,
    )
    if row.get("geometry"):
        _draw(area, from_geojson(row["geometry"]))
    return area


def _draw(area: Area, shape: Any) -> None:
    centre = shapely.point_on_surface(shape)
    area.outline, area.lon, area.lat = shapely.to_wkb(shape), centre.x, centre.y


def _draw_unions() -> None:
    grids = Area.objects.filter(level="grid", open=True, outline__isnull=False).order_by("code")
    rows = list(grids.values_list("code", "outline", "generated"))
    outlines = from_wkb(wkb for _, wkb, _ in rows)
    shapes = unions({row[0]: shape for row, shape in zip(rows, outlines, strict=True)}, DRAWN.values())
    made_up = {code[:length] for code, _, generated in rows if generated for length in DRAWN.values()}
    above = list(Area.objects.filter(level__in=DRAWN))
    for area in above:
        area.outline = area.lon = area.lat = None
        if area.code in shapes:
            _draw(area, shapes[area.code])
        area.generated = area.code in made_up
    Area.objects.bulk_update(above, ["outline", "lon", "lat", "generated"], batch_size=500)
