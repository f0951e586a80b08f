"""The areas of a pack: the demo pack is right, and what is wrong with others is said by file and line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from shanzhi.packs.files import Pack
from shanzhi.places.pack import Areas, Facilities
from shanzhi.places.shapes import from_geojson, unions

WUHOU = Path(__file__).parents[4] / "packs" / "wuhou"

AREAS = """\
code,name,level,parent
510107,武侯区,county,
510107001,浆洗街街道,street,510107
510107001004,洗面桥社区,community,510107001
510107001005,蜀汉街社区,community,510107001
"""
SQUARES = {  # code: west, south; each 0.01 degrees wide
    "510107001004001": (104.00, 30.60),
    "510107001004002": (104.01, 30.60),
    "510107001005001": (104.00, 30.61),
    "510107001005002": (104.01, 30.61),
}


def square(west: float, south: float, width: float = 0.01) -> dict[str, Any]:
    east, north = round(west + width, 6), round(south + width, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code: str, geometry: Any) -> dict[str, Any]:
    properties = {"code": code, "name": "网格" + code[-3:], "generated": True}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def features() -> dict[str, dict[str, Any]]:
    return {code: feature(code, square(*corner)) for code, corner in SQUARES.items()}


def write(root: Path, areas: str = AREAS, grids: dict[str, dict[str, Any]] | None = None) -> Pack:
    """A pack with two communities of two grids each; the features are on lines 2 to 5."""
    (root / "pack.yaml").write_text('county: "510107"\n', encoding="utf-8")
    (root / "areas.csv").write_text(areas, encoding="utf-8")
    lines = ",\n".join(json.dumps(f) for f in (features() if grids is None else grids).values())
    text = '{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n"
    (root / "grids.geojson").write_text(text, encoding="utf-8")
    return Pack(root)


def faults(pack: Pack) -> list[tuple[str, int, str]]:
    Areas().read(pack)
    return sorted((fault.file, fault.line, fault.code) for fault in pack.faults)


def test_a_small_pack_without_faults(tmp_path: Path) -> None:
    pack = write(tmp_path)
    rows = Areas().read(pack)
    assert pack.faults == []
    assert list(rows) == [line.split(",")[0] for line in AREAS.splitlines()[1:]] + list(SQUARES)
    assert rows["510107001004001"] == {
        "name": "网格001",
        "name_en": "",
        "level": "grid",
        "parent": "510107001004",
        "generated": True,
        "geometry": square(104.0, 30.6),
    }


@pytest.mark.parametrize(
    ("line", "row", "expected"),
    [
        (3, "510107001,浆洗街街道,community,510107", [(3, "level")]),
        (3, "510107002,望江路街道,street,510107",
         [(3, "no_grid"), (4, "unknown_parent"), (5, "unknown_parent")]),
        (3, "510107001,浆洗街街道,street,", [(3, "parent")]),
        (4, "510107001004,洗面桥社区,community,510107002", [(4, "parent")]),
        (5, "510107001004,洗面桥社区,community,510107001", [(5, "twice")]),
        (5, "5101070010,蜀汉街社区,community,510107001", [(5, "code")]),
        (5, "510107001005,,community,510107001", [(5, "string_too_short")]),
        (5, "510107001005,蜀汉街社区,community", [(5, "cells")]),
        (5, "510108001005,蜀汉街社区,community,510108001", [(5, "county"), (5, "no_grid")]),
    ],
)  # fmt: skip
def test_faults_in_the_table_of_areas(
    tmp_path: Path, line: int, row: str, expected: list[tuple[int, str]]
) -> None:
    lines = AREAS.splitlines()
    lines[line - 1] = row
    found = faults(write(tmp_path, "\n".join(lines) + "\n"))
    assert [(at, code) for file, at, code in found if file == "areas.csv"] == expected


def test_a_table_without_its_columns_is_one_fault(tmp_path: Path) -> None:
    pack = write(tmp_path, "code,title\n510107,武侯区\n", grids={})
    assert faults(pack) == [("areas.csv", 1, "columns")]


Change = Callable[[dict[str, dict[str, Any]]], Any]


def geometry(code: str, value: Any) -> Change:
    return lambda grids: grids[code].update(geometry=value)


def prop(code: str, name: str, value: Any) -> Change:
    return lambda grids: grids[code]["properties"].update({name: value})


FIRST, SECOND, THIRD, FOURTH = SQUARES
NARROW_GAP = {"type": "Polygon", "coordinates": [
    [[104.01001, 30.61], [104.02, 30.61], [104.02, 30.62], [104.01001, 30.62], [104.01001, 30.61]]
]}  # fmt: skip
BOW_TIE = {"type": "Polygon", "coordinates": [
    [[104.01, 30.61], [104.02, 30.62], [104.02, 30.61], [104.01, 30.62], [104.01, 30.61]]
]}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (geometry(SECOND, square(104.009, 30.60)), [(3, "overlap"), (5, "border")]),
        (geometry(FOURTH, square(104.00, 30.61)), [(5, "overlap")]),
        (geometry(FOURTH, square(104.003, 30.613, 0.002)), [(5, "overlap")]),
        (geometry(FOURTH, NARROW_GAP), [(3, "border"), (4, "border"), (5, "border")]),
        (geometry(FOURTH, BOW_TIE), [(5, "polygon")]),
        (geometry(FOURTH, square(30.61, 104.01)), [(5, "polygon")]),
        (geometry(FOURTH, {"type": "Point", "coordinates": [104, 30]}), [(5, "polygon")]),
        (geometry(FOURTH, {"type": "Polygon", "coordinates": [[[104, 30], [105, 30]]]}), [(5, "polygon")]),
        (geometry(FOURTH, None), [(5, "polygon")]),
        (lambda grids: grids.update(again=grids[FIRST]), [(6, "twice")]),
        (lambda grids: grids.update(nothing={"type": "Feature"}), [(6, "model_type"), (6, "polygon")]),
        (prop(FOURTH, "code", "510107001005"), [(5, "string_pattern_mismatch")]),
        (prop(FOURTH, "code", "510107001009001"), [(5, "unknown_parent")]),
        (prop(FOURTH, "colour", "red"), [(5, "extra_forbidden")]),
    ],
)  # fmt: skip
def test_faults_in_the_grids(tmp_path: Path, change: Change, expected: list[tuple[int, str]]) -> None:
    grids = features()
    change(grids)
    assert faults(write(tmp_path, grids=grids)) == [("grids.geojson", *fault) for fault in expected]


def test_a_community_without_grids_is_a_fault(tmp_path: Path) -> None:
    grids = {code: f for code, f in features().items() if code.startswith("510107001004")}
    assert faults(write(tmp_path, grids=grids)) == [("areas.csv", 5, "no_grid")]


def test_ground_that_no_grid_covers_is_a_fault(tmp_path: Path) -> None:
    corners = [(x, y) for y in range(3) for x in range(3) if (x, y) != (1, 1)]
    grids = {}
    for i, (x, y) in enumerate(corners):
        code = f"51010700100{4 + i % 2}{1 + i:03}"
        grids[code] = feature(code, square(round(104 + x / 100, 6), round(30.6 + y / 100, 6)))
    assert faults(write(tmp_path, grids=grids)) == [("grids.geojson", 2, "hole")]


def test_a_pack_may_have_no_outlines_at_all(tmp_path: Path) -> None:
    pack = write(tmp_path)
    (tmp_path / "grids.geojson").unlink()
    assert faults(pack) == []


@pytest.mark.parametrize("text", ["[]", '{"type": "FeatureCollection"}', '{"features": 3}'])
def test_what_is_no_feature_collection_is_a_fault(tmp_path: Path, text: str) -> None:
    pack = write(tmp_path)
    (tmp_path / "grids.geojson").write_text(text)
    assert faults(pack) == [("grids.geojson", 1, "shape")]


FACILITIES = """\
key,kind,name,lon,lat,area,generated
office-1,street-office,浆洗街街道办事处,104.005,30.605,510107001004001,true
"""


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("centre,service-centre,中心,104.015,30.605,510107001004002,", [(3, "bool_parsing")]),
        ("centre,service-centre,中心,104.015,30.605,510107001004001,true", [(3, "outside")]),
        ("centre,service-centre,中心,104.015,30.605,510107001004009,true", [(3, "unknown_area")]),
        ("centre,service-centre,中心,30.605,104.015,510107001004001,true",
         [(3, "greater_than_equal"), (3, "less_than_equal")]),
        ("office-1,service-centre,中心,104.015,30.605,510107001004002,true", [(3, "twice")]),
        ("centre,service-centre,中心,104.015,30.605,510107001004,no", []),
    ],
)  # fmt: skip
def test_faults_in_the_facilities(tmp_path: Path, row: str, expected: list[tuple[int, str]]) -> None:
    pack = write(tmp_path)
    (tmp_path / "facilities.csv").write_text(FACILITIES + row + "\n", encoding="utf-8")
    rows = Facilities().read(pack)
    Facilities().check(rows, pack, {"areas": Areas().read(pack)})
    assert sorted((fault.line, fault.code) for fault in pack.faults) == expected


@pytest.fixture(scope="module")
def wuhou(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The areas of the demo pack, without its other files."""
    root = tmp_path_factory.mktemp("wuhou")
    for name in ("pack.yaml", "areas.csv", "grids.geojson", "facilities.csv"):
        shutil.copy(WUHOU / name, root)
    return Pack(root)


def test_the_demo_pack_has_the_real_streets_and_communities(wuhou: Pack) -> None:
    rows = Areas().read(wuhou)
    Facilities().check(Facilities().read(wuhou), wuhou, {"areas": rows})
    assert wuhou.faults == []
    levels = [row["level"] for row in rows.values()]
    counts = [levels.count(level) for level in ("province", "city", "county", "street", "community")]
    assert counts == [1, 1, 1, 15, 113]
    assert 600 <= levels.count("grid") <= 700
    assert rows["510107001"]["name"] == "浆洗街街道"
    assert rows["510107005004"]["name"] == "倪家桥社区"


def test_the_demo_pack_says_that_its_outlines_are_made_up(wuhou: Pack) -> None:
    grids = [row for row in Areas().read(wuhou).values() if row["level"] == "grid"]
    assert all(row["generated"] for row in grids)
    assert "made up" in (WUHOU / "SOURCES.md").read_text(encoding="utf-8")


def test_the_grids_of_the_demo_pack_tile_it_exactly(wuhou: Pack) -> None:
    rows = Areas().read(wuhou)
    shapes = {code: from_geojson(row["geometry"]) for code, row in rows.items() if "geometry" in row}
    areas = unions(shapes, (6, 9, 12))
    district = areas["510107"]
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert district.geom_type == "Polygon" and not district.interiors
    for length in (9, 12, 15):
        parts = [shape for code, shape in (areas | shapes).items() if len(code) == length]
        assert sum(part.area for part in parts) == pytest.approx(district.area, rel=1e-12)
        assert shapely.union_all(parts).symmetric_difference(district).area < 1e-15
    assert {shape.geom_type for shape in areas.values()} == {"Polygon"}
