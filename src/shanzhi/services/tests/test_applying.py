"""王大妈 applies for the allowance for the aged: two questions, and she has it. And all that may go wrong."""

from datetime import timedelta
from uuid import UUID

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.jobs import notify
from shanzhi.cases.tests.district import actor, clean, photo, step
from shanzhi.cases.ticker import tick
from shanzhi.journal.queries import stream
from shanzhi.notices.models import Notice
from shanzhi.orgs.actor import Actor
from shanzhi.residents.actions.facts import Given, keep
from shanzhi.residents.fact import Known
from shanzhi.residents.queries import facts
from shanzhi.services import form
from shanzhi.services.actions import drafting, stopping
from shanzhi.services.models import Application, Document, Draft
from shanzhi.services.queries import applications, catalogue
from shanzhi.services.tests.people import born, registered
from shanzhi.services.tests.versions import next_item

pytestmark = pytest.mark.usefixtures("district")
AGREED = "同意使用公安登记的出生日期和户籍办理本事项"


def asked(draft: Draft) -> list[str]:
    """What the form asks of somebody who always takes the first choice."""
    item, registry = catalogue.item(draft.item), facts.types()
    rule = catalogue.rule(item)
    known = facts.of(draft.person, list(registry))
    keys = []
    while question := form.next_question(item, rule, registry, known, facts.today()):
        keys.append(question.key)
        said = question.type.read(question.type.values[0])
        known[question.key] = Known(question.key, said, "declared", 1, now(), UUID(int=0))
    return keys


def filled(username: str = "wangdama") -> Draft:
    """A draft with both questions answered."""
    who = actor(username)
    draft = drafting.begin(who, "MZ-001")
    for key, value in (("payee", "social_card"), ("told_by", "sms")):
        draft = drafting.answer(who, draft.pk, key, value, seen=draft.version)
    return draft


def test_two_questions_and_she_has_it() -> None:
    person = registered(age=92)
    who = actor("wangdama")
    assert asked(drafting.begin(who, "MZ-001")) == ["payee", "told_by"]
    case = drafting.send(who, filled().pk, consent=AGREED)
    state = cases.state_of(case)
    assert state["state"] == "granted" and not state["open"] and state["org"] == "civil-affairs"
    found = applications.opened(who, case)
    assert (found.application.verdict, found.application.by) == ("granted", "machine")
    assert found.application.outputs == {"amount": "200"} and found.application.rows == [2]
    assert (found.application.fields, found.application.prefilled) == (4, 2)
    assert (found.application.needed, found.application.spared) == (2, 2)
    assert found.document is not None and "每月200元" in found.document.body["says"]
    assert found.document.body["person"] == str(person)
    clean()


def test_the_decision_can_be_looked_at_again_and_the_journal_names_no_value() -> None:
    registered(age=85)
    case = drafting.send(actor("wangdama"), filled().pk, consent=AGREED)
    keep(
        Actor.system(), registered(age=85), [Given("birth_date", born(60))], source="police"
    )  # corrected later
    found = applications.opened(actor("wangdama"), case)
    assert found.answer is not None and found.answer.truth is True and list(found.answer.rows) == [3]
    text = str([entry.data for entry in stream(case)])
    assert "elderly-allowance@1" in text and born(85) not in text and "social_card" not in text


def test_sent_twice_is_one_case_and_one_allowance() -> None:
    registered()
    draft = filled()
    first = drafting.send(actor("wangdama"), draft.pk, consent=AGREED)
    assert drafting.send(actor("wangdama"), draft.pk, consent=AGREED) == first
    with pytest.raises(Conflict, match="already"):
        drafting.send(actor("wangdama"), filled().pk, consent=AGREED)
    assert Application.objects.count() == 1 and Document.objects.count() == 1


def test_the_later_of_two_tabs_is_told() -> None:
    registered()
    draft = filled()
    with pytest.raises(Conflict, match="another tab"):
        drafting.answer(actor("wangdama"), draft.pk, "payee", "bank_card", seen=draft.version - 1)


def test_half_a_form_is_not_sent() -> None:
    registered()
    draft = drafting.begin(actor("wangdama"), "MZ-001")
    with pytest.raises(Invalid) as told:
        drafting.send(actor("wangdama"), draft.pk, consent=AGREED)
    assert {error.field for error in told.value.errors} == {"payee", "told_by"}


def test_without_consent_nothing_is_sent() -> None:
    registered()
    with pytest.raises(Invalid):
        drafting.send(actor("wangdama"), filled().pk, consent=" ")


def test_what_she_only_says_decides_nothing() -> None:
    registered(age=82, hukou=None)
    who, draft = actor("wangdama"), filled()
    draft = drafting.answer(who, draft.pk, "hukou", "510107005", seen=draft.version)
    with pytest.raises(Invalid) as told:  # the booklet would prove it
        drafting.send(who, draft.pk, consent=AGREED)
    assert [error.field for error in told.value.errors] == ["booklet"]
    case = drafting.send(who, draft.pk, consent=AGREED, anyway=True)
    assert cases.state_of(case)["state"] == "submitted"


def test_a_no_is_never_the_machines() -> None:
    registered(age=79)
    who, draft = actor("wangdama"), filled()
    with pytest.raises(Invalid, match="missing|expected") as told:
        drafting.send(who, draft.pk, consent=AGREED)
    assert [error.field for error in told.value.errors] == ["age"]
    case = drafting.send(who, draft.pk, consent=AGREED, anyway=True)
    assert cases.state_of(case)["open"]


def test_two_registers_that_differ_decide_nothing_until_somebody_settles_it() -> None:
    person = registered(age=82)
    keep(Actor.system(), person, [Given("birth_date", born(60))], source="window")
    [conflict] = facts.conflicts()
    case = drafting.send(actor("wangdama"), filled().pk, consent=AGREED, anyway=True)
    assert cases.state_of(case)["state"] == "submitted"
    from shanzhi.residents.actions.facts import settle

    settle(actor("xufuwu"), conflict["id"], words="窗口录入有误，已更正")
    assert facts.of(person, ["age"])["age"].authoritative


def test_a_stopped_rule_decides_nothing_and_its_decisions_are_found() -> None:
    registered()
    registered("chenjumin")
    case = drafting.send(actor("wangdama"), filled().pk, consent=AGREED)
    with pytest.raises(Denied):
        stopping.stop(actor("zhengminzheng"), "elderly-allowance", reason="标准有误")
    stopping.stop(actor("xufuwu"), "elderly-allowance", reason="标准有误")
    other = drafting.send(actor("chenjumin"), filled("chenjumin").pk, consent=AGREED)
    assert cases.state_of(other)["state"] == "submitted"
    decided = applications.decided_by("elderly-allowance")
    assert [row["case"] for row in decided] == [case]


@pytest.mark.usefixtures("changing")
def test_a_closed_item_is_not_applied_for() -> None:
    registered()
    draft = filled()
    next_item(open=False)
    with pytest.raises(Conflict, match="not on offer"):
        drafting.begin(actor("chenjumin"), "MZ-001")
    for _ in range(2):  # first he is told of the new version, then that it is closed
        with pytest.raises(Conflict):
            drafting.send(actor("wangdama"), draft.pk, consent=AGREED)


@pytest.mark.usefixtures("changing")
def test_whoever_began_before_a_new_version_looks_through_his_answers_again() -> None:
    registered()
    draft = filled()
    next_item()
    with pytest.raises(Conflict, match="New rules"):
        drafting.send(actor("wangdama"), draft.pk, consent=AGREED)
    case = drafting.send(actor("wangdama"), draft.pk, consent=AGREED)
    assert cases.state_of(case)["data"]["item"] == "MZ-001@3"


def test_the_paper_of_somebody_else_is_not_taken() -> None:
    registered(hukou=None)
    who, draft = actor("wangdama"), filled()
    draft = drafting.answer(who, draft.pk, "hukou", "510107005", seen=draft.version)
    other = photo(actor("chenjumin"))
    with pytest.raises(NotFound):
        drafting.attach(who, draft.pk, {"booklet": [other]}, seen=draft.version)
    drafting.attach(who, draft.pk, {"booklet": [photo(who)]}, seen=draft.version)
    case = drafting.send(who, draft.pk, consent=AGREED)
    assert cases.state_of(case)["state"] == "submitted"  # what she says of her registration is for a person


def test_nobody_sees_or_sends_the_draft_of_another() -> None:
    registered()
    draft = filled()
    with pytest.raises(NotFound):
        drafting.send(actor("chenjumin"), draft.pk, consent=AGREED)
    with pytest.raises(NotFound):
        drafting.of(actor("chenjumin"), draft.pk)


def test_what_is_typed_lies_encrypted() -> None:
    registered()
    draft = filled()
    assert b"social_card" not in bytes(drafting.of(actor("wangdama"), draft.pk).answers or b"")


def submitted() -> UUID:
    registered(age=79)
    return drafting.send(actor("wangdama"), filled().pk, consent=AGREED, anyway=True)


def test_not_told_within_five_working_days_it_is_accepted() -> None:
    case = submitted()
    due = cases.state_of(case).clocks["accept"].due
    assert due is not None
    tick(due - timedelta(minutes=1))
    assert cases.state_of(case)["state"] == "submitted"
    tick(due + timedelta(seconds=1))
    state = cases.state_of(case)
    assert state["state"] == "accepted" and state["org"] == "civil-affairs"
    clean()


def test_supplements_are_asked_once_and_meanwhile_the_clocks_rest() -> None:
    case = submitted()
    step(case, "zhengminzheng", "ask", reason="缺户口簿")
    assert cases.state_of(case).clocks["promised"].due is None
    assert tick(now() + timedelta(days=60)) == 0
    step(case, "wangdama", "supply")
    assert cases.state_of(case).clocks["promised"].due is not None
    with pytest.raises(Denied, match="once"):
        step(case, "zhengminzheng", "ask", reason="还缺身份证")


def test_what_a_person_grants_has_its_document_too() -> None:
    case = submitted()
    step(case, "zhengminzheng", "accept")
    step(case, "zhengminzheng", "grant", result="经复核，出生日期登记有误，准予发放")
    keep_up(case)
    found = applications.opened(actor("wangdama"), case)
    assert (found.application.verdict, found.application.by) == ("granted", "person")
    assert found.document is not None and "经复核" in found.document.body["says"]


def keep_up(case: UUID) -> None:
    """What the reader does with the entries of a case."""
    from shanzhi.services.actions.keeping import keep as digest_entries

    entries = list(stream(case))
    digest_entries(entries)
    digest_entries(entries)  # the second time nothing changes


def test_a_father_applies_for_his_child_by_the_authority_he_states_and_a_person_judges() -> None:
    from shanzhi.residents import actions as people
    from shanzhi.residents.actions.facts import household

    father = registered("chenjumin", age=35)
    child = people.contact(Actor.system(), name="陈小宝", phone="13900000001")
    keep(Actor.system(), child, [Given("birth_date", born(85)), Given("hukou", "510107005")], source="police")
    household(Actor.system(), {father: "本人", child: "子女"})
    assert facts.relatives(father) == {child: "子女"}
    who = actor("chenjumin")
    with pytest.raises(Invalid):
        drafting.begin(who, "MZ-001", behalf=drafting.Behalf(child, " "))
    draft = drafting.begin(who, "MZ-001", behalf=drafting.Behalf(child, "监护人"))
    for key, value in (("payee", "social_card"), ("told_by", "sms")):
        draft = drafting.answer(who, draft.pk, key, value, seen=draft.version)
    case = drafting.send(who, draft.pk, consent=AGREED)
    found = applications.opened(who, case)
    assert (found.application.person, found.application.agent) == (child, father)
    assert cases.state_of(case)["state"] == "submitted"


def test_decided_issued_and_told_are_one_statement_and_nobody_is_told_twice() -> None:
    registered()
    case = drafting.send(actor("wangdama"), filled().pk, consent=AGREED)
    mine = Notice.objects.filter(account_id=actor("wangdama").account or 0, case=case)
    assert [one.kind for one in mine] == ["case.granted"]  # no reader has run yet
    notify(list(stream(case)))
    assert [one.kind for one in mine.all()] == ["case.granted"]
