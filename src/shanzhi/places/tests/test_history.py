"""Which grid was it last year: shapes are kept, each with its days, and a pack does not undo what was redrawn."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import shapely

from shanzhi.base.clock import now
from shanzhi.base.geo import Point
from shanzhi.packs.actions import Faulty, apply
from shanzhi.places import actions, exporting, history, queries, redrawing
from shanzhi.places.history import Change, today
from shanzhi.places.models import Area, Facility, GridShape
from shanzhi.places.tests.test_pack import WUHOU

pytestmark = pytest.mark.usefixtures("district")
FIRST, NEW = "510107001004001", "510107001004099"
LAST_YEAR = date(2024, 6, 1)


def began(day: date) -> None:
    """As if the pack had been applied on a day long ago."""
    GridShape.objects.update(since=day)
    queries.forget()


def parted(day: date) -> tuple[Point, Point]:
    """The first grid cut in two on a day; a point in the part that stays, and one in the new grid."""
    shapes, everything = queries.grid_shapes(FIRST[:12]), queries.grid_shapes("510107")
    west, _, east, _ = shapes[FIRST].bounds
    middle = (west + east) / 2
    after = redrawing.split(shapes, FIRST, [(middle, 30.0), (middle, 31.0)], NEW)
    after, corners = redrawing.fitted(after, redrawing.near(shapes, everything))
    corners |= {code: one for code, one in after.items() if code not in (FIRST, NEW)}
    changed = {code: one for code, one in after.items() if code in (FIRST, NEW)}
    changes = {code: Change("网格", shapely.to_wkb(one), "split", (FIRST,)) for code, one in changed.items()}
    actions.redraw(changes, day, corners=corners)
    inside = [changed[code].representative_point() for code in (FIRST, NEW)]
    return Point(inside[0].x, inside[0].y), Point(inside[1].x, inside[1].y)


def test_a_point_is_asked_for_as_of_a_day() -> None:
    began(LAST_YEAR)
    stays, goes = parted(today())
    assert queries.grid_of(goes) == NEW == queries.grid_on(goes, today())
    assert queries.grid_on(goes, today() - timedelta(days=1)) == FIRST
    assert queries.grid_on(stays, today() - timedelta(days=1)) == FIRST == queries.grid_of(stays)
    assert queries.grid_on(goes, LAST_YEAR) == FIRST
    assert queries.grid_on(goes, LAST_YEAR - timedelta(days=1)) is None
    other = queries.area("510107015001001")
    assert queries.grid_on(Point(other.lon or 0, other.lat or 0), LAST_YEAR) == other.code


def test_shapes_are_kept_with_their_days() -> None:
    began(LAST_YEAR)
    parted(today())
    now_, first = history.of_grid(FIRST)
    assert (first["since"], first["until"], first["how"]) == (LAST_YEAR, today(), "pack")
    assert (now_["since"], now_["until"], now_["how"]) == (today(), None, "split")
    assert history.heirs(FIRST) == [NEW]
    before, after = now() - timedelta(days=1), now() + timedelta(days=1)
    assert queries.redrawn_since(FIRST, before) == today()
    assert queries.redrawn_since(FIRST, after) is None
    assert queries.redrawn_since("510107015001001", before) is None
    ground = [row["geometry"] for row in history.of_grid(NEW)]
    assert len(ground) == 1


def test_facilities_and_outlines_above_follow() -> None:
    place, _ = parted(today())
    shape = shapely.from_wkb(bytes(Area.objects.get(code=NEW).outline or b"")).representative_point()
    Facility.objects.create(
        key="x", kind="shop", name="x", lon=shape.x, lat=shape.y, area=FIRST, county="510107"
    )
    actions.redraw(
        {FIRST: Change("改名", bytes(Area.objects.get(code=FIRST).outline or b""), "rename")},
        today(),
        corners={},
    )
    assert Facility.objects.get(key="x").area == NEW
    assert queries.area(FIRST).name == "改名"


def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WUHOU, tmp_path / "wuhou"))


def test_a_pack_does_not_silently_undo_what_was_redrawn(tmp_path: Path) -> None:
    parted(today())
    root = folder(tmp_path)
    with pytest.raises(Faulty) as refused:
        apply("system", root)
    assert {(fault.code, fault.file) for fault in refused.value.faults} == {("redrawn", "grids.geojson")}
    assert any(FIRST in fault.message and fault.line > 1 for fault in refused.value.faults)


def test_grids_are_exported_back_into_the_pack(tmp_path: Path) -> None:
    parted(today())
    root = folder(tmp_path)
    (root / "grids.geojson").write_text(exporting.grids(now() + timedelta(seconds=1)))
    (root / "facilities.csv").write_text(exporting.facilities())
    assert not {"areas", "facilities"} & set(apply("system", root))
    text = (root / "grids.geojson").read_text().replace("第一网格", "头一网格", 1)
    (root / "grids.geojson").write_text(text)  # the pack knows of the redrawing, so it may go on from there
    assert apply("system", root)["areas"] == {"add": 0, "change": 1, "remove": 0}


def test_a_pack_may_replace_what_was_redrawn_when_it_says_so(tmp_path: Path) -> None:
    _, goes = parted(today())
    root = folder(tmp_path)
    with (root / "pack.yaml").open("a") as head:
        head.write("redrawn_grids: replace\n")
    assert apply("system", root)["areas"]["remove"] == 1
    queries.forget()
    assert queries.grid_of(goes) == FIRST
    assert [row["how"] for row in history.of_grid(FIRST)] == ["pack", "split", "pack"]
    assert not history.edited()
