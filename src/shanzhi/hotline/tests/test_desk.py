"""Call-backs, exclusions, whistles and the ranking in the demo district, by its people."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import docx
import pytest
from django.utils import timezone

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.base.ids import new_id
from shanzhi.cases import actions, queries
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.sides import Ask
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import actor, clean, opened, step
from shanzhi.cases.ticker import tick
from shanzhi.hotline import alarms, callback, monthly, papers
from shanzhi.hotline.actions import excluding, recalling, reporting, whistling
from shanzhi.hotline.actions.keeping import refresh
from shanzhi.hotline.models import Call, Callback, Report
from shanzhi.hotline.queries import consultations, lists, ranks, recalls, whistles
from shanzhi.journal.queries import stream
from shanzhi.notices.models import Notice
from shanzhi.orgs.actor import Actor
from shanzhi.residents.actions import contact

pytestmark = pytest.mark.usefixtures("district")
SHANTY = "E0504"  # 店外经营: the street's own, by the list


def complaint(**given: Any) -> State:
    return opened(type="complaint", category=SHANTY, **given)


def answered(**given: Any) -> State:
    """A complaint of Yulin street, answered by 韩玉林."""
    case = complaint(**given)
    step(case.id, "sunpaiqian", "dispatch")
    step(case.id, "hanyulin", "accept")
    return step(case.id, "hanyulin", "answer", result="已劝离")


def closed(stars: int | None = None, **given: Any) -> State:
    case = answered(**given)
    case = step(case.id, "wulian", "confirm")
    if stars is not None:
        said = Answers(stars > 1, stars > 2, stars)
        case = actions.evaluate(actor("hejiexian"), case.id, said, source="call")
    refresh([case.id])
    return case


def this_month() -> Any:
    return timezone.localtime(now()).date()


def test_a_complaint_is_owned_by_the_list_and_limited_by_its_kind() -> None:
    case = complaint()
    assert (case["proposed"], case["limits"]["limit"], case["limits"]["sign"]) == (
        "street-yulin",
        "7d",
        "24h",
    )
    assert opened(type="complaint", category="E0403")["limits"]["limit"] == "2h"
    assert opened(type="complaint", category="H0104")["limits"]["limit"] == "24h"
    assert opened(type="complaint", category="H0103")["limits"]["limit"] == "15d"
    assert opened(type="complaint", category=SHANTY, text="楼下漏气了")["limits"]["limit"] == "2h"


def test_each_owner_signs_in_its_own_time_and_returns_within_two_days() -> None:
    start = now() - timedelta(days=10)
    case = complaint(at=start)
    step(case.id, "sunpaiqian", "dispatch", at=start + timedelta(hours=1))
    late = start + timedelta(days=2, hours=2)
    with pytest.raises(Denied):
        step(case.id, "hanyulin", "return", reason="不属于本单位", at=late)
    again = step(case.id, "sunpaiqian", "transfer", org="urban-management", reason="改派", at=late)
    assert again.clocks["sign"].since == late
    assert again.clocks["handle"].since == start + timedelta(hours=1)
    back = step(case.id, "zhaochuzhi", "return", reason="不属于本单位", at=late + timedelta(days=1))
    assert (back["org"], back["bounces"]) == ("centre", 1)
    clean()


def test_an_extension_is_asked_for_a_working_day_before_the_end() -> None:
    start = now() - timedelta(days=10)
    case = complaint(at=start)
    step(case.id, "sunpaiqian", "dispatch", at=start)
    step(case.id, "hanyulin", "accept", at=start)
    wanted = Ask("extend", "需联系业主", seconds=86_400)
    with pytest.raises(Denied) as refused:
        actions.ask(actor("hanyulin"), case.id, wanted, at=start + timedelta(days=6, hours=23))
    assert refused.value.code == "too_late"
    assert actions.ask(actor("hanyulin"), case.id, wanted, at=start + timedelta(hours=2)).requests


def test_what_nobody_owns_is_decided_by_the_centre_and_offered_as_a_row() -> None:
    case = opened(type="complaint", category="H1002")
    assert (case["proposed"], case["org"]) == ("centre", "centre")
    assert case.clocks["dispatch"].span == 2 * 3600
    step(case.id, "sunpaiqian", "dispatch", org="parks")
    [found] = lists.decided(actor("sunpaiqian"))
    assert (found.category, found.area, found.org, found.times, found.listed) == (
        "H1002",
        "510107005",
        "parks",
        1,
        "",
    )
    assert lists.decided(actor("hanyulin")) == []


def test_a_call_back_is_made_until_somebody_answers() -> None:
    operator = actor("hejiexian")
    case = answered()
    refresh([case.id])
    [task] = recalls.listed(operator, "waiting", now())
    assert (task.case, task.attempts, task.org) == (case.id, 0, "street-yulin")
    recalling.call(operator, case.id, "no_answer")
    task = Callback.objects.get()
    assert (task.attempts, task.outcome, task.status) == (1, "no_answer", "waiting")
    assert task.next_at > now()
    with pytest.raises(Invalid):
        recalling.call(operator, case.id, callback.REACHED)
    state = recalling.call(
        operator, case.id, callback.REACHED, Answers(True, False, 2, "还在占道"), again=True
    )
    assert (state["state"], state["reworks"]) == ("handling", 1)
    assert recalls.listed(operator, "waiting", now()) == []
    clean()


def test_after_three_attempts_the_reporter_counts_as_unreachable() -> None:
    operator = actor("hejiexian")
    case = answered()
    refresh([case.id])
    for outcome in ("no_answer", "busy", "no_answer"):
        recalling.call(operator, case.id, outcome)
    assert recalls.counts(operator) == {"unreachable": 1}
    actions.evaluate(actor("wangdama"), case.id, Answers(True, True, 5))
    refresh([case.id])
    assert recalls.counts(operator) == {"done": 1}


def test_nobody_is_called_about_a_case_without_an_answer_and_nobody_else_calls() -> None:
    refused = complaint()
    step(refused.id, "wulian", "refuse", reason="重复")
    waiting, nameless = complaint(), opened("chenjumin", type="complaint", category=SHANTY)
    refresh([refused.id, waiting.id, nameless.id])
    assert not Callback.objects.exists()
    case = answered()
    refresh([case.id])
    for username in ("hanyulin", "liwangge", "wangdama"):
        with pytest.raises(NotFound):
            recalling.call(actor(username), case.id, "busy")


def test_showing_the_number_is_a_look_that_is_written_down() -> None:
    person = contact(Actor.system(), name="王大妈", phone="13812345678")
    case = answered(person=str(person))
    refresh([case.id])
    [found] = recalling.contacts(actor("hejiexian"), case.id)
    assert found["phone"] == "13812345678"
    assert stream(case.id)[-1].kind == "case.looked"


def test_the_ranking_counts_what_was_said_and_opens_into_its_cases() -> None:
    good = [closed(5) for _ in range(2)]
    bad, silent = closed(1), closed()
    leader = actor("shenji")
    wanted = ranks.month(leader, this_month())
    assert wanted
    [street] = ranks.counted(wanted, "street")
    assert (street.key, street.cases) == ("510107005", 4)
    assert [(s.n, s.of) for s in street.shares.values()] == [(2, 3), (2, 3), (2, 3)]
    [org] = ranks.counted(wanted, "org")
    assert org.key == "street-yulin"
    against = ranks.behind(wanted, "street", "510107005", "resolution", "against", limit=9)
    assert against == [bad.id]
    assert set(ranks.behind(wanted, "org", "street-yulin", "resolution", "for", limit=9)) == {
        c.id for c in good
    }
    assert silent.id not in ranks.behind(wanted, "org", "", "resolution", "all", limit=9)
    worst, best = ranks.extremes(wanted)
    assert worst == [bad.id]
    assert set(best) == {case.id for case in good}


def test_a_street_leader_sees_his_street_and_a_handler_nothing() -> None:
    closed(5)
    mine = ranks.month(actor("zhangdudao"), this_month())
    assert mine
    assert [one.key for one in ranks.counted(mine, "street")] == ["510107005"]
    elsewhere = ranks.month(Actor("account", 1, "x", actor("zhangdudao").grants), this_month(), "510107001")
    assert elsewhere
    assert ranks.counted(elsewhere, "street") == []
    with pytest.raises(Denied):
        ranks.month(actor("hanyulin"), this_month())


def test_a_case_is_left_out_after_a_second_person_agreed_and_that_is_counted() -> None:
    case, dispatcher = closed(1), actor("sunpaiqian")
    asked = excluding.propose(actor("hanyulin"), case.id, "unreasonable", "已依法终结")
    wanted = ranks.month(actor("shenji"), this_month())
    assert wanted
    assert [(one.cases, one.pending, one.excluded) for one in ranks.counted(wanted, "org")] == [(1, 1, 0)]
    with pytest.raises(Conflict):
        excluding.propose(dispatcher, case.id, "unreasonable", "又来一次")
    with pytest.raises(Denied):
        excluding.decide(actor("hanyulin"), asked.pk, granted=True)
    excluding.decide(dispatcher, asked.pk, granted=True)
    [org] = ranks.counted(wanted, "org")
    assert (org.cases, org.excluded, org.shares["resolution"].of) == (0, 1, 0)
    assert ranks.excluded(wanted) == {"unreasonable": 1}
    with pytest.raises(Conflict):
        excluding.decide(actor("shenji"), asked.pk, granted=True)


def test_nobody_reviews_what_he_asked_for_and_a_refusal_says_why() -> None:
    case, dispatcher = closed(1), actor("sunpaiqian")
    asked = excluding.propose(dispatcher, case.id, "outside_powers", "属省级职权")
    with pytest.raises(Denied):
        excluding.decide(dispatcher, asked.pk, granted=True)
    with pytest.raises(Invalid):
        excluding.decide(actor("shenji"), asked.pk, granted=False)
    excluding.decide(actor("shenji"), asked.pk, granted=False, decision="属于本级")
    assert excluding.propose(dispatcher, case.id, "outside_powers", "补充材料").status == "proposed"
    with pytest.raises(Invalid):
        excluding.propose(dispatcher, closed(2).id, "luck", "")


def test_a_street_whistles_and_each_department_musters_acts_and_is_rated() -> None:
    leader = actor("zhangdudao")
    start = now() - timedelta(hours=3)
    case = whistling.blow(
        leader, "510107005", "emergency", "危墙倾斜", departments=("fire", "police"), at=start
    )
    assert (case["org"], case["state"], case["public"]) == ("street-yulin", "blown", False)
    assert {task.org: case.clocks[f"task-{name}"].span for name, task in case.tasks.items()} == {
        "fire": 1800,
        "police": 1800,
    }
    helper = actor("daiban")
    state = actions.finish_task(helper, case.id, "t1", result="已到场 6 人", at=start + timedelta(minutes=20))
    assert state.clocks["task-t1"].status == "stopped"
    assert (state.tasks["t3"].org, state.tasks["t3"].kind) == ("fire", "act")
    while tick(start + timedelta(hours=1)):
        pass
    found = {one.org: one for one in whistles.departments(queries.state_of(case.id), now())}
    assert (found["fire"].stage, found["police"].stage) == ("mustered", "called")
    assert (found["fire"].late, found["police"].late) == (False, True)
    for task in ("t2", "t3", "t4"):
        actions.finish_task(helper, case.id, task, result="完成")
    with pytest.raises(Conflict) as refused:
        step(case.id, "zhangdudao", "close", result="险情解除")
    assert refused.value.code == "not_rated"
    with pytest.raises(Denied):
        whistling.rate(helper, case.id, "t3", 5)
    whistling.rate(leader, case.id, "t3", 5, words="到得快")
    whistling.rate(leader, case.id, "t4", 2)
    ended = step(case.id, "zhangdudao", "close", result="险情解除")
    assert not ended["open"]
    assert all(clock.status == "stopped" for clock in ended.clocks.values())
    clean()


def test_a_whistle_is_blown_by_the_own_street_and_by_the_table() -> None:
    with pytest.raises(Denied):
        whistling.blow(actor("zhangdudao"), "510107001", "emergency", "别的街道")
    with pytest.raises(Denied):
        whistling.blow(actor("sunpaiqian"), "510107005", "emergency", "不是街道")
    with pytest.raises(Invalid):
        whistling.blow(actor("hanyulin"), "510107005", "emergency", "x", departments=("education",))
    with pytest.raises(Invalid):
        whistling.blow(actor("hanyulin"), "510107005", "party", "x")
    case = whistling.blow(actor("hanyulin"), "510107005", "joint", "联合整治")
    assert len(case.tasks) == 4


def test_words_of_suicide_raise_a_person_and_no_machine_ends_the_case() -> None:
    case = complaint(text="再不解决我就从楼上跳楼")
    assert (case["urgency"], case["limits"]["limit"]) == ("critical", "2h")
    alarms.tell_people([entry for entry in stream(case.id) if entry.kind in alarms.KINDS])
    told = set(Notice.objects.filter(kind="hotline.alarm").values_list("account__username", flat=True))
    assert told == {"hejiexian", "sunpaiqian"}
    machine = Actor("client", 7, "机器人", actor("wulian").grants)
    for who in (machine, Actor.system()):
        with pytest.raises(Denied) as refused:
            actions.move(who, case.id, "refuse", inputs=_because("自动办结"))
        assert who.kind == "system" or refused.value.code == "needs_person"
    assert not step(case.id, "wulian", "refuse", reason="已联系本人和公安，安全")["open"]


def _because(reason: str) -> Any:
    from shanzhi.cases.workflow import Inputs

    return Inputs(reason=reason)


def test_the_report_says_what_was_closed_and_names_nobody() -> None:
    closed(1, text="我叫王小明，电话13812345678，店外经营没人管")
    closed(5)
    data = monthly.told(actor("shenji"), this_month())
    assert data
    assert (data["opened"], data["whole"]["cases"], len(data["worst"]), len(data["best"])) == (2, 2, 1, 1)
    assert "13812345678" not in str(data)
    assert data["tables"][0]["rows"][0]["name"] == "玉林街道"


def test_consultations_are_counted_where_they_are_seen() -> None:
    for number, area in enumerate(("510107005001", "510107005001", "510107014001", "")):
        Call.objects.create(
            id=new_id(), channel="call:t", external=str(number), at=now(), kind="consultation",
            answer="social-card-lost", area=area,
        )  # fmt: skip
    Call.objects.create(
        id=new_id(), channel="call:t", external="c", at=now(), kind="case", area="510107005001"
    )
    data = monthly.told(actor("shenji"), this_month())
    assert data
    assert (data["consultations"]["n"], data["consultations"]["calls"], data["consultations"]["before"]) == (
        4,
        5,
        None,
    )
    assert data["consultations"]["asked"] == [["社保卡丢了怎么补办", 4]]
    street = ranks.month(actor("zhangdudao"), this_month())
    assert street
    assert consultations.answered(street).consultations == 2
    said = docx.Document(BytesIO(papers.docx(data))).paragraphs
    assert any(one.text.endswith("　4") for one in said)
    earlier = {key: value for key, value in data.items() if key != "consultations"}
    assert papers.docx(earlier) and papers.pdf(earlier)  # reports that were kept before are still written


def test_the_report_of_last_month_is_made_once_when_its_day_has_come() -> None:
    begin = now().replace(day=2, hour=0)
    assert reporting.on_schedule(begin) == 0
    at = now().replace(day=5, hour=3)
    assert (reporting.on_schedule(at), reporting.on_schedule(at)) == (1, 0)
    found = Report.objects.get()
    assert (found.made_by, found.data["month"]) == ("system", f"{found.month:%Y-%m}")
    with pytest.raises(Denied):
        reporting.make(actor("zhangdudao"), found.month)
    assert reporting.kept(actor("zhangdudao"), found.month) is None


def _ids(states: list[State]) -> set[UUID]:
    return {state.id for state in states}


def test_whistles_are_seen_by_those_they_concern() -> None:
    case = whistling.blow(actor("hanyulin"), "510107005", "emergency", "危墙")
    assert _ids(whistles.listed(actor("daiban"))) == {case.id}
    assert _ids(whistles.listed(actor("zhangdudao"))) == {case.id}
    assert whistles.listed(actor("zhaochuzhi")) == []
    with pytest.raises(NotFound):
        whistles.one(actor("sunpaiqian"), complaint().id)
