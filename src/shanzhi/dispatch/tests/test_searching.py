"""The search for rounds by a clock that counts its readings: one step each, whatever else the machine does."""

from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.dispatch.rounds import Rounds, Stop, Walker, Ways, rounds


def town(size: int, seed: int) -> tuple[Ways, list[Stop], list[Walker]]:
    """Stops in an hour's square, half of them with a window, and as many as may go from its middle."""
    dice = np.random.default_rng(seed)
    places = np.vstack([[1800, 1800], dice.integers(0, 3601, (size, 2))])
    ways = np.linalg.norm(places[:, None] - places[None], axis=2).round().astype(np.int64)
    stops = []
    for n in range(1, size + 1):
        first = int(ways[0, n])
        early, late = (first + int(dice.integers(0, 9000)), 0) if n % 2 else (0, 20_000)
        stops.append(Stop(f"s{n}", n, 300, early, late or early + 1200, load=int(dice.integers(1, 4))))
    walkers = [Walker(f"w{n}", 0, 0, 0, 28_800, carries=12) for n in range(size)]
    return ways, stops, walkers


def searched(size: int, seed: int, steps: int, *, must: bool = True) -> Rounds:
    ways, stops, walkers = town(size, seed)
    readings = count()
    return rounds(ways, stops, walkers, budget=steps, seed=7, must=must, clock=lambda: float(next(readings)))


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 30), st.integers(0, 99), st.booleans())
def test_all_is_done_once_in_its_window_within_what_a_round_carries(size: int, seed: int, must: bool) -> None:
    ways, stops, _ = town(size, seed)
    by_name = {stop.id: stop for stop in stops}
    found = searched(size, seed, 40, must=must)
    assert not found.missed
    assert sorted(visit.stop for one in found.rounds for visit in one.visits) == sorted(by_name)
    for one in found.rounds:
        assert sum(by_name[visit.stop].load for visit in one.visits) <= 12
        at, free, travel = 0, 0, 0
        for visit in one.visits:
            stop = by_name[visit.stop]
            assert stop.earliest <= visit.at <= stop.latest
            assert visit.at >= free + ways[at, stop.place]
            travel += int(ways[at, stop.place])
            at, free = stop.place, visit.at + stop.seconds
        assert one.travel == travel + ways[at, 0] and one.back <= 28_800


@settings(max_examples=12, deadline=None)
@given(st.integers(2, 40), st.integers(0, 99), st.integers(1, 60))
def test_no_search_ends_worse_than_it_began(size: int, seed: int, steps: int) -> None:
    assert searched(size, seed, steps).travel <= searched(size, seed, 0).travel


def test_a_search_finds_what_is_better() -> None:
    assert searched(60, 1, 600).travel < 0.98 * searched(60, 1, 0).travel


def test_the_same_seed_and_the_same_clock_give_the_same_rounds() -> None:
    assert searched(30, 3, 80) == searched(30, 3, 80)


@pytest.mark.parametrize("seconds", [0, 1])
def test_places_that_are_all_the_same_are_searched_too(seconds: int) -> None:
    stops = [Stop(f"s{n}", 0, 60) for n in range(3)]
    readings = count()
    found = rounds(
        np.zeros((1, 1), np.int64), stops, [Walker("李网格", 0, 0)], budget=5.0 * seconds,
        clock=lambda: float(next(readings)),
    )  # fmt: skip
    assert not found.missed and found.travel == 0
