"""Point to grid: exactly one grid for each covered point, the same one at a time and in bulk."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.places.locate import Locator
from shanzhi.places.tests.tiling import town

CODES, POLYGONS = town(8, 6)
LOCATOR = Locator(CODES, POLYGONS)
WEST, SOUTH, EAST, NORTH = (float(side) for side in shapely.total_bounds(POLYGONS))
EDGES = [
    (a, b)
    for polygon in POLYGONS
    for a, b in zip(polygon.exterior.coords[:-1], polygon.exterior.coords[1:], strict=True)
]

anywhere = st.tuples(st.floats(WEST - 0.002, EAST + 0.002), st.floats(SOUTH - 0.002, NORTH + 0.002))
vertices = st.sampled_from([edge[0] for edge in EDGES])
midpoints = st.sampled_from([((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in EDGES])
points = anywhere | vertices | midpoints


def by_definition(lon: float, lat: float) -> str | None:
    """The lowest code among the polygons that cover the point."""
    point = shapely.Point(lon, lat)
    return min((c for c, p in zip(CODES, POLYGONS, strict=True) if p.covers(point)), default=None)


def in_bulk(locator: Locator, lon: float, lat: float) -> str | None:
    (found,) = locator.grids_at([lon], [lat])
    return str(found) if found else None


@given(points)
def test_one_at_a_time_and_in_bulk_agree_with_the_definition(point: tuple[float, float]) -> None:
    assert LOCATOR.grid_at(*point) == in_bulk(LOCATOR, *point) == by_definition(*point)


@given(points)
def test_each_point_of_the_town_is_in_exactly_one_grid_and_no_other_point_in_any(
    point: tuple[float, float],
) -> None:
    town_covers_it = shapely.union_all(POLYGONS).covers(shapely.Point(point))
    assert (LOCATOR.grid_at(*point) is not None) == town_covers_it


@given(vertices | midpoints, st.permutations(range(len(CODES))))
def test_the_order_in_which_the_polygons_are_given_does_not_matter(
    point: tuple[float, float], order: list[int]
) -> None:
    other = Locator([CODES[i] for i in order], [POLYGONS[i] for i in order])
    assert other.grid_at(*point) == LOCATOR.grid_at(*point)


def test_on_a_shared_corner_the_lowest_code_wins() -> None:
    squares = [shapely.box(x, y, x + 1, y + 1) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
    locator = Locator(["d", "b", "c", "a"], squares)
    assert locator.grid_at(1, 1) == in_bulk(locator, 1, 1) == "a"
    assert locator.grid_at(1, 0.5) == in_bulk(locator, 1, 0.5) == "b"
    assert locator.grid_at(0.5, 0) == in_bulk(locator, 0.5, 0) == "d"


def test_holes_and_several_parts_are_respected() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    islands = shapely.union_all([shapely.box(4, 0, 5, 1), shapely.box(4, 2, 5, 3)])
    locator = Locator(["ring", "islands"], [ring, islands])
    table = {(0.5, 0.5): "ring", (1.5, 1.5): None, (4.5, 0.5): "islands", (4.5, 1.5): None, (1, 1.5): "ring"}
    for point, expected in table.items():
        assert locator.grid_at(*point) == in_bulk(locator, *point) == expected


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf"), 1e300])
def test_what_is_no_place_is_in_no_grid(bad: float) -> None:
    for point in ((bad, SOUTH), (WEST, bad), (bad, bad)):
        assert LOCATOR.grid_at(*point) is None
        assert in_bulk(LOCATOR, *point) is None


def test_bulk_keeps_the_order_and_gives_indices_into_the_sorted_codes() -> None:
    centres = shapely.centroid(POLYGONS[::-1])
    found = LOCATOR.indices_at(shapely.get_x(centres), shapely.get_y(centres))
    assert [LOCATOR.codes[i] for i in found] == CODES[::-1]
    assert LOCATOR.indices_at([0.0], [0.0]).tolist() == [-1]
    assert LOCATOR.grids_at([], []).tolist() == []


def test_nearest_takes_points_just_outside_but_not_far_ones() -> None:
    edge = POLYGONS[0].exterior.coords[0]
    metre = 1 / 111_319.5
    outside = (float(edge[0]), SOUTH - 200 * metre)
    assert LOCATOR.grid_at(*outside) is None
    assert LOCATOR.nearest(*outside, within_m=400) == CODES[0]
    assert LOCATOR.nearest(*outside, within_m=100) is None
    assert LOCATOR.nearest(0, 0, within_m=1000) is None


@given(points)
def test_the_grid_nearest_to_a_point_within_a_grid_is_that_grid(point: tuple[float, float]) -> None:
    if found := LOCATOR.grid_at(*point):
        nearest = LOCATOR.nearest(*point, within_m=1)
        other = POLYGONS[CODES.index(str(nearest))]
        assert nearest == found or other.distance(shapely.Point(point)) < 1e-9


def test_nearest_measures_metres_not_degrees() -> None:
    # 0.0010 degrees of longitude are 86 m in Chengdu, 0.0009 degrees of latitude 100 m
    east, north = shapely.box(104.001, 30.5, 104.002, 30.6), shapely.box(103.9, 30.6009, 104.0005, 30.61)
    locator = Locator(["north", "east"], [north, east])
    assert locator.nearest(104.0, 30.6, within_m=500) == "east"


def test_a_locator_without_polygons_finds_nothing() -> None:
    empty = Locator([], [])
    assert len(empty) == 0
    assert empty.grid_at(104, 30.6) is None
    assert empty.nearest(104, 30.6, within_m=1000) is None
    assert empty.grids_at([104.0, 0], [30.6, 0]).tolist() == [None, None]


@pytest.mark.parametrize("codes", [["a"], ["a", "a"], ["a", "b", "c"]])
def test_codes_must_be_one_for_each_polygon(codes: list[str]) -> None:
    with pytest.raises(ValueError):
        Locator(codes, [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])


def test_a_town_tiles_exactly() -> None:
    assert shapely.coverage_is_valid(POLYGONS)
    assert np.isclose(shapely.area(POLYGONS).sum(), shapely.union_all(POLYGONS).area, rtol=1e-12)
