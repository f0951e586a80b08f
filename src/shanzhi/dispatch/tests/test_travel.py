import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.geo import Point, distance_m
from shanzhi.dispatch import travel
from shanzhi.dispatch.travel import DETOUR, WALK, Day, Edge, Factor, Roads, Speeds, Straight, flat_metres

NODES = [(104.06, 30.63), (104.07, 30.63), (104.07, 30.64), (104.20, 30.70)]
RING = [Edge(0, 1, 200), Edge(1, 2, 220), Edge(2, 0, 400), Edge(0, 1, 900)]
RUSH = Day((Factor(480, 540, 1.5),))
AT = np.array(NODES[:3])


def test_ways_follow_the_roads_and_their_directions() -> None:
    found = Roads.build(NODES, RING).between(AT, AT)
    assert found[0, 1] == 200 and found[0, 2] == 420 and found[1, 0] == pytest.approx(620), (
        "the quicker of two"
    )
    assert found.diagonal().tolist() == [0, 0, 0]


def test_what_is_cut_off_is_left_out() -> None:
    roads = Roads.build(NODES, [*RING, Edge(0, 3, 100)])  # one can go there, and not come back
    assert len(roads.nodes) == 3
    assert roads.between(AT[:1], np.array(NODES[3:]))[0, 0] > 1000, "walked to from the nearest road"


def test_a_point_walks_to_its_road_and_next_door_is_walked_to() -> None:
    roads = Roads.build(NODES, RING)
    off = np.array([(104.06, 30.631)])
    walk = distance_m(Point(104.06, 30.63), Point(104.06, 30.631)) * DETOUR / WALK
    assert roads.between(off, AT[1:2])[0, 0] == pytest.approx(200 + walk, rel=0.001)
    assert roads.between(AT[1:2], AT[1:2] + 0.0001)[0, 0] < 20


def test_large_graphs_are_searched_and_answer_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Roads.build(NODES, RING).between(AT, AT[:2])
    monkeypatch.setattr(travel, "WHOLE", 1)
    for origins, goals, expected in ((AT, AT[:2], known), (AT[:1], AT[:2], known[:1])):
        assert Roads.build(NODES, RING).between(origins, goals) == pytest.approx(expected)


def test_rush_hours_stretch_the_way_and_not_the_walk() -> None:
    roads = Roads.build(NODES, RING, RUSH)
    assert roads.between(AT[:1], AT[1:2], 500)[0, 0] == 300
    assert roads.between(AT[:1], AT[1:2], 540)[0, 0] == 200
    assert RUSH.at(500 + 1440) == 1.5, "on every day"


@given(st.floats(104, 104.5), st.floats(30, 30.5), st.floats(104, 104.5), st.floats(30, 30.5))
def test_the_flat_distance_is_the_round_one_inside_a_county(x: float, y: float, u: float, v: float) -> None:
    flat = float(flat_metres(np.array([(x, y)]), np.array([(u, v)]))[0, 0])
    assert flat == pytest.approx(distance_m(Point(x, y), Point(u, v)), rel=0.001, abs=0.1)


def test_without_a_graph_the_straight_line_is_stretched() -> None:
    straight = Straight(5.0, 1.4, RUSH).between(AT[:1], AT[1:2], 480)[0, 0]
    assert straight == pytest.approx(
        distance_m(Point(*NODES[0]), Point(*NODES[1])) * 1.4 / 5 * 1.5, rel=0.001
    )
    assert Straight(5.0).between(np.zeros((0, 2)), AT).shape == (0, 3)


@pytest.mark.parametrize("wrong", [(104.0, np.nan), (np.inf, 30.0), (190.0, 30.0), (104.0, 91.0)])
def test_what_is_no_place_is_refused(wrong: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="not a longitude"):
        Straight(5.0).between(np.array([wrong]), AT)


def test_wrong_edges_and_factors_are_refused() -> None:
    for edge in (Edge(0, 9, 1), Edge(0, 1, 0), Edge(0, 1, np.nan)):
        with pytest.raises(ValueError, match="Edge"):
            Roads.build(NODES, [edge])
    for start, end, times in ((5, 5, 1), (-1, 5, 1), (5, 1500, 1), (1, 2, 0)):
        with pytest.raises(ValueError, match="Factor"):
            Factor(start, end, times)


def test_a_vehicle_goes_by_the_road_and_never_faster_than_it_can() -> None:
    bike = Speeds({"steps": 0, "footway": 2.0}, usual=5.5, top=5.5)
    assert [bike.on(*road) for road in (("steps", 3), ("footway", 9), ("primary", 16), ("service", 4), ("x", 0))] == [
        0, 2.0, 5.5, 4, 5.5,
    ]  # fmt: skip
