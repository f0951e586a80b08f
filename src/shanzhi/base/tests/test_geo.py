"""Distances and map shifts. Every place here is public: squares, stations, airports."""

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from shanzhi.base.geo import Point, cell, distance_m, gcj02_to_wgs84, in_china, wgs84_to_gcj02

TIANFU = Point(104.0657, 30.6574)  # 天府广场, Chengdu
TIANANMEN = Point(116.3913, 39.9075)
NEAR_TIANFU = Point(104.0658, 30.6574)

anywhere = st.builds(Point, st.floats(-180, 180), st.floats(-90, 90))
inland = st.builds(Point, st.floats(73.5, 135), st.floats(3, 53.5))


def test_the_distance_between_two_squares() -> None:
    assert distance_m(TIANFU, TIANANMEN) == pytest.approx(1_517_000, rel=0.005)
    assert distance_m(TIANFU, NEAR_TIANFU) == pytest.approx(9.57, abs=0.02)


@given(inland, inland)
def test_the_sphere_agrees_with_the_ellipsoid_within_six_in_a_thousand(one: Point, other: Point) -> None:
    exact = Geod(ellps="WGS84").inv(one.lon, one.lat, other.lon, other.lat)[2]
    assert distance_m(one, other) == pytest.approx(exact, rel=0.006, abs=0.01)


@given(anywhere, anywhere, anywhere)
def test_distances_are_a_metric(one: Point, other: Point, third: Point) -> None:
    assert distance_m(one, one) == 0
    assert distance_m(one, other) == pytest.approx(distance_m(other, one), abs=1e-3)
    assert (
        distance_m(one, third) <= distance_m(one, other) + distance_m(other, third) + 1
    )  # rounding at antipodes


@given(anywhere)
def test_the_other_side_of_the_earth_is_half_way_round(point: Point) -> None:
    opposite = Point(point.lon - 180 if point.lon > 0 else point.lon + 180, -point.lat)
    assert distance_m(point, opposite) == pytest.approx(20_015_114, abs=1)


def test_web_maps_shift_by_hundreds_of_metres_in_china_only() -> None:
    shown = wgs84_to_gcj02(TIANANMEN)
    assert distance_m(shown, Point(116.39754, 39.90890)) < 1
    assert 100 < distance_m(TIANFU, wgs84_to_gcj02(TIANFU)) < 700
    paris = Point(2.3522, 48.8566)
    assert wgs84_to_gcj02(paris) == gcj02_to_wgs84(paris) == paris


@given(inland)
def test_the_shift_is_undone_to_a_tenth_of_a_millimetre(point: Point) -> None:
    back = gcj02_to_wgs84(wgs84_to_gcj02(point))
    assert back.lon == pytest.approx(point.lon, abs=1e-9)
    assert back.lat == pytest.approx(point.lat, abs=1e-9)


@given(anywhere)
def test_no_point_moves_further_than_the_shift(point: Point) -> None:
    """At the edges of the box too, where a shifted point can leave it."""
    for moved in (wgs84_to_gcj02(point), gcj02_to_wgs84(point)):
        assert distance_m(point, moved) < 750 if in_china(point) else moved == point


def test_cgcs2000_is_taken_as_it_is_as_proj_does() -> None:
    convert = Transformer.from_crs(4490, 4326, always_xy=True)
    assert convert.transform(TIANFU.lon, TIANFU.lat) == (TIANFU.lon, TIANFU.lat)


def test_cells_are_hexagons_of_a_tenth_of_a_square_kilometre() -> None:
    here = cell(TIANFU)
    assert cell(NEAR_TIANFU) == here
    assert h3.get_resolution(here) == 9
    assert h3.cell_area(here, unit="km^2") == pytest.approx(0.1, rel=0.3)
    assert h3.cell_to_parent(cell(TIANFU, 10), 9) in {here, *h3.grid_disk(here, 1)}
    assert cell(TIANANMEN) != here
