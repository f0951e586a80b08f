"""Areas in the database: what a pack applied is what is read, with few statements, and the rest is kept."""

import shutil
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from shanzhi.base.errors import NotFound
from shanzhi.base.geo import Point, wgs84_to_gcj02
from shanzhi.packs.files import Pack
from shanzhi.packs.queries import difference
from shanzhi.places import actions, queries
from shanzhi.places.models import Area
from shanzhi.places.pack import Areas, Facilities
from shanzhi.places.tests.test_pack import WUHOU

pytestmark = pytest.mark.django_db
Statements = Callable[[int], Any]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    root = tmp_path_factory.mktemp("wuhou")
    for name in ("pack.yaml", "areas.csv", "grids.geojson", "facilities.csv"):
        shutil.copy(WUHOU / name, root)
    pack = Pack(root)
    return {"areas": Areas().read(pack), "facilities": Facilities().read(pack)}


@pytest.fixture
def wuhou(db: None, rows: dict[str, dict[str, Any]]) -> None:
    Areas().apply(rows["areas"], {}, [])
    Facilities().apply(rows["facilities"], {}, [])


@pytest.fixture(autouse=True)
def nothing_kept() -> Any:
    yield
    queries.forget()


@pytest.mark.usefixtures("wuhou")
@pytest.mark.parametrize("section", [Areas(), Facilities()])
def test_applying_a_second_time_would_change_nothing(section: Any, rows: dict[str, dict[str, Any]]) -> None:
    assert not difference(section, rows[section.name])


@pytest.mark.usefixtures("wuhou")
def test_tree_and_locator_are_read_once(django_assert_max_num_queries: Statements) -> None:
    queries.county(), queries.locator()
    with django_assert_max_num_queries(1):  # the version, when it is older than two seconds
        assert queries.county() == "510107"
        assert queries.path("510107001006") == ["武侯区", "浆洗街街道", "锦里社区"]
        assert [place.name for place in queries.children("510107015")] == [
            "南桥社区",
            "三河社区",
            "沈家桥社区",
        ]
        assert queries.area("510107001").name_en == "Jiangxi Street Subdistrict"
        assert queries.names(["510107", "510107001", "999999"]) == {
            "510107": "武侯区",
            "510107001": "浆洗街街道",
        }
        assert len(queries.tree(depth=2)[0]["children"]) == 15
        assert queries.locator().grid_at(104.0, 30.0) is None


@pytest.mark.usefixtures("wuhou")
def test_each_grid_is_found_at_its_own_middle() -> None:
    grids = Area.objects.filter(level="grid")
    codes, lons, lats = zip(*grids.values_list("code", "lon", "lat"), strict=True)
    assert tuple(queries.locator().grids_at(lons, lats)) == codes


@pytest.mark.usefixtures("wuhou")
def test_points_of_chinese_web_maps_are_taken_back_first() -> None:
    place = queries.area("510107001006001")
    assert place.lon is not None and place.lat is not None
    here = Point(place.lon, place.lat)
    shown = wgs84_to_gcj02(here)
    assert queries.grid_of(here) == queries.grid_of(here, datum="cgcs2000") == place.code
    assert queries.grid_of(shown, datum="gcj02") == place.code
    assert queries.grid_of(shown) != place.code


@pytest.mark.usefixtures("wuhou")
def test_a_point_just_outside_has_a_nearest_grid_only_when_asked_for() -> None:
    west, _, _, north = shapely.from_wkb(bytes(Area.objects.get(code="510107").outline or b"")).bounds
    outside = Point(104.0240, north + 0.001)
    assert queries.grid_of(outside) is None
    assert str(queries.grid_of(outside, within_m=300)).startswith("510107001")
    assert queries.grid_of(Point(west - 1, north), within_m=300) is None


@pytest.mark.usefixtures("wuhou")
def test_outlines_for_a_map_take_one_statement(django_assert_num_queries: Statements) -> None:
    with django_assert_num_queries(1):
        streets = queries.outlines("510107")
    with django_assert_num_queries(1):
        grids = queries.outlines("510107", level="grid")
    assert (len(streets["features"]), len(grids["features"])) == (15, 635)
    first = streets["features"][0]
    assert first["properties"]["name"] == "浆洗街街道"
    assert first["properties"]["generated"] is True
    assert first["geometry"]["type"] == "Polygon"
    assert queries.outline("510107001") == first


@pytest.mark.usefixtures("wuhou")
def test_facilities_by_area_and_kind() -> None:
    (office,) = queries.facilities("510107", kind="street-office")[:1]
    assert office["name"] == "浆洗街街道办事处"
    assert len(queries.facilities("510107001")) == 10
    assert queries.locator().grid_at(office["lon"], office["lat"]) == office["area"]


@pytest.mark.usefixtures("wuhou")
def test_a_grid_that_a_new_pack_no_longer_has_is_closed_not_forgotten() -> None:
    place = queries.area("510107001006001")
    actions.set_areas({}, close=[place.code])
    assert queries.grid_of(Point(place.lon or 0, place.lat or 0)) is None
    assert queries.path(place.code)[-1] == "第一网格"
    assert place.code not in [child.code for child in queries.children("510107001006")]
    assert place.code not in Areas().current()


@pytest.mark.usefixtures("wuhou")
def test_outlines_above_follow_their_grids() -> None:
    before = shapely.from_wkb(bytes(Area.objects.get(code="510107001006").outline or b""))
    actions.set_areas({}, close=["510107001006001"])
    after = shapely.from_wkb(bytes(Area.objects.get(code="510107001006").outline or b""))
    assert after.area < before.area


def test_before_a_pack_is_applied_there_is_no_county() -> None:
    queries.forget()
    with pytest.raises(NotFound) as problem:
        queries.county()
    assert problem.value.code == "no_pack"


@pytest.mark.parametrize("ask", [queries.area, queries.outline])
def test_an_unknown_area_is_not_found(ask: Callable[[str], Any]) -> None:
    with pytest.raises(NotFound):
        ask("999999")
