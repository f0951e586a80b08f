"""Who stands by where: rules over random towns."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.dispatch.standby import Ground, covered, stands

LIMIT, WORTH = 20.0, 4_800.0


@st.composite
def towns(draw: Any) -> tuple[Ground, Any]:
    """Workers and places on a line of minutes, two modes, three needs; and who may be moved."""
    minutes = st.floats(0, 90)
    workers = np.array(draw(st.lists(minutes, min_size=1, max_size=6)))
    places = np.array(draw(st.lists(minutes, min_size=1, max_size=6)))
    shape = len(workers), 3
    able = np.array(draw(st.lists(st.booleans(), min_size=shape[0] * 3, max_size=shape[0] * 3))).reshape(
        shape
    )
    rates = st.sampled_from([0.0, 0.0, 0.01, 0.2])
    count = len(places) * 3
    demand = np.array(draw(st.lists(rates, min_size=count, max_size=count))).reshape(-1, 3)
    mode = np.array(draw(st.lists(st.integers(0, 1), min_size=shape[0], max_size=shape[0])), np.intp)
    times = np.array([1.0, 0.5])
    waits = st.sampled_from([0.0, 0.0, 10.0, np.inf])
    wait = np.array(draw(st.lists(waits, min_size=shape[0], max_size=shape[0])))
    away = np.abs(workers[:, None] - places) * times[mode][:, None]
    ways = [np.abs(places[:, None] - places) * one for one in times]
    return Ground(wait, away, able, demand, ways, mode), wait <= 0


def after(ground: Ground, found: Any) -> Ground:
    """Once everybody stands where he was asked to."""
    away = ground.away.copy()
    for one in found:
        away[one.worker] = ground.ways[ground.mode[one.worker]][one.place]
    return replace(ground, away=away)


@settings(max_examples=80)
@given(towns())
def test_each_walk_puts_more_in_reach_than_it_costs_and_nobody_walks_twice(both: Any) -> None:
    ground, movable = both
    found = stands(ground, movable, limit=LIMIT, worth=WORTH)
    assert len({one.worker for one in found}) == len(found)
    for n, one in enumerate(found):
        assert movable[one.worker]
        assert one.walk < WORTH * one.gain
        before, then = (covered(after(ground, found[:k]), LIMIT) * ground.demand.sum() for k in (n, n + 1))
        assert np.isclose(then - before, one.gain), "what he leaves bare is taken off"


@settings(max_examples=80)
@given(towns())
def test_where_all_is_in_reach_nobody_walks_and_asking_twice_asks_nobody_more(both: Any) -> None:
    ground, movable = both
    found = stands(ground, movable, limit=LIMIT, worth=WORTH)
    if covered(ground, LIMIT) == 1.0:
        assert not found
    standing = movable.copy()
    standing[[one.worker for one in found]] = False
    assert not stands(after(ground, found), standing, limit=LIMIT, worth=WORTH)


def lonely(rate: float, others: int = 0) -> tuple[Ground, Any]:
    """A place 40 minutes off at which so many urgent tasks arise an hour, and one where everybody stands."""
    count = 1 + others
    away = np.tile([0.0, 40.0], (count, 1))
    demand = np.array([[0.1], [rate]])
    ways = [np.array([[0.0, 40.0], [40.0, 0.0]])]
    ground = Ground(np.zeros(count), away, np.ones((count, 1), bool), demand, ways, np.zeros(count, np.intp))
    return ground, np.ones(count, bool)


def test_who_is_not_needed_goes_where_nobody_is() -> None:
    [one] = stands(*lonely(0.02, others=1), limit=LIMIT, worth=WORTH)
    assert (one.place, one.walk, one.gain) == (1, 40.0, 0.02)


def test_the_only_one_stays_and_nobody_walks_for_next_to_nothing() -> None:
    assert not stands(*lonely(0.02), limit=LIMIT, worth=WORTH), "more arises where he is"
    assert not stands(*lonely(0.001, others=1), limit=LIMIT, worth=WORTH), "one task in a thousand hours"
