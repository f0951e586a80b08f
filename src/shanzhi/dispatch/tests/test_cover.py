"""Shifts that are proposed: what comes in is covered as far as people are there, and nobody is worn out."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.dispatch.cover import HOURS, Limit, Rota, Watch, needed, proposed

WATCHES = [Watch(0, 8), Watch(8, 8), Watch(16, 8)]


def spans(found: Rota, person: int) -> list[tuple[int, int]]:
    mine = [
        (d * 24 + WATCHES[w].start, d * 24 + WATCHES[w].start + 8) for p, d, w in found.shifts if p == person
    ]
    return sorted(mine)


def kept(found: Rota, people: int, limit: Limit) -> bool:
    for person in range(people):
        mine = spans(found, person)
        if len(mine) > limit.days or any(
            b[0] - a[1] < limit.rest for a, b in zip(mine, mine[1:], strict=False)
        ):
            return False
    return True


def test_one_at_every_hour_takes_five_people_and_four_leave_gaps() -> None:
    demand = [1] * HOURS  # 21 shifts of eight hours; each may work five days
    whole = proposed(demand, 5, WATCHES, Limit(), seconds=20)
    assert (whole.short, len(whole.shifts), whole.failed) == (0, 21, False)
    assert kept(whole, 5, Limit())
    assert {len(spans(whole, person)) for person in range(5)} == {4, 5}
    fewer = proposed(demand, 4, WATCHES, Limit(), seconds=20)
    assert (len(fewer.shifts), fewer.short) == (20, 8)
    assert kept(fewer, 4, Limit())


def test_more_where_more_comes() -> None:
    arrivals = np.zeros(HOURS)
    arrivals[[day * 24 + hour for day in range(7) for hour in range(8, 16)]] = 3
    demand = needed(arrivals.tolist(), 30, busy=0.75)
    assert set(demand) == {0, 2}
    found = proposed(demand, 3, WATCHES, Limit(), seconds=20)
    assert {watch for _p, _d, watch in found.shifts} == {1}
    assert (len(found.shifts), found.short) == (14, 0)


def test_what_is_there_counts_and_is_rested_from() -> None:
    demand = [0] * HOURS
    demand[8:16] = [2] * 8
    found = proposed(demand, 2, WATCHES, Limit(), taken=[(0, 8, 16)], seconds=20)
    assert found.shifts == ((1, 0, 1),)
    nobody = proposed(demand, 1, WATCHES, Limit(), taken=[(0, 8, 16)], seconds=20)
    assert (nobody.shifts, nobody.short) == ((), 8)


def test_without_people_or_watches_everything_is_missing() -> None:
    assert proposed([1] * HOURS, 0, WATCHES, Limit()).short == HOURS
    assert proposed([1] * HOURS, 3, [], Limit()).missing[0] == 1
    with pytest.raises(ValueError, match="no shift"):
        Watch(24, 8)


@settings(max_examples=8)
@given(st.lists(st.integers(0, 2), min_size=21, max_size=21), st.integers(1, 4))
def test_limits_are_kept_whatever_is_asked(per_watch: list[int], people: int) -> None:
    demand = [count for count in per_watch for _ in range(8)]
    begun = time.monotonic()
    found = proposed(demand, people, WATCHES, Limit(), seconds=3)
    assert time.monotonic() - begun < 15
    assert kept(found, people, Limit())
    cover = np.zeros(HOURS)
    for _p, day, watch in found.shifts:
        start = day * 24 + WATCHES[watch].start
        cover[start : start + 8] += 1
    assert found.short == pytest.approx(np.maximum(np.array(demand) - cover, 0).sum())
