from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.dispatch.rounds import Rounds, Stop, Walker, rounds

LINE = np.abs(np.arange(6)[:, None] - np.arange(6)) * 300  # places in a row, five minutes apart


def walked(found: Rounds, name: str) -> list[str]:
    return [visit.stop for one in found.rounds if one.walker == name for visit in one.visits]


def test_a_round_keeps_its_windows_and_comes_back() -> None:
    stops = [Stop("早", 5, 60), Stop("约", 1, 60, earliest=4000, latest=4300), Stop("近", 2, 60)]
    found = rounds(LINE, stops, [Walker("李网格", 0, 0, latest=6000)], budget=0.3)
    assert walked(found, "李网格")[-1] == "约" and not found.missed
    assert 4000 <= found.rounds[0].visits[-1].at <= 4300 and found.rounds[0].back <= 6000
    assert found.travel == 3000


def test_what_cannot_be_done_is_said() -> None:
    stops = [Stop("电梯", 1, skills=frozenset({"lift"})), Stop("迟", 5, latest=60), Stop("可", 1)]
    found = rounds(LINE, stops, [Walker("李网格", 0, 0)], budget=0.05)
    assert found.missed == {"电梯": "skill", "迟": "window"} and walked(found, "李网格") == ["可"]
    assert rounds(LINE, stops[2:], [], budget=0.05).missed == {"可": "nobody"}


def test_who_lacks_a_skill_is_not_sent() -> None:
    lift = frozenset({"lift"})
    stops = [Stop("电梯", 1, skills=lift), Stop("近", 5)]
    found = rounds(LINE, stops, [Walker("李网格", 0, 0), Walker("赵网格", 5, 5, skills=lift)], budget=0.05)
    assert walked(found, "李网格") != ["电梯"] and "电梯" in walked(found, "赵网格") and not found.missed


def test_a_search_that_finds_nothing_leaves_all_with_a_reason() -> None:
    stops = [Stop("一", 5, 3600, latest=1800), Stop("二", 4, 3600, latest=1800)]  # each alone, never both
    one = [Walker("李网格", 0, 0, latest=9000)]
    assert rounds(LINE, stops, one, budget=0.05, must=True).missed == {"一": "solver", "二": "solver"}
    assert list(rounds(LINE, stops, one, budget=0.05).missed.values()) == ["left_out"]


@pytest.mark.parametrize("wrong", [{"seconds": -1}, {"earliest": 9, "latest": 3}, {"load": -2}])
def test_a_stop_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="has no window"):
        Stop("错", 1, **wrong)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_whatever_is_planned_can_be_walked(data: Any) -> None:
    skills = st.sampled_from([frozenset(), frozenset({"lift"})])
    stops = [
        Stop(f"s{n}", data.draw(st.integers(0, 5)), 120, early := data.draw(st.integers(0, 4000)), early + 1500,
             data.draw(skills), 1)
        for n in range(data.draw(st.integers(0, 6)))
    ]  # fmt: skip
    walkers = [
        Walker(f"w{n}", n, n, 0, 6000, data.draw(skills), 3) for n in range(data.draw(st.integers(0, 2)))
    ]
    found = rounds(LINE, stops, walkers, budget=0.02)
    by_name = {stop.id: stop for stop in stops}
    done = [visit.stop for one in found.rounds for visit in one.visits]
    assert sorted([*done, *found.missed]) == sorted(by_name)
    for one in found.rounds:
        walker = next(w for w in walkers if w.id == one.walker)
        assert len(one.visits) <= 3 and one.back <= 6000
        for visit in one.visits:
            stop = by_name[visit.stop]
            assert stop.skills <= walker.skills and stop.earliest <= visit.at <= stop.latest
        for before, after in pairwise(one.visits):
            way = LINE[by_name[before.stop].place, by_name[after.stop].place]
            assert after.at >= before.at + 120 + way
