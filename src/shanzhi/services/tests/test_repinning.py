"""Putting a running application on to newer versions: seen before, said why, told to the applicant; and midnight."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.jobs import notify
from shanzhi.cases.tests.district import actor, clean, photo, step
from shanzhi.journal.queries import stream
from shanzhi.notices.models import Notice
from shanzhi.residents.queries.facts import today
from shanzhi.services.actions import drafting, repinning
from shanzhi.services.models import Application
from shanzhi.services.pinning import Differs
from shanzhi.services.queries import applications, catalogue
from shanzhi.services.queries.pins import Proposal
from shanzhi.services.tests.people import registered
from shanzhi.services.tests.test_applying import AGREED, filled
from shanzhi.services.tests.versions import TOMORROW, from_day, next_item, next_rule

pytestmark = pytest.mark.usefixtures("district", "changing")
CLERK = "zhengminzheng"
YES = {"zh": "本区户籍，年满75周岁（样例）", "en": "75 or older (sample)"}


def waiting(age: int = 79) -> UUID:
    """An application that waits for a person: the rule says no at 79."""
    registered(age=age)
    return drafting.send(actor("wangdama"), filled().pk, consent=AGREED, anyway=True)


def from_75(amount: str = "60", **facts: Any) -> None:
    """The allowance from 75 on: one more row."""
    old = catalogue.rule(catalogue.item("MZ-001"))
    assert old is not None
    body = old.spec.body
    row = {"when": {"age": "[75, 79]", "hukou": "510107", **facts}, "then": {"amount": amount}, "reason": YES}
    asked = {name: {"type": "bool", "title": YES} for name in facts}
    next_rule(rows=[*body["rows"], row], facts=body["facts"] | asked, cover=False, examples=[])


def plan_of(case: UUID, username: str = CLERK) -> Proposal:
    who = actor(username)
    found = repinning.proposed(who, applications.opened(who, case))
    assert found is not None
    return found


def repinned(case: UUID, reason: str = "标准已调整") -> Proposal:
    plan = plan_of(case)
    repinning.repin(actor(CLERK), case, to=plan.pins.ref, reason=reason)
    return plan


def test_nothing_is_proposed_while_nothing_is_newer() -> None:
    case = waiting()
    who = actor(CLERK)
    assert repinning.proposed(who, applications.opened(who, case)) is None
    with pytest.raises(Conflict, match="already"):
        repinning.repin(who, case, to="", reason="x")


def test_what_would_differ_is_seen_before_anything_changes() -> None:
    case = waiting()
    before = cases.state_of(case)
    from_75()
    plan = plan_of(case)
    assert plan.differs.verdict == ("no", "yes")
    assert plan.differs.outputs["amount"][0] is None and str(plan.differs.outputs["amount"][1]) == "60"
    assert (plan.differs.asked, plan.differs.bring, plan.differs.limits) == ((), (), {})
    assert cases.state_of(case) == before
    assert applications.opened(actor(CLERK), case).application.rule == "elderly-allowance@1"


def test_a_person_says_why_and_the_rule_in_force_decides_from_then_on() -> None:
    case = waiting()
    from_75()
    with pytest.raises(Invalid):
        repinning.repin(actor(CLERK), case, to=plan_of(case).pins.ref, reason=" ")
    repinned(case)
    found = applications.opened(actor(CLERK), case)
    assert found.application.rule == "elderly-allowance@2" == cases.state_of(case)["data"]["rule"]
    assert found.answer is not None and found.answer.truth is True
    entry = list(stream(case))[-1]
    assert entry.kind == "case.amended" and entry.actor == actor(CLERK).ref
    told = entry.data["facts"]
    assert told["reason"] == "标准已调整" and told["differs"]["verdict"] == ["no", "yes"]
    assert (told["before"]["rule"], told["after"]["rule"]) == ("elderly-allowance@1", "elderly-allowance@2")
    clean()


def test_only_who_works_on_it_and_only_while_it_is_open() -> None:
    case = waiting()
    from_75()
    ref = plan_of(case).pins.ref
    for other in ("chenjumin", "zhaochuzhi", "wangdama"):
        with pytest.raises((NotFound, Denied)):
            repinning.repin(actor(other), case, to=ref, reason="x")
    step(case, "wangdama", "withdraw")
    with pytest.raises(Conflict):
        repinning.repin(actor(CLERK), case, to=ref, reason="x")


def test_who_looked_before_another_version_came_compares_again() -> None:
    case = waiting()
    from_75()
    seen = plan_of(case).pins.ref
    from_75("70")
    with pytest.raises(Conflict, match="Yet another"):
        repinning.repin(actor(CLERK), case, to=seen, reason="x")
    assert applications.opened(actor(CLERK), case).application.rule == "elderly-allowance@1"


def test_what_is_asked_now_is_told_to_the_applicant_who_answers_on_his_page() -> None:
    case = waiting()
    from_75(exit_barred=False)
    plan = repinned(case)
    assert plan.differs == Differs(verdict=("no", "unknown"), asked=("exit_barred",), failing=(), outputs={})
    notify(list(stream(case)))
    told = Notice.objects.filter(account_id=actor("wangdama").account or 0, kind="case.repinned")
    assert [row.data["facts"]["asks"] for row in told] == [["exit_barred"]]
    found = applications.opened(actor("wangdama"), case)
    assert repinning.asked(found) == ["exit_barred"]
    with pytest.raises(Invalid):
        repinning.answer(actor("wangdama"), case, "exit_barred", "vielleicht")
    with pytest.raises(NotFound):
        repinning.answer(actor("wangdama"), case, "gender", "male")
    repinning.answer(actor("wangdama"), case, "exit_barred", False)
    found = applications.opened(actor(CLERK), case)
    assert repinning.asked(found) == [] and found.answer is not None and found.answer.truth is True
    assert found.facts["exit_barred"].trust == 1
    notify(list(stream(case)))
    assert Notice.objects.filter(account_id=actor(CLERK).account or 0, kind="case.answered").exists()
    clean()


def test_a_paper_that_is_asked_now_is_handed_in_and_another_is_spared() -> None:
    case = waiting()
    item = catalogue.item("MZ-001")
    paper = item.materials[0].model_copy(update={"key": "photo", "name": "近期免冠照片", "proves": ()})
    next_item(materials=(*item.materials, paper), promised="3wd", legal="10wd")
    due = cases.state_of(case).clocks["legal"].due
    plan = repinned(case)
    assert plan.differs.bring == ("photo",)
    assert plan.differs.limits == {"legal": ("20wd", "10wd"), "promised": ("1wd", "3wd")}
    state = cases.state_of(case)
    assert state["limits"]["promised"] == "3wd"
    assert due is not None and (now := state.clocks["legal"].due) is not None and now < due
    with pytest.raises(Invalid):
        repinning.hand_in(actor("wangdama"), case, "photo", [])
    repinning.hand_in(actor("wangdama"), case, "photo", [photo(actor("wangdama"))])
    assert applications.reviewed(applications.opened(actor("wangdama"), case)).complete
    clean()


def midnight(**shift: float) -> datetime:
    """The beginning of tomorrow in Beijing."""
    day = today() + TOMORROW
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(**shift)


def test_a_second_before_midnight_the_old_version_counts_and_at_midnight_the_new() -> None:
    registered()
    registered("chenjumin")
    first, second = filled(), filled("chenjumin")
    old = catalogue.item("MZ-001").version
    next_item(valid=from_day(today() + TOMORROW))
    case = drafting.send(actor("wangdama"), first.pk, consent=AGREED, at=midnight(seconds=-1))
    assert cases.state_of(case)["data"]["item"] == f"MZ-001@{old}"
    with pytest.raises(Conflict, match="New rules"):
        drafting.send(actor("chenjumin"), second.pk, consent=AGREED, at=midnight())
    case = drafting.send(actor("chenjumin"), second.pk, consent=AGREED, at=midnight(seconds=1))
    assert cases.state_of(case)["data"]["item"] == f"MZ-001@{old + 1}"


def test_a_rule_that_changes_at_midnight_is_told_although_the_service_has_not_changed() -> None:
    registered()
    draft = filled()
    next_rule(since=today() + TOMORROW)
    with pytest.raises(Conflict, match="New rules"):
        drafting.send(actor("wangdama"), draft.pk, consent=AGREED, at=midnight())
    case = drafting.send(actor("wangdama"), draft.pk, consent=AGREED, at=midnight())
    assert cases.state_of(case)["data"]["rule"] == "elderly-allowance@2"
    assert Application.objects.get(pk=case).rule == "elderly-allowance@2"
