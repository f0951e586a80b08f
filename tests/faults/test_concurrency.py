"""Many at once on the same thing, over real connections: one wins each step, and nothing happens twice."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import orjson
import pytest
from django.test import Client

from shanzhi.base.errors import Conflict, Problem
from shanzhi.cases import actions, queries
from shanzhi.cases.actions import flow
from shanzhi.cases.tests.district import actor, brought_to, clean, later, opened, photo, report
from shanzhi.cases.tests.together import at_once
from shanzhi.cases.ticker import tick
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.queries import stream

MANY = 200


@pytest.fixture(autouse=True)
def _verified(committed_district: None) -> Iterator[None]:
    yield
    clean()


def kinds(outcomes: Sequence[Any]) -> Counter[str]:
    return Counter(o.code if isinstance(o, Problem) else type(o).__name__ for o in outcomes)


def test_of_two_hundred_moves_on_one_case_one_wins_each_step() -> None:
    """Fifty callers for each of four steps; all have seen the version before the step."""
    case = opened()
    zhao = actor("zhaochuzhi")
    steps: list[tuple[str, str, Inputs]] = [
        ("wulian", "register", Inputs()),
        ("sunpaiqian", "dispatch", Inputs()),
        ("zhaochuzhi", "accept", Inputs()),
        ("zhaochuzhi", "resolve", Inputs(result="已整改", photo_after=(photo(zhao),))),
    ]
    for username, name, inputs in steps:
        who, seen = actor(username), queries.state_of(case.id)["version"]

        def one(who: Any = who, name: str = name, inputs: Inputs = inputs, seen: int = seen) -> Any:
            return actions.move(who, case.id, name, inputs=inputs, seen=seen)

        assert kinds(at_once([one] * (MANY // len(steps)))) == {"State": 1, "stale": MANY // len(steps) - 1}
    moves = [e.data["facts"]["move"] for e in stream(case.id) if e.kind == "case.moved"]
    assert moves == [name for _, name, _ in steps]


def test_without_a_version_two_different_moves_do_not_both_leave_the_state() -> None:
    case, registrar = opened(), actor("wulian")
    works = [
        lambda n=n: actions.move(registrar, case.id, n, inputs=Inputs(reason="x"))
        for n in ("register", "refuse")
    ]
    assert kinds(at_once(works * 10)) == {"State": 1, "conflict": 19}


def test_a_move_that_was_overtaken_is_decided_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads without a lock; whoever was faster in between is seen before anything is written."""
    case, read, sun = brought_to("registered"), flow.unlocked, actor("sunpaiqian")

    def slow(*asked: Any, **how: Any) -> Any:
        stored = read(*asked, **how)
        monkeypatch.setattr(flow, "unlocked", read)
        actions.move(sun, case.id, "dispatch", inputs=Inputs(org="sanitation"))
        return stored

    monkeypatch.setattr(flow, "unlocked", slow)
    with pytest.raises(Conflict):
        actions.move(sun, case.id, "dispatch", inputs=Inputs(org="urban-management"))
    assert queries.state_of(case.id)["org"] == "sanitation"
    assert [e.kind for e in stream(case.id)] == ["case.opened", "case.moved", "case.moved"]


def test_one_key_makes_one_case_however_often_it_is_posted_at_once() -> None:
    from shanzhi.orgs import actions as orgs
    from shanzhi.orgs.actor import Actor, Grant

    _, secret = orgs.open_client(Actor.system(), "12345", grants=[Grant("operator", "510107")])
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "call-1"}
    body = orjson.dumps(
        {"text": "油烟太大", "lon": 104.061964, "lat": 30.635818, "contact": {"name": "王大妈"}}
    )

    def post() -> Any:
        answer = Client().post("/api/v1/intake/reports", body, "application/json", headers=headers)
        return answer.status_code, answer.json()["id"]

    outcomes = at_once([post] * 20)
    assert len(set(outcomes)) == 1
    assert outcomes[0][0] == 201
    assert queries.visible_to(actor("shenji")).count() == 1


def test_two_tickers_never_act_twice_on_a_clock() -> None:
    who = actor("hejiexian")
    cases = actions.open_many(who, [report() for _ in range(60)])
    at = later(days=5)

    def all_of_it() -> int:
        return sum(iter(lambda: tick(at, batch=7), 0))

    assert sum(at_once([all_of_it] * 4)) == len(cases)
    for case in cases:
        assert [e.kind for e in stream(case.id)] == ["case.opened", "case.clock"]


def test_a_ticker_and_a_move_do_not_lose_each_other() -> None:
    case, who, at = brought_to("handling"), actor("zhaochuzhi"), later(days=5)
    inputs = Inputs(result="已整改", photo_after=(photo(who),))
    at_once([lambda: tick(at), lambda: actions.move(who, case.id, "resolve", inputs=inputs)] * 3)
    while tick(at):
        pass
    assert queries.state_of(case.id)["state"] == "resolved"


def test_merges_in_opposite_directions_do_not_block_each_other_for_good() -> None:
    he = actor("hejiexian")
    pairs = [(opened(), opened("chenjumin")) for _ in range(5)]
    works: list[Callable[[], Any]] = []
    for one, two in pairs:
        works += [partial(actions.merge, he, one.id, two.id), partial(actions.merge, he, two.id, one.id)]
    assert kinds(at_once(works)) == {"State": 5, "conflict": 5}


def test_the_cap_on_suspensions_holds_when_many_decide_at_once() -> None:
    from shanzhi.cases.sides import Ask

    zhao, sun = actor("zhaochuzhi"), actor("sunpaiqian")
    cases = [brought_to("handling") for _ in range(4)]
    for case in cases:
        actions.ask(zhao, case.id, Ask("suspend", "等设备", until=later(days=9)))
    works = [lambda c=case: actions.decide(sun, c.id, "q1", granted=True) for case in cases]
    assert kinds(at_once(works)) == {"State": 1, "cap": 3}
