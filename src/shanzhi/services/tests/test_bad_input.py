"""What goes wrong, and what people are told: in plain words, with how to mend it, and never a refusal by a machine."""

from datetime import timedelta

import pytest
from django.test import Client

from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.tests.district import actor, photo
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.models import Account
from shanzhi.residents.actions.facts import Given, keep
from shanzhi.residents.queries.facts import today
from shanzhi.services.actions import drafting
from shanzhi.services.models import Application, Draft
from shanzhi.services.queries import applications
from shanzhi.services.tests.people import registered
from shanzhi.services.tests.test_applying import AGREED, filled
from shanzhi.services.tests.versions import next_item, next_rule

pytestmark = pytest.mark.usefixtures("district", "changing")


def page(username: str = "wangdama") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(Account.objects.get(username=username))
    return client


def check_of(draft: Draft) -> str:
    return f"/services/drafts/{draft.pk}/check"


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def send(client: Client, draft: Draft, **more: str) -> tuple[int, str]:
    answer = client.post(
        check_of(draft), {"form": "send", "seen": str(draft.version), "consent": "on", **more}
    )
    if answer.status_code == 302:
        return 302, client.get(answer.headers["Location"], follow=True).content.decode()
    return answer.status_code, answer.content.decode()


def test_an_expired_card_is_not_known_and_the_paper_is_asked_for() -> None:
    person = registered(age=45)
    card = Given("identity", True, valid_to=today() - timedelta(days=1))
    keep(Actor.system(), person, [card], source="police")
    draft = drafting.begin(actor("wangdama"), "MZ-004")
    for key, value in (("hardship", "illness"), ("payee", "social_card")):
        draft = drafting.answer(actor("wangdama"), draft.pk, key, value, seen=draft.version)
    seen = text(page(), check_of(draft))
    assert "还缺这份材料" in seen and "请上传或带来：居民身份证" in seen


def test_half_a_form_says_what_is_still_to_be_said() -> None:
    registered()
    draft = drafting.begin(actor("wangdama"), "MZ-001")
    status, seen = send(page(), draft)
    assert status == 302 and "补贴发到哪里" in seen and Application.objects.count() == 0


def test_the_second_tab_is_told_and_shown_how_it_stands() -> None:
    registered()
    draft = filled()
    client, address = page(), f"/services/drafts/{draft.pk}"
    stale = {"fact": "payee", "seen": "0", "value": "bank_card"}
    answer = client.post(address, stale, follow=True)
    assert "另一个页面" in answer.content.decode()
    assert drafting.answers(drafting.of(actor("wangdama"), draft.pk))["payee"] == "social_card"


def test_new_rules_at_midnight_are_said_and_the_answers_are_kept() -> None:
    registered()
    draft = filled()
    next_rule()
    status, seen = send(page(), draft)
    assert status == 302 and "新的规定" in seen and "社会保障卡" in seen
    status, seen = send(page(), drafting.of(actor("wangdama"), draft.pk))
    assert status == 302 and "每月100元" in seen


def test_a_service_that_was_closed_meanwhile_says_so() -> None:
    registered()
    next_item(open=False)
    seen = text(page(), "/services/MZ-001")
    assert "暂停办理" in seen or "暂不" in seen
    assert 'action="/services/MZ-001/apply"' not in seen
    answer = page().post("/services/MZ-001/apply")
    assert answer.status_code == 409


def test_a_service_without_a_rule_can_be_applied_for_and_a_person_judges() -> None:
    registered()
    next_item(rule="", instant=False)
    assert "可申请，待人工判断" in text(page(), "/services/MZ-001")
    draft = filled()
    assert "可申请，待人工判断" in text(page(), check_of(draft))
    case = drafting.send(actor("wangdama"), draft.pk, consent=AGREED)
    assert cases.state_of(case)["state"] == "submitted"
    found = applications.opened(actor("zhengminzheng"), case)
    assert found.rule is None and found.answer is None and applications.checklist(found) == ()
    assert page("zhengminzheng").get(f"/desk/services/{case}").status_code == 200


def test_the_paper_of_somebody_else_is_not_taken() -> None:
    registered(hukou=None)
    who = actor("wangdama")
    draft = drafting.answer(who, filled().pk, "hukou", "510107005", seen=2)
    with pytest.raises(NotFound):
        drafting.attach(who, draft.pk, {"booklet": [photo(actor("chenjumin"))]}, seen=draft.version)
    assert drafting.of(who, draft.pk).materials == {}
