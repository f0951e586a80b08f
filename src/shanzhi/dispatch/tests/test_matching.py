from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as numpy_arrays

from shanzhi.dispatch.board import Task, Worker
from shanzhi.dispatch.costs import Whole, idle
from shanzhi.dispatch.matching import Plan, Word, plan, reasons
from shanzhi.dispatch.setting import Weighing
from shanzhi.dispatch.solving import Pairs, solve
from shanzhi.dispatch.tests.boards import WEIGHTS, board, boards, task, worker

Board = tuple[list[Worker], list[Task]]


def run(workers: list[Worker], tasks: list[Task], now: float = 0.0, **more: Any) -> Plan:
    people, things, minutes = board(workers, tasks)
    return plan(people, things, minutes, now, WEIGHTS, **more)


def why(workers: list[Worker], tasks: list[Task], word: Word = Word(), **more: Any) -> dict[int, str]:
    people, things, minutes = board(workers, tasks)
    found = plan(people, things, minutes, 0.0, WEIGHTS, word=word, **more)
    return dict(reasons(found, people, things, minutes, 0.0, WEIGHTS, word))


def brute(worth: Any) -> float:
    """The least sum of any pairs, by trying all."""
    rows, columns = worth.shape
    best = 0.0
    for size in range(1, min(rows, columns) + 1):
        for chosen in combinations(range(rows), size):
            for to in permutations(range(columns), size):
                best = min(best, float(worth[list(chosen), list(to)].sum()))
    return best


small = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: numpy_arrays(np.float64, shape, elements=st.integers(-20, 0).map(float))
)


@settings(max_examples=60)
@given(small)
def test_the_answer_is_the_best_of_all(worth: Any) -> None:
    found = solve(worth)
    assert found.worth == brute(worth) and found.gap == 0
    assert len(set(found.rows)) == len(set(found.columns)) == len(found.rows)


@settings(max_examples=60)
@given(small, st.integers(1, 3))
def test_among_the_best_of_each_the_bound_holds(worth: Any, nearest: int) -> None:
    found = solve(worth, exact=0, nearest=nearest)
    exact = brute(worth)
    assert found.bound - 1e-6 <= exact <= found.worth + 1e-6


def test_the_bound_is_close_where_it_matters() -> None:
    rng = np.random.default_rng(1)
    workers, tasks = rng.uniform(0, 20, (60, 2)), rng.uniform(0, 20, (240, 2))
    worth = np.minimum(np.linalg.norm(workers[:, None] - tasks[None], axis=2) - 15, 0)
    found, exact = solve(worth, exact=0, nearest=16), solve(worth)
    assert found.worth <= exact.worth * 0.999 and found.gap <= 0.01
    assert found.bound <= exact.worth + 1e-6


@settings(max_examples=80)
@given(boards(), st.data())
def test_nothing_hard_is_ever_broken(both: Board, data: Any) -> None:
    workers, tasks = both
    if not workers or not tasks:
        assert run(workers, tasks).pairs == []
        return
    pairs = st.tuples(st.integers(0, len(workers) - 1), st.integers(0, len(tasks) - 1))
    pins = data.draw(st.lists(pairs, max_size=2, unique_by=(lambda p: p[0], lambda p: p[1])))
    forbids = data.draw(st.lists(pairs, max_size=4))
    found = run(workers, tasks, word=Word(pins, forbids))
    arrival = found.costs.arrival
    for w, t in found.pairs:
        assert tasks[t].skills <= workers[w].skills
        assert workers[w].start <= WEIGHTS.horizon and arrival[w, t] + tasks[t].minutes <= workers[w].end
        assert max(tasks[t].earliest, 0.0) <= arrival[w, t] <= tasks[t].latest
        assert (w, t) not in forbids
    got = [t for _, t in found.pairs]
    assert all(got.count(t) == tasks[t].people for t in set(got))
    for w, t in pins:
        other = int(found.task_of[w])
        if other not in (t, -1):
            assert arrival[w, other] + tasks[other].minutes <= tasks[t].earliest, (
                "only what is done before it"
            )
        if tasks[t].people == 1:
            assert got.count(t) == int(found.costs.allowed[w, t]), "a pin is kept, and kept from others"


@settings(max_examples=40)
@given(boards())
def test_whatever_is_left_has_a_reason(both: Board) -> None:
    workers, tasks = both
    found = run(workers, tasks)
    assert set(why(workers, tasks)) == set(range(len(tasks))) - {t for _, t in found.pairs}


def test_each_reason_is_told_apart() -> None:
    pump = frozenset({"pump"})
    cases: list[tuple[str, list[Worker], Task, Word]] = [
        ("nobody", [], task("a"), Word()),
        ("skill", [worker("李网格")], task("a", skills=pump), Word()),
        ("forbidden", [worker("李网格")], task("a"), Word(forbids=[(0, 0)])),
        ("shift", [worker("李网格", end=10.0)], task("a"), Word()),
        ("appointment", [worker("李网格")], task("a", earliest=200.0), Word()),
        ("busy", [worker("李网格", free=60.0)], task("a"), Word()),
        ("partner", [worker("李网格")], task("a", people=2), Word()),
        ("pinned", [worker("李网格", free=60.0), worker("赵网格")], task("a"), Word(pins=[(0, 0)])),
    ]
    for reason, workers, one, word in cases:
        assert why(workers, [one], word) == {0: reason}
    assert why([worker("李网格")], [task("a"), task("b", 1.0)]) == {1: "later"}


def test_a_solver_that_finds_nothing_leaves_all_with_a_reason() -> None:
    def broken(worth: Any) -> Pairs:
        raise ValueError("cost matrix is infeasible")

    assert why([worker("李网格")], [task("a"), task("b")], solver=broken) == {0: "solver", 1: "solver"}


def test_two_go_together_or_nobody_goes() -> None:
    two = [worker("李网格"), worker("赵网格", 1.0)]
    assert run(two, [task("a", people=2)]).pairs == [(0, 0), (1, 0)]
    assert run(two[:1], [task("a", people=2), task("b", 2.0)]).pairs == [(0, 1)], "he is not held for nothing"


def test_a_plan_changes_only_where_it_pays() -> None:
    workers, tasks = [worker("李网格"), worker("赵网格", 0.1)], [task("a", 1.0)]
    assert run(workers, tasks).pairs == [(1, 0)]
    assert run(workers, tasks, current=np.array([0, -1])).pairs == [(0, 0)], "20 seconds do not pay"
    workers[1] = worker("赵网格", 0.9)
    assert run(workers, tasks, current=np.array([0, -1])).pairs == [(1, 0)]


def test_the_urgent_goes_first_and_the_tired_goes_last() -> None:
    late = [task("a", 0.1), task("b", 1.5, urgency="urgent", due=30.0)]
    assert run([worker("李网格")], late).pairs == [(0, 1)]
    tired = [worker("李网格", worked=400.0), worker("赵网格", 0.3)]
    assert run(tired, [task("a")]).pairs == [(1, 0)]


def test_who_is_free_soon_and_near_is_worth_waiting_for() -> None:
    workers = [worker("李网格", 3.0), worker("赵网格", free=4.0)]
    assert run(workers, [task("a")]).pairs == [(1, 0)]


def test_who_is_far_goes_where_nobody_is_nearer() -> None:
    one = [task("a", 6.0, urgency="urgent", due=30.0)]
    assert run([worker("李网格")], one).pairs == [(0, 0)], "28 minutes, and a clock of 30"
    elsewhere = Whole(usual=1.0, hands=np.zeros(1), could=np.full(1, 200.0), soonest=np.array([3.0]))
    assert run([worker("李网格")], one, whole=elsewhere).pairs == [], (
        "somebody else is there in three minutes"
    )


def test_an_appointment_is_not_left_until_it_is_over() -> None:
    waiting = [
        task("近", 0.2),
        task("约", 2.0, earliest=0.0, latest=12.0),
        task("急", 0.2, urgency="urgent", due=30),
    ]
    assert run([worker("李网格")], waiting).pairs == [(0, 1)]
    waiting[1] = task("约", 2.0, earliest=0.0, latest=120.0)
    assert run([worker("李网格")], waiting).pairs == [(0, 2)]


def test_who_is_pinned_to_an_appointment_does_something_before_it() -> None:
    one, word = [worker("李网格")], Word(pins=[(0, 0)])
    tasks = [task("约", 1.0, earliest=180.0, latest=240.0), task("近", 0.2)]
    assert run(one, tasks, word=word).pairs == [(0, 1)]
    tasks[0] = task("约", 1.0, earliest=30.0, latest=90.0)
    assert run(one, tasks, word=word).pairs == [], "he would not be done in time"
    tasks[0] = task("约", 1.0, earliest=10.0, latest=90.0)
    assert run(one, tasks, word=word).pairs == [(0, 0)]


@settings(max_examples=60)
@given(numpy_arrays(np.bool_, st.tuples(st.integers(0, 5), st.integers(0, 5))), st.data())
def test_idle_hands_are_shared_and_none_is_counted_twice(could: Any, data: Any) -> None:
    ready = data.draw(numpy_arrays(np.bool_, len(could)))
    hands = idle(could, ready)
    assert (
        np.isclose(hands.sum(), could[ready].any(axis=1).sum()) and not hands[~could[ready].any(axis=0)].any()
    )


def test_in_a_small_team_an_idle_hand_goes_far_and_among_many_somebody_comes_nearer() -> None:
    two = [worker("李网格"), worker("赵网格", 3.0)]
    tasks = [task("a", 0.5), task("b", -1.0, urgency="urgent", due=10.0)]
    assert run(two, tasks).pairs == [(0, 1), (1, 0)], "twelve minutes: nobody else will come by"
    people, things, minutes = board(two, tasks)
    busy = Whole(usual=1.7, hands=np.zeros(2), could=np.full(2, 200.0), soonest=np.full(2, np.inf))
    assert plan(people, things, minutes, 0.0, WEIGHTS, whole=busy).pairs == [(0, 1)]


def test_a_pack_weighs_as_the_bench_does_but_for_the_peace_of_those_who_are_told() -> None:
    assert replace(WEIGHTS, **Weighing().model_dump()) == replace(WEIGHTS, change=Weighing().change)


def test_who_is_still_at_work_is_not_trusted_to_the_last_minute_of_a_clock() -> None:
    urgent = [task("a", 0.0, urgency="urgent", due=30.0)]
    people = [worker("忙", 0.0, free=14.0), worker("闲", 3.5)]
    assert run(people, urgent).pairs == [(1, 0)], "sixteen minutes for sure, not fourteen perhaps"
    assert run(people, [task("a", 0.0, due=480.0)]).pairs == [(0, 0)], (
        "where no clock presses he is waited for"
    )
