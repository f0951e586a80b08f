"""The loop 发现-上报-处置-反馈-评价 in the demo district, by the people who walk it."""

from collections.abc import Iterator
from typing import Any

import pytest

from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.cases import actions, queries
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.opening import Report
from shanzhi.cases.tests.district import LOOP, actor, brought_to, clean, later, opened, photo, report, step
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.queries import stream
from shanzhi.notices.webhooks import SET, payload


@pytest.fixture(autouse=True)
def _verified(district: None) -> Iterator[None]:
    yield
    clean()


def test_a_report_goes_all_the_way_to_a_rating() -> None:
    case = opened()
    assert (case["state"], case["org"], case["area"]) == ("reported", "centre", "510107005001001")
    owners = []
    for username, name, inputs in LOOP:
        assert name in queries.view(actor(username), case.id).allowed
        case = step(case.id, username, name, **inputs)
        owners.append(case["org"])
    assert owners == ["centre"] + ["urban-management"] * 5
    assert (case["state"], case["open"], case["person"]) == ("closed", False, actor("zhaochuzhi").id)
    assert {clock.status for clock in case.clocks.values()} == {"stopped"}
    case = actions.evaluate(actor("wangdama"), case.id, Answers(True, True, 5, "很快"))
    assert [rating.satisfied for rating in case.ratings.values()] == [5]
    kinds = [entry.kind for entry in queries.view(actor("shenji"), case.id).timeline]
    assert kinds == ["case.opened", *["case.moved"] * 6, "case.rated"]


def test_the_limit_of_the_responsibility_list_is_that_of_the_clock() -> None:
    assert brought_to("dispatched").clocks["handle"].span == 12 * 3600


def test_a_stale_move_is_a_clear_conflict() -> None:
    case = opened()
    step(case.id, "wulian", "register")
    with pytest.raises(Conflict) as caught:
        actions.move(actor("wulian"), case.id, "refuse", inputs=Inputs(reason="重复"), seen=case["version"])
    assert caught.value.code == "stale"
    assert caught.value.facts == {"version": 2, "state": "registered"}


@pytest.mark.parametrize(
    ("state", "username", "name", "error"),
    [
        ("reported", "wangdama", "register", Denied),  # her case, but not her move
        ("reported", "chenjumin", "register", NotFound),  # not even hers
        ("reported", "zhouwangge", "look", NotFound),  # a grid worker of another street
        ("reported", "zhaochuzhi", "accept", NotFound),  # not his organisation's yet
        ("reported", "admin", "register", NotFound),  # runs the machine, not the cases
        ("reported", "shenji", "register", Denied),  # looks on
        ("reported", "wulian", "confirm", Conflict),  # from another state
        ("dispatched", "fengyanghu", "accept", NotFound),  # another organisation
        ("dispatched", "wulian", "accept", Denied),
        ("handling", "qianchuzhi", "resolve", Denied),  # the same office, but 赵处置 has it
        ("resolved", "zhouwangge", "verify", NotFound),
        ("resolved", "zhaochuzhi", "verify", Denied),  # his own work
        ("answered", "chenjumin", "confirm", NotFound),
    ],
)
def test_who_may_not(state: str, username: str, name: str, error: type[Exception]) -> None:
    case = brought_to(state)
    with pytest.raises(error):
        step(case.id, username, name, result="x", reason="x")
    assert queries.state_of(case.id) == case


def test_the_handler_does_not_verify_his_own_work_in_another_role() -> None:
    case = brought_to("handling")
    registrar = actor("wulian")
    actions.move(actor("sunpaiqian"), case.id, "transfer", inputs=Inputs(org="centre", reason="代办"))
    step(case.id, "daiban", "accept")
    step(case.id, "daiban", "resolve")
    verifier = type(registrar)("account", actor("daiban").id, "代办员", registrar.grants)
    with pytest.raises(Denied) as caught:
        actions.move(verifier, case.id, "verify", inputs=Inputs(result="好"))
    assert caught.value.code == "same_person"
    assert "verify" not in queries.view(verifier, case.id).allowed


def test_what_is_missing_is_named() -> None:
    case = brought_to("handling")
    with pytest.raises(Invalid) as caught:
        actions.move(actor("zhaochuzhi"), case.id, "resolve")
    assert [error.field for error in caught.value.errors] == ["result", "photo_after"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"lat": None}, "lat"),
        ({"lon": 120.0, "lat": 36.0}, "lat"),
        ({"data": {"unknown": 1}}, "unknown"),
        ({"title": "长" * 201}, "title"),
    ],
)
def test_a_report_that_is_not_complete_opens_no_case(given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        actions.open_case(actor("wangdama"), report(**given))
    assert [error.field for error in caught.value.errors] == [field]


def test_many_at_once_are_all_taken_or_none() -> None:
    who = actor("hejiexian")
    before = queries.visible_to(who).count()
    with pytest.raises(Invalid):
        actions.open_many(who, [report(), report(text="")])
    assert queries.visible_to(who).count() == before
    assert len({s["number"] for s in actions.open_many(who, [report()] * 60)}) == 60


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"lon": None, "lat": None, "area": "510107005", "public": True, "external": '它\'s \\ "1"'},
        {
            "text": "第一行\n{}: null, 'true'",
            "address": "紫荆东路",
            "urgency": "urgent",
            "limits": {"limit": "3h"},
        },
    ],
)
def test_the_rows_of_a_new_case_are_what_its_entry_says(given: dict[str, Any]) -> None:
    case = opened(**given)
    assert queries.state_of(case.id) == case
    clean()


def test_other_systems_are_told_of_a_new_case_whatever_they_may_know() -> None:
    """Though its entry leaves out what goes without saying."""
    case = opened()
    [entry] = stream(case.id)
    assert payload(entry)["set"].keys() == {name for name in SET if case[name] is not None}


def test_ping_pong_ends_after_two_returns() -> None:
    case = brought_to("dispatched")
    for _ in range(2):
        step(case.id, "zhaochuzhi", "return", reason="不属于本单位")
        case = step(case.id, "sunpaiqian", "dispatch")
    with pytest.raises(Denied) as caught:
        step(case.id, "zhaochuzhi", "return", reason="还是不属于")
    assert caught.value.code == "ping_pong"


def test_assigned_to_a_person_it_is_his_alone() -> None:
    case = brought_to("registered")
    qian = actor("qianchuzhi").id
    with pytest.raises(Invalid):
        step(case.id, "sunpaiqian", "dispatch", org="water", person=qian)
    case = step(case.id, "sunpaiqian", "dispatch", org="urban-management", person=qian)
    with pytest.raises(Denied):
        step(case.id, "zhaochuzhi", "accept")
    assert step(case.id, "qianchuzhi", "accept")["person"] == qian


def test_work_that_fails_on_the_spot_goes_back_and_its_clock_goes_on() -> None:
    case = brought_to("resolved")
    spent = case.clocks["handle"].spent
    case = step(case.id, "liwangge", "fail", reason="油烟依旧")
    handle = case.clocks["handle"]
    assert (case["state"], case["reworks"], handle.status, handle.spent) == ("handling", 1, "running", spent)


def test_it_is_opened_again_within_fifteen_days_only() -> None:
    case = brought_to("closed")
    with pytest.raises(Denied) as caught:
        step(case.id, "wangdama", "reopen", reason="又有了", at=later(days=16))
    assert caught.value.code == "too_late"
    assert step(case.id, "wangdama", "reopen", reason="又有了", at=later(days=14))["open"]


def test_files_of_somebody_else_are_not_taken() -> None:
    case = brought_to("handling")
    with pytest.raises(NotFound):
        step(case.id, "zhaochuzhi", "resolve", photo_after=(photo(actor("qianchuzhi")),))


def test_an_import_keeps_its_times() -> None:
    at = later(days=-400)
    case = actions.open_case(actor("hejiexian"), Report("complaint", "旧件", at=at, area="510107005"))
    assert case["opened_at"] == at
    assert case.clocks["respond"].due == later(days=-399).replace(
        hour=at.hour, minute=at.minute, second=at.second, microsecond=at.microsecond
    )
