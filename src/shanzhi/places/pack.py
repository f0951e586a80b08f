"""A pack's areas (`areas.csv`, and the grids with outlines in `grids.geojson`), `facilities.csv`, `gazetteer.csv`."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import shapely
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shanzhi.base import codes
from shanzhi.base.clock import BEIJING
from shanzhi.packs.files import Pack
from shanzhi.packs.section import Rows
from shanzhi.places import actions, history
from shanzhi.places.models import Area, Facility, PlaceName
from shanzhi.places.shapes import feature_lines, from_geojson, from_wkb, to_geojson
from shanzhi.places.tiling import complaints

AREAS, GRIDS, FACILITIES, NAMES = "areas.csv", "grids.geojson", "facilities.csv", "gazetteer.csv"


EXPORT_FIRST = "export the grids into the pack first, or say 'redrawn_grids: replace' in pack.yaml"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class AreaSchema(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str
    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    level: str
    parent: str


class GridSchema(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    code: str = Field(pattern=r"^[0-9]{15}$")
    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    generated: bool = False


class FacilitySchema(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    kind: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    name: str = Field(min_length=1, max_length=100)
    lon: float = Field(ge=73, le=136)
    lat: float = Field(ge=3, le=54)
    area: str
    generated: bool = False


class NameSchema(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    kind: str = Field(pattern=r"^(road|poi)$")
    name: str = Field(min_length=2, max_length=100)
    area: str = Field(pattern=r"^[0-9]{12}$")
    lon: float = Field(ge=73, le=136)
    lat: float = Field(ge=3, le=54)
    low: int = Field(0, ge=0, le=99_999)
    high: int = Field(0, ge=0, le=99_999)
    other_names: str = ""
    generated: bool = False


S = TypeVar("S", bound=BaseModel)


class Areas:
    """The tree of areas: each code once, under the parent its digits say, grids with outlines that tile."""

    name = "areas"
    order = 10

    def read(self, pack: Pack) -> Rows:
        rows, where = _divisions(pack)
        shapes: dict[str, Any] = {}
        found = _grids(pack)
        for line, grid, shape in found:
            if grid is None:
                continue
            if grid.code in rows:
                pack.fault(GRIDS, line, "twice", f"the area {grid.code} is given twice")
                continue
            row = {**grid.model_dump(), "level": "grid", "parent": codes.parent(grid.code)}
            rows[row.pop("code")] = row
            where[grid.code] = (GRIDS, line)
            if shape is not None:
                shapes[grid.code] = shape
        for code, geometry in zip(shapes, to_geojson(shapes.values()), strict=True):
            rows[code]["geometry"] = geometry
        _check_tree(pack, rows, where)
        if shapes:
            complete = all(grid is not None and shape is not None for _, grid, shape in found)
            _check_tiling(pack, rows, where, shapes, complete)
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        """A pack has the area it is for: one without would take all places away."""
        county = str(pack.head.get("county", ""))
        if county and county not in rows and (head := pack.yaml("pack.yaml")):
            pack.fault(
                head.file, head.line("county"), "unknown_area", f"there is no area {county} in {AREAS}"
            )

    def compare(self, rows: Rows, pack: Pack) -> None:
        """A pack that does not know of a redrawing made here would undo it: it must be exported into the pack first."""
        edited = {code: at for code, at in history.edited().items() if at > _known_until(pack)}
        if not edited or pack.head.get("redrawn_grids") == "replace":
            return
        current = self.current()
        lines = {grid.code: line for line, grid, _ in _grids(pack) if grid}
        for code, at in sorted(edited.items()):
            if rows.get(code) != current.get(code):
                day = at.astimezone(BEIJING).date().isoformat()
                pack.fault(
                    GRIDS, lines.get(code, 1), "redrawn", f"{code} was redrawn here on {day}: {EXPORT_FIRST}"
                )

    def current(self) -> Rows:
        found = list(Area.objects.filter(open=True).order_by("code"))
        rows: Rows = {
            a.code: {"name": a.name, "name_en": a.name_en, "level": a.level, "parent": a.parent_id or ""}
            for a in found
        }
        drawn = [a for a in found if a.level == "grid" and a.outline is not None]
        geometries = to_geojson(from_wkb(a.outline for a in drawn))
        for a, geometry in zip(drawn, geometries, strict=True):
            rows[a.code] |= {"generated": a.generated, "geometry": geometry}
        return rows

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        actions.set_areas(add | change, close=remove)


class Facilities:
    """The facilities: each at a point within the area it is said to be in."""

    name = "facilities"
    order = 15

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        for line, facility in _table(pack, FACILITIES, FacilitySchema):
            if facility.key in rows:
                pack.fault(FACILITIES, line, "twice", f"the facility {facility.key} is given twice")
            else:
                rows[facility.key] = facility.model_dump(exclude={"key"})
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        areas = everything.get("areas", {})
        for line, row in pack.csv(FACILITIES) if rows else []:
            facility = rows.get(row["key"])
            if facility is None:
                continue
            area = areas.get(facility["area"])
            if area is None:
                pack.fault(FACILITIES, line, "unknown_area", f"there is no area {facility['area']!r}")
            elif "geometry" in area:
                shape = from_geojson(area["geometry"])
                if not shapely.intersects_xy(shape, facility["lon"], facility["lat"]):
                    message = f"the point lies outside the grid {facility['area']}"
                    pack.fault(FACILITIES, line, "outside", message)

    def current(self) -> Rows:
        columns = ("key", "kind", "name", "lon", "lat", "area", "generated")
        return {row.pop("key"): dict(row) for row in Facility.objects.order_by("key").values(*columns)}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        actions.set_facilities(add | change, delete=remove)


class Names:
    """The gazetteer (地名库): roads by their stretches, estates, shops; the file may be missing."""

    name = "gazetteer"
    order = 16

    def read(self, pack: Pack) -> Rows:
        rows: Rows = {}
        for line, name in _table(pack, NAMES, NameSchema):
            if name.key in rows:
                pack.fault(NAMES, line, "twice", f"the name {name.key} is given twice")
            if name.high < name.low:
                pack.fault(NAMES, line, "numbers", f"house numbers from {name.low} to {name.high}")
            others = [one for one in name.other_names.split("|") if one]
            rows[name.key] = name.model_dump(exclude={"key"}) | {"other_names": others}
        return rows

    def check(self, rows: Rows, pack: Pack, everything: dict[str, Rows]) -> None:
        areas = everything.get("areas", {})
        for line, row in pack.csv(NAMES) if rows and areas else []:
            if row.get("area") not in areas:
                pack.fault(NAMES, line, "unknown_area", f"there is no area {row.get('area')!r}")

    def current(self) -> Rows:
        columns = tuple(NameSchema.model_fields)
        return {row.pop("key"): dict(row) for row in PlaceName.objects.order_by("key").values(*columns)}

    def apply(self, add: Rows, change: Rows, remove: Sequence[str]) -> None:
        actions.set_names(add | change, delete=remove)


def _known_until(pack: Pack) -> datetime:
    """Until when the pack knows what was redrawn: the time at which its grids were exported."""
    value = pack.json(GRIDS) if pack.exists(GRIDS) else None
    try:
        at = datetime.fromisoformat(str(value["as_of"])) if isinstance(value, dict) else LONG_AGO
    except (KeyError, ValueError):
        return LONG_AGO
    return at if at.tzinfo else LONG_AGO


def _divisions(pack: Pack) -> tuple[Rows, dict[str, tuple[str, int]]]:
    """The rows of `areas.csv` with right codes and levels, and where each is."""
    rows: Rows = {}
    where: dict[str, tuple[str, int]] = {}
    for line, area in _table(pack, AREAS, AreaSchema):
        try:
            level = codes.level(area.code)
        except ValueError as error:
            pack.fault(AREAS, line, "code", str(error))
            continue
        if area.code in rows:
            pack.fault(AREAS, line, "twice", f"the area {area.code} is given twice")
            continue
        if area.level != level:
            pack.fault(AREAS, line, "level", f"{area.code} is the code of a {level}, not of a {area.level!r}")
        rows[area.code] = area.model_dump(exclude={"code"}) | {"level": level}
        where[area.code] = (AREAS, line)
    return rows, where


def _grids(pack: Pack) -> list[tuple[int, GridSchema | None, Any]]:
    """The features of `grids.geojson`: line, properties, outline; None for what is faulty of these."""
    value = pack.json(GRIDS) if pack.exists(GRIDS) else None
    if value is None:
        return []
    if not isinstance(value, dict) or not isinstance(value.get("features"), list):
        pack.fault(GRIDS, 1, "shape", "expected a GeoJSON feature collection")
        return []
    lines = feature_lines((pack.root / GRIDS).read_text(encoding="utf-8-sig"))
    return [_grid(pack, line, feature) for line, feature in zip(lines, value["features"], strict=True)]


def _grid(pack: Pack, line: int, feature: Any) -> tuple[int, GridSchema | None, Any]:
    parts = feature if isinstance(feature, dict) else {}
    grid = _parse(pack, GRIDS, line, GridSchema, parts.get("properties"))
    try:
        return line, grid, from_geojson(parts.get("geometry") or {})
    except ValueError as error:
        pack.fault(GRIDS, line, "polygon", f"{grid.code}: {error}" if grid else str(error))
        return line, grid, None


def _check_tree(pack: Pack, rows: Rows, where: dict[str, tuple[str, int]]) -> None:
    county = str(pack.head.get("county", ""))
    for code, row in rows.items():
        file, line = where[code]
        above = codes.parent(code)
        if not (code.startswith(county) or county.startswith(code)):
            pack.fault(file, line, "county", f"{code} lies outside the county {county} of this pack")
        elif not row["parent"] and row["level"] in ("province", "city", "county"):
            continue
        elif row["parent"] != above:
            pack.fault(file, line, "parent", f"{code} lies in {above}, not in {row['parent']!r}")
        elif above not in rows:
            pack.fault(file, line, "unknown_parent", f"{code} lies in {above}, which is not in this pack")


def _check_tiling(
    pack: Pack, rows: Rows, where: dict[str, tuple[str, int]], shapes: dict[str, Any], complete: bool
) -> None:
    for complaint in complaints(shapes, complete=complete):
        file, line = where[complaint.grid]
        pack.fault(file, line, complaint.code, f"{complaint.grid}: {complaint.message}")
    with_grids = {
        code[:length] for code, row in rows.items() if row["level"] == "grid" for length in codes.LEVELS
    }
    for code in (rows.keys() - with_grids) if complete else ():
        file, line = where[code]
        pack.fault(file, line, "no_grid", f"there is no grid in {code} {rows[code]['name']}")


def _table(pack: Pack, file: str, schema: type[S]) -> list[tuple[int, S]]:
    """The rows of a CSV file that fit the schema, with their lines; there may be no such file."""
    lines = pack.csv(file) if pack.exists(file) else []
    needed = {name for name, field in schema.model_fields.items() if field.is_required()}
    missing = sorted(needed - set(lines[0][1])) if lines else []
    if missing:
        pack.fault(file, 1, "columns", f"the columns {', '.join(missing)} are missing")
        return []
    parsed = ((line, _parse(pack, file, line, schema, row)) for line, row in lines)
    return [(line, row) for line, row in parsed if row is not None]


def _parse(pack: Pack, file: str, line: int, schema: type[S], value: Any) -> S | None:
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"])
            pack.fault(file, line, problem["type"], f"{name}: {problem['msg']}" if name else problem["msg"])
        return None


SECTIONS = [Areas(), Facilities(), Names()]
