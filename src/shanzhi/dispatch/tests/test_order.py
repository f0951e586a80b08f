"""The order of what lies with somebody: every task once, never worse than by its clocks, appointments kept."""

from itertools import permutations
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.dispatch.costs import Weights
from shanzhi.dispatch.order import Stop, cost, legs, route

URGENT, SOON, USUAL = Weights().urgencies


def stop(place: int, **more: Any) -> Stop:
    facts: dict[str, Any] = {"minutes": 15, "opened": 0, "due": 480, "urgency": USUAL} | more
    return Stop(place, **facts)


def line(*kilometres: float) -> list[list[float]]:
    """Places along a road, at ten minutes a kilometre."""
    return [[abs(a - b) * 10 for b in kilometres] for a in kilometres]


def test_the_way_is_short_and_the_urgent_come_first() -> None:
    ways = line(0, 3, 1, 2)
    usual = [stop(1), stop(2), stop(3)]
    assert [leg.stop for leg in route(usual, ways, 0, 0)] == [1, 2, 0]
    pressing = [stop(1, urgency=URGENT, due=30), stop(2), stop(3)]
    found = route(pressing, ways, 0, 0)
    assert [leg.stop for leg in found] == [0, 2, 1]
    assert [leg.arrival for leg in found] == [30, 55, 80]


def test_an_appointment_is_waited_for_and_kept() -> None:
    ways = line(0, 1, 2)
    found = route([stop(1, earliest=60, latest=90), stop(2)], ways, 0, 0)
    assert [(leg.stop, leg.arrival) for leg in found] == [(1, 20), (0, 60)]


@st.composite
def boards(draw: Any, most: int) -> tuple[list[Stop], list[list[float]]]:
    count = draw(st.integers(1, most))
    ways = line(*(draw(st.floats(0, 8)) for _ in range(count + 1)))
    stops = [
        stop(
            n + 1,
            urgency=draw(st.sampled_from([URGENT, SOON, USUAL])),
            due=draw(st.sampled_from([30.0, 120.0, 480.0, inf])),
            earliest=draw(st.sampled_from([-inf, -inf, 60.0])),
        )
        for n in range(count)
    ]
    return stops, ways


@settings(max_examples=40)
@given(boards(5))
def test_of_few_the_order_is_the_best_there_is(board: tuple[list[Stop], list[list[float]]]) -> None:
    stops, ways = board
    chosen = [leg.stop for leg in route(stops, ways, 0, 0)]
    best = min(cost(order, stops, ways, 0, 0) for order in permutations(range(len(stops))))
    assert cost(chosen, stops, ways, 0, 0) == pytest.approx(best)


@settings(max_examples=15)
@given(boards(14))
def test_of_many_each_is_there_once_and_no_worse_than_by_the_clock(
    board: tuple[list[Stop], list[list[float]]],
) -> None:
    stops, ways = board
    found = route(stops, ways, 0, 0)
    assert sorted(leg.stop for leg in found) == list(range(len(stops)))
    assert found == legs([leg.stop for leg in found], stops, ways, 0, 0)
    if len(stops) <= 10:
        by_clock = sorted(range(len(stops)), key=lambda n: (-stops[n].urgency.breach, stops[n].due))
        assert (
            cost([leg.stop for leg in found], stops, ways, 0, 0) <= cost(by_clock, stops, ways, 0, 0) + 1e-6
        )
