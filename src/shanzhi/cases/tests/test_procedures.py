"""Side procedures, helpers, sub-cases, duplicates, evaluation and new versions, in the demo district."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.cases import actions, links, queries, types
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.models import CaseTypeVersion
from shanzhi.cases.schemas import view_out
from shanzhi.cases.sides import Ask
from shanzhi.cases.state import State
from shanzhi.cases.telling import audiences
from shanzhi.cases.tests.district import actor, brought_to, clean, later, opened, step
from shanzhi.cases.ticker import tick
from shanzhi.cases.who import window
from shanzhi.journal.queries import stream

DAY = 86_400


@pytest.fixture(autouse=True)
def _verified(district: None) -> Iterator[None]:
    yield
    clean()
    types._all.cache_clear()
    types.version.cache_clear()


def asked(case: State, kind: str, username: str = "zhaochuzhi", **given: Any) -> State:
    return actions.ask(actor(username), case.id, Ask(kind, **({"reason": "设备未到"} | given)))


def decided(case: State, username: str = "sunpaiqian", *, granted: bool = True, words: str = "同意") -> State:
    name = list(queries.state_of(case.id).requests)[-1]
    return actions.decide(actor(username), case.id, name, granted=granted, decision=words)


def test_an_extension_moves_the_due_time_and_the_ledger_says_who_and_why() -> None:
    case = brought_to("handling")
    due = case.clocks["handle"].due
    asked(case, "extend", seconds=2 * DAY)
    after = decided(case)
    assert due and after.clocks["handle"].due == due + timedelta(days=2)
    request = after.requests["q1"]
    assert (request.status, request.asked_by) == ("approved", actor("zhaochuzhi").ref)
    assert (request.decided_by, request.decision) == (actor("sunpaiqian").ref, "同意")
    with pytest.raises(Denied) as caught:
        asked(case, "extend", seconds=DAY)
    assert caught.value.code == "too_often"


def test_a_refusal_carries_its_reason_and_the_next_owner() -> None:
    case = brought_to("handling")
    asked(case, "extend", seconds=DAY)
    with pytest.raises(Invalid):
        decided(case, granted=False, words=" ")
    after = decided(case, granted=False, words="不符合延期条件")
    assert after["version"] == case["version"]
    assert stream(case.id)[-1].data["facts"] == {
        "decided": "extend",
        "granted": False,
        "decision": "不符合延期条件",
        "next": "urban-management",
    }


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("extend", {"seconds": 8 * DAY}, "seconds"),
        ("extend", {}, "seconds"),
        ("extend", {"seconds": DAY, "reason": ""}, "reason"),
        ("suspend", {}, "until"),
        ("suspend", {"until": now() - timedelta(days=1)}, "until"),
        ("suspend", {"until": now() + timedelta(days=40)}, "until"),
        ("consult", {}, "orgs"),
        ("consult", {"orgs": ("nobody",)}, "helpers"),
    ],
)
def test_what_may_not_be_asked_for(kind: str, given: dict[str, Any], field: str) -> None:
    case = brought_to("handling")
    with pytest.raises(Invalid) as caught:
        asked(case, kind, **given)
    assert field in {error.field for error in caught.value.errors}


def test_nobody_decides_what_he_asked_for_and_nothing_is_decided_twice() -> None:
    case = brought_to("handling")
    asked(case, "consult", "sunpaiqian", orgs=("water",))
    with pytest.raises(Denied):
        decided(case)
    with pytest.raises(Conflict):
        asked(case, "consult", "zhaochuzhi", orgs=("ecology",))
    decided(case, "zhangdudao")
    with pytest.raises(Conflict):
        decided(case, "zhangdudao")


def test_a_suspended_case_rests_until_its_day_and_its_clocks_with_it() -> None:
    case = brought_to("handling")
    asked(case, "suspend", until=later(days=10))
    resting = decided(case)
    assert {clock.status for clock in resting.clocks.values()} == {"stopped", "paused"}
    assert queries.view(actor("zhaochuzhi"), case.id).allowed == ()
    with pytest.raises(Conflict):
        step(case.id, "zhaochuzhi", "resolve")
    assert tick(later(days=9)) == 0
    assert tick(later(days=10, minutes=1)) == 1
    after = queries.state_of(case.id)
    assert after["suspended_until"] is None
    assert after.clocks["handle"].status == "running"
    assert after.clocks["handle"].spent < 60


def test_only_a_small_share_may_be_suspended() -> None:
    cases = [brought_to("handling") for _ in range(3)]
    for case in cases[:2]:
        asked(case, "suspend", until=later(days=10))
    decided(cases[0])
    with pytest.raises(Denied) as caught:
        decided(cases[1])
    assert caught.value.code == "cap"
    actions.take_up(actor("sunpaiqian"), cases[0].id)
    assert decided(cases[1])["suspended_until"] is not None


def test_sent_back_it_belongs_to_the_desk_again() -> None:
    case = brought_to("handling")
    asked(case, "send_back")
    after = decided(case)
    assert (after["state"], after["org"], after["person"]) == ("registered", "centre", None)


def test_voided_it_is_closed_and_no_clock_runs() -> None:
    case = brought_to("handling")
    asked(case, "void")
    after = decided(case, "zhangdudao")
    assert (after["state"], after["open"], after["due_at"]) == ("void", False, None)
    assert after["closed_at"] is not None


def test_those_consulted_must_answer_before_it_is_resolved() -> None:
    case = brought_to("handling")
    asked(case, "consult", orgs=("water", "ecology"))
    decided(case, "sunpaiqian")
    with pytest.raises(Conflict) as caught:
        step(case.id, "zhaochuzhi", "resolve")
    assert (caught.value.code, caught.value.facts["waiting"]) == ("not_joined", ["ecology", "water"])
    with pytest.raises(Denied):
        actions.finish_task(actor("jiangshuiwu"), case.id, "t2", result="代答")
    actions.finish_task(actor("jiangshuiwu"), case.id, "t1", result="无管网问题")
    actions.finish_task(actor("daiban"), case.id, "t2", result="已监测")
    assert step(case.id, "zhaochuzhi", "resolve")["state"] == "resolved"


def test_helpers_work_in_parallel_and_see_the_case_only_then() -> None:
    case = brought_to("registered")
    with pytest.raises(NotFound):
        queries.view(actor("jiangshuiwu"), case.id)
    case = step(case.id, "sunpaiqian", "dispatch", helpers=("water", "housing-transport", "water"))
    assert [task.org for task in case.tasks.values()] == ["water", "housing-transport"]
    assert queries.view(actor("jiangshuiwu"), case.id).state.id == case.id
    actions.finish_task(actor("jiangshuiwu"), case.id, "t1", result="已配合")
    with pytest.raises(Conflict):
        actions.finish_task(actor("jiangshuiwu"), case.id, "t1", result="再次")
    with pytest.raises(Invalid):
        actions.finish_task(actor("fengyanghu"), case.id, "t2", result=" ")


def test_sub_cases_are_waited_for() -> None:
    case = brought_to("handling")
    one, two = actions.split(actor("sunpaiqian"), case.id, ["油烟", "占道"])
    assert one["parent"] == two["parent"] == case.id
    with pytest.raises(Conflict) as caught:
        step(case.id, "zhaochuzhi", "resolve")
    assert caught.value.facts["children"] == 2
    for child in (one, two):
        step(child.id, "wulian", "refuse", reason="并入主件处理")
    assert step(case.id, "zhaochuzhi", "resolve")["state"] == "resolved"


def told(case: UUID, kind: str) -> set[int]:
    """The accounts that the last entry of a case tells as `kind`."""
    state, entry = queries.state_of(case), stream(case)[-1]
    type_ = types.version(state["type"], state["type_version"])
    return {a for one in audiences(entry, state, type_) if one.kind == kind for a in one.accounts}


def test_one_answer_reaches_the_reporters_of_merged_cases_and_parting_undoes_it() -> None:
    main, double = brought_to("resolved"), opened("chenjumin")
    wang, chen = actor("wangdama").id, actor("chenjumin").id
    merged = actions.merge(actor("hejiexian"), double.id, main.id)
    assert (merged["open"], merged["due_at"], merged["merged_into"]) == (False, None, main.id)
    with pytest.raises(Conflict):
        step(double.id, "wulian", "register")
    step(main.id, "liwangge", "verify", result="现场已无油烟")
    assert told(main.id, "answered") == {wang, chen}
    step(main.id, "chenjumin", "rework", reason="我这边还有")
    apart = actions.part(actor("hejiexian"), double.id, main.id)
    assert (apart["open"], apart["state"], apart.clocks["accept"].status) == (True, "reported", "running")
    step(main.id, "zhaochuzhi", "resolve")
    step(main.id, "liwangge", "verify", result="好")
    assert told(main.id, "answered") == {wang}


@pytest.mark.parametrize("who", ["wangdama", "zhaochuzhi", "zhangdudao"])
def test_merging_is_not_for_everybody(who: str) -> None:
    one, two = opened(), opened("chenjumin")
    with pytest.raises((Denied, NotFound)):
        actions.merge(actor(who), one.id, two.id)


def test_merging_with_itself_with_a_closed_or_a_merged_case() -> None:
    one, two, closed = opened(), opened("chenjumin"), brought_to("closed")
    he = actor("hejiexian")
    actions.merge(he, one.id, two.id)
    for duplicate, main in ((two, two), (one, two), (two, one), (two, closed)):
        with pytest.raises(Conflict):
            actions.merge(he, duplicate.id, main.id)


def test_joined_by_a_neighbour_once() -> None:
    case = opened(public=True)
    actions.join(actor("chenjumin"), case.id)
    with pytest.raises(Conflict):
        actions.join(actor("chenjumin"), case.id)
    assert len(queries.state_of(case.id).reporters) == 2
    with pytest.raises(Denied):
        actions.join(actor("chenjumin"), opened(public=False).id)


def test_the_ladder_of_supervision_only_rises() -> None:
    case = brought_to("handling")
    with pytest.raises(Denied):
        actions.supervise(actor("liwangge"), case.id, 1, words="快")
    assert actions.supervise(actor("zhangdudao"), case.id, 3, words="限期办结")["level"] == 3
    with pytest.raises(Conflict):
        actions.supervise(actor("zhangdudao"), case.id, 2, words="")


def test_a_breach_urges() -> None:
    case = brought_to("dispatched")
    assert tick(later(days=3)) == 1
    after = queries.state_of(case.id)
    assert (after["level"], after.clocks["handle"].lamp) == (2, 1.0)
    assert tick(later(days=3)) == 0


@pytest.mark.parametrize(
    ("username", "source", "error"),
    [
        ("wangdama", "reporter", None),
        ("hejiexian", "call", None),
        ("pinggu", "third_party", None),  # through the window of a survey
        ("hejiexian", "reporter", Denied),
        ("wangdama", "third_party", Denied),
        ("zhaochuzhi", "call", Denied),
        ("chenjumin", "reporter", NotFound),
        ("pinggu", "third_party", NotFound),
        ("sunpaiqian", "oracle", Invalid),
    ],
)
def test_who_may_say_what_of_the_result(username: str, source: str, error: type[Exception] | None) -> None:
    case = brought_to("closed")
    answers = Answers(True, False, 2, "还有一点")
    if error is None:
        who = window(actor(username), case.id) if source == "third_party" else actor(username)
        rated = actions.evaluate(who, case.id, answers, source=source)
        assert [(r.source, r.by) for r in rated.ratings.values()] == [(source, actor(username).ref)]
    else:
        with pytest.raises(error):
            actions.evaluate(actor(username), case.id, answers, source=source)


def test_rating_too_early_too_late_of_nothing_and_beyond_five() -> None:
    wang = actor("wangdama")
    with pytest.raises(Conflict):
        actions.evaluate(wang, brought_to("handling").id, Answers(True))
    case = brought_to("closed").id
    with pytest.raises(Denied):
        actions.evaluate(wang, case, Answers(True), at=later(days=31))
    for answers in (Answers(), Answers(satisfied=6)):
        with pytest.raises(Invalid):
            actions.evaluate(wang, case, answers)


def test_the_holder_of_a_secret_link_has_one_case() -> None:
    mine, other = brought_to("answered"), brought_to("answered")
    holder = links.holder(mine.id, "r1", links.secret(mine.id))
    assert set(queries.view(holder, mine.id).allowed) == {"confirm", "rework"}
    for forbidden in (
        lambda: queries.view(holder, other.id),
        lambda: actions.move(holder, other.id, "confirm"),
        lambda: actions.evaluate(holder, other.id, Answers(True)),
        lambda: links.holder(other.id, "r1", links.secret(mine.id)),
        lambda: links.holder(mine.id, "r2", links.secret(mine.id)),
    ):
        with pytest.raises(NotFound):
            forbidden()
    assert list(queries.visible_to(holder)) == []
    assert actions.move(holder, mine.id, "confirm")["state"] == "closed"
    assert len(actions.evaluate(holder, mine.id, Answers(True, True, 4)).ratings) == 1


def test_a_running_case_keeps_its_version_until_it_is_moved_on() -> None:
    case, wang = brought_to("registered"), actor("wangdama")
    old = types.current("street-issue")
    body = CaseTypeVersion.objects.get(type=old.type, version=old.version).body
    CaseTypeVersion.objects.filter(type=old.type).update(current=False)
    states = {("filed" if name == "registered" else name): spec for name, spec in body["states"].items()}
    renamed = _renamed({**body, "states": states, "version": old.version + 1})
    renamed["migrate"] = {str(old.version): {"registered": "filed"}}
    CaseTypeVersion.objects.create(type=old.type, version=old.version + 1, body=renamed, current=True)
    types._all.cache_clear()
    assert opened()["type_version"] == old.version + 1
    with pytest.raises(Denied):
        actions.migrate(wang, case.id)
    assert step(case.id, "sunpaiqian", "dispatch")["type_version"] == old.version
    step(case.id, "zhaochuzhi", "return", reason="不属于")
    after = actions.migrate(actor("admin"), case.id)
    assert (after["state"], after["type_version"]) == ("filed", old.version + 1)
    assert after.clocks["dispatch"].status == "running"


def _renamed(part: Any) -> Any:
    """The body with the state `registered` called `filed` wherever it is named."""
    if isinstance(part, dict):
        return {key: _renamed(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(value) for value in part]
    return "filed" if part == "registered" else part


def test_internal_notes_are_not_for_reporters() -> None:
    case = brought_to("handling")
    actions.note(actor("zhaochuzhi"), case.id, "内部备注")
    actions.note(actor("zhaochuzhi"), case.id, "已联系您", public=True)
    actions.note(actor("wangdama"), case.id, "谢谢")
    wang, li = actor("wangdama"), actor("liwangge")
    assert "内部备注" not in str(view_out(queries.view(wang, case.id), wang))
    assert "内部备注" in str(view_out(queries.view(li, case.id), li))
    with pytest.raises(NotFound):
        actions.note(actor("chenjumin"), case.id, "路过")
