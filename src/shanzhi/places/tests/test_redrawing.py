"""Redrawing keeps the ground: whatever is split, merged, handed over or moved, nothing is left out or had twice."""

from collections.abc import Callable
from math import cos, sin
from typing import Any

import pytest
import shapely
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from shanzhi.base.errors import Invalid
from shanzhi.places import redrawing
from shanzhi.places.locate import METRES_PER_DEGREE
from shanzhi.places.redrawing import LEAST, faults, snapped, square_metres
from shanzhi.places.tests.tiling import town
from shanzhi.places.tiling import complaints

CODES, POLYGONS = town(3, 3)
TOWN = dict(zip(CODES, POLYGONS, strict=True))
MIDDLE = CODES[4]
GROUND = shapely.union_all(POLYGONS)
NEW = "510107999999999"


def area(shapes: dict[str, Any]) -> float:
    return float(sum(one.area for one in shapes.values()))


def sound(shapes: dict[str, Any]) -> bool:
    """The same ground, without gap or overlap, each corner of a border shared exactly.

    A slit of less than 5 m between two grids, as a line nearly along the outer border makes it, is no gap.
    """
    whole = abs(area(shapes) - area(TOWN)) <= 1e-9 * area(TOWN)
    told = [one for one in faults(shapes, GROUND, {}) if one.kind != "border"]
    return whole and not told and bool(shapely.coverage_is_valid([*shapes.values()]))


def across(shape: Any, one: float, other: float) -> list[tuple[float, float]]:
    """A line between two points of a border, both given as shares of its length."""
    border = shape.boundary
    ends = [border.interpolate(at, normalized=True) for at in (one, other)]
    return [(end.x, end.y) for end in ends]


def or_another(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What came of it; another example where this one is refused (Hypothesis says so when too many are)."""
    try:
        return work()
    except Invalid:
        reject()


shares = st.floats(0, 1, exclude_max=True)


@settings(max_examples=60)
@given(st.sampled_from(CODES), shares, st.floats(0.3, 0.7))
def test_split_keeps_area_and_leaves_neither_gap_nor_overlap(code: str, at: float, further: float) -> None:
    line = across(TOWN[code], at, (at + further) % 1)
    after = or_another(lambda: redrawing.split(TOWN, code, line, NEW))
    assert sound(after)
    assert after[code].area >= after[NEW].area
    assert square_metres(after[code]) + square_metres(after[NEW]) == pytest.approx(
        square_metres(TOWN[code]), rel=1e-6
    )


@settings(max_examples=30)
@given(st.sampled_from(CODES), shares)
def test_what_was_split_and_merged_again_is_what_it_was(code: str, at: float) -> None:
    parted = or_another(lambda: redrawing.split(TOWN, code, across(TOWN[code], at, (at + 0.5) % 1), NEW))
    again = redrawing.merge(parted, [NEW], keep=code)
    assert sound(again)
    assert set(again) == set(TOWN)
    assert again[code].symmetric_difference(TOWN[code]).area < 1e-14


@settings(max_examples=30)
@given(shares, st.sampled_from([CODES[i] for i in (1, 3, 5, 7)]))
def test_a_part_is_handed_to_a_neighbour(at: float, taker: str) -> None:
    line = across(TOWN[MIDDLE], at, (at + 0.4) % 1)
    after = or_another(lambda: redrawing.reassign(TOWN, MIDDLE, taker, line))
    assert sound(after)
    assert after[taker].area > TOWN[taker].area
    assert after[MIDDLE].area < TOWN[MIDDLE].area


@settings(max_examples=30)
@given(st.integers(0, 15), st.floats(-3e-4, 3e-4), st.floats(-3e-4, 3e-4))
def test_a_corner_moves_in_all_grids_that_have_it(corner: int, east: float, north: float) -> None:
    x, y = list(TOWN[MIDDLE].exterior.coords)[corner % (len(TOWN[MIDDLE].exterior.coords) - 1)]
    after = or_another(lambda: redrawing.moved(TOWN, (x, y), (x + east, y + north)))
    told = faults(after, GROUND, {})
    assert sound(after) or told  # a corner dragged across another grid is said to overlap
    assert all(one.kind in ("overlap", "gap", "outside") for one in told)


@given(shares, st.floats(0, 6), st.floats(0, 6.28))
def test_a_point_within_the_tolerance_is_drawn_to_the_border_and_no_further(
    at: float, away: float, turn: float
) -> None:
    border = TOWN[MIDDLE].boundary
    on = border.interpolate(at, normalized=True)
    point = (on.x + cos(turn) * away / METRES_PER_DEGREE, on.y + sin(turn) * away / METRES_PER_DEGREE)
    [(x, y)] = snapped([point], TOWN.values(), 3.0)
    moved_by = shapely.Point(x, y).distance(shapely.Point(point)) * METRES_PER_DEGREE
    assert moved_by <= 3.0 + 1e-6
    if away <= 2.9:
        assert border.distance(shapely.Point(x, y)) < 1e-9 or moved_by > 0
    if moved_by > 0:
        assert min(one.boundary.distance(shapely.Point(x, y)) for one in TOWN.values()) < 1e-9


def test_grids_that_do_not_touch_are_not_merged() -> None:
    with pytest.raises(Invalid):
        redrawing.merge(TOWN, [CODES[0]], keep=CODES[8])
    with pytest.raises(Invalid):
        redrawing.merge(TOWN, [CODES[0]], keep=CODES[0])


@pytest.mark.parametrize("line", [[], [(103.9, 30.5)], [(100.0, 30.0), (100.1, 30.0)]])
def test_a_line_that_does_not_cut_is_refused(line: list[tuple[float, float]]) -> None:
    with pytest.raises(Invalid):
        redrawing.split(TOWN, MIDDLE, line, NEW)


def test_a_gap_and_an_overlap_are_named_with_place_and_size() -> None:
    left = {code: shape for code, shape in TOWN.items() if code != MIDDLE}
    [gap] = faults(left, GROUND, {})
    assert (gap.kind, round(gap.m2)) == ("gap", round(square_metres(TOWN[MIDDLE])))
    assert TOWN[MIDDLE].contains(shapely.Point(gap.lon, gap.lat))
    assert set(gap.codes) >= {CODES[1], CODES[3], CODES[5], CODES[7]}
    twice = {**TOWN, MIDDLE: shapely.union_all([TOWN[MIDDLE], TOWN[CODES[5]]])}
    [overlap] = faults(twice, GROUND, {})
    assert (overlap.kind, overlap.codes) == ("overlap", (MIDDLE, CODES[5]))
    assert overlap.m2 == pytest.approx(square_metres(TOWN[CODES[5]]), rel=1e-6)


def test_the_ground_of_others_is_an_overlap_and_nobodys_is_outside() -> None:
    mine, theirs = {MIDDLE: TOWN[MIDDLE].buffer(0.0005)}, {CODES[5]: TOWN[CODES[5]]}
    kinds = {one.kind for one in faults(mine, TOWN[MIDDLE], theirs)}
    assert kinds == {"overlap", "outside"}


def test_a_grid_is_drawn_on_free_ground_only() -> None:
    left = {code: shape for code, shape in TOWN.items() if code != MIDDLE}
    around = TOWN[MIDDLE].envelope.buffer(0.0005).exterior.coords[:-1]
    after = redrawing.drawn(left, NEW, [(x, y) for x, y in around])
    assert sound(after)
    with pytest.raises(Invalid):
        redrawing.drawn(TOWN, NEW, [(x, y) for x, y in TOWN[MIDDLE].exterior.coords[:-1]])


def test_outlines_from_elsewhere_are_drawn_together() -> None:
    rough = {code: shapely.transform(one, lambda p: p.round(6)) for code, one in TOWN.items()}
    after = redrawing.settled(rough, [])
    assert not list(complaints(after))
    assert all(square_metres(one) > LEAST for one in after.values())
