"""What lies around a place."""

from hypothesis import assume, given
from hypothesis import strategies as st

from shanzhi.base.geo import Point, distance_m
from shanzhi.web.around import box, closest, point, shown_place

points = st.builds(Point, st.floats(73, 135), st.floats(3, 54))
near = st.floats(-0.05, 0.05)
radii = st.floats(1, 5_000)


@given(points, near, near, radii)
def test_a_box_holds_every_point_of_its_circle(
    middle: Point, east: float, north: float, radius: float
) -> None:
    other = Point(middle.lon + east, middle.lat + north)
    assume(distance_m(middle, other) <= radius)
    assert box(middle, radius).holds(other)


@given(points, st.lists(st.tuples(near, near)), radii)
def test_the_closest_come_first_and_none_lies_outside(
    middle: Point, shifts: list[tuple[float, float]], radius: float
) -> None:
    rows = [{"lon": middle.lon + e, "lat": middle.lat + n} for e, n in shifts] + [{"lon": None, "lat": None}]
    metres = [row["metres"] for row in closest(rows, middle, radius)]
    assert metres == sorted(metres)
    assert all(m <= radius for m in metres)


@given(st.floats(73, 135), st.floats(3, 54))
def test_a_shown_place_is_at_most_eight_metres_off(lon: float, lat: float) -> None:
    shown = shown_place(lon, lat)
    assert shown is not None
    assert distance_m(Point(lon, lat), Point(*shown)) < 8


@given(st.text(max_size=12), st.text(max_size=12))
def test_whatever_stands_in_an_address_is_a_point_on_the_earth_or_none(lon: str, lat: str) -> None:
    found = point(lon, lat)
    assert found is None or (abs(found.lon) <= 180 and abs(found.lat) <= 90)


def test_an_unknown_place_is_not_shown() -> None:
    assert shown_place(None, None) is None
    assert point("nan", "1") is None
