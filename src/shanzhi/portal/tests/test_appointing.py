"""王大妈 says when somebody may come: at the report, on its page, and again when nobody came."""

from datetime import timedelta

import pytest
from django.test import Client

from shanzhi.base.clock import BEIJING, now
from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import actor, opened, step
from shanzhi.dispatch.actions.appointments import tell_missed
from shanzhi.portal.tests.test_reporting import hidden, turned
from shanzhi.web.tests.demo import signed_in


def day(days: int) -> str:
    return f"{(now().astimezone(BEIJING) + timedelta(days=days)).date()}"


@pytest.fixture
def guest(wuhou: None) -> Client:
    return Client(headers={"accept-language": "en"})


def test_it_is_chosen_at_the_report_said_on_its_page_and_changed_there(guest: Client) -> None:
    first = guest.get("/report").content.decode()
    third = turned(guest, turned(guest, first), area="510107005")
    assert "when we may come" in third and "Only for: Street issue" in third
    given = hidden(third) | {
        "type": "street-issue",
        "text": "阳台外的树枝压着电线",
        "visit_part": "afternoon",
    }
    for wrong, says in (
        ({"visit_day": day(-1)}, "This time is over: choose a later one"),
        ({"visit_day": day(99)}, "At most 14 days ahead"),
        ({"visit_day": "2026-13-45"}, "valid date"),
        ({}, "Say on which day"),
        ({"visit_day": day(2), "type": "complaint"}, "Only for: Street issue"),
    ):
        again = guest.post("/report", given | wrong)
        assert (again.status_code, says in again.content.decode()) == (422, True), wrong
        assert "阳台外的树枝" in again.content.decode()
    assert not Case.objects.exists()
    done = guest.post("/report", given | {"visit_day": day(2)})
    assert done.status_code == 302
    case = Case.objects.get()
    assert case.data == {"visit_day": day(2), "visit_part": "afternoon"}
    page = guest.get(done["location"]).content.decode()
    assert day(2) in page and "afternoon, 14 to 18" in page and "Agree on a time" in page
    form = {"form": "arrange", "arrange-version": case.version, "arrange-visit_part": "morning"}
    link = done["location"].partition("?")[0]
    bad = guest.post(link, form | {"arrange-visit_day": day(-3)})
    assert (bad.status_code, "This time is over" in bad.content.decode()) == (422, True)
    assert guest.post(link, form | {"arrange-visit_day": day(3)}).status_code == 302
    assert Case.objects.get().data == {"visit_day": day(3), "visit_part": "morning"}
    after = guest.get(link).content.decode()
    assert f"{day(3)} · morning, 9 to 12" in after  # in what has happened


def test_who_waited_in_vain_is_told_and_chooses_again(wuhou: None) -> None:
    case = opened(data={"visit_day": day(1), "visit_part": "morning"})
    step(case.id, "wulian", "register")
    step(case.id, "sunpaiqian", "dispatch")
    assert tell_missed(now() + timedelta(days=2)) == 1
    mine = signed_in("wangdama")
    page = mine.get(f"/my/{case.id}").content.decode()
    assert "We did not come at the time agreed" in page and "choose another time" in page
    version = Case.objects.get().version
    form = {"form": "appoint", "appoint-version": version, "appoint-visit_part": "any"}
    assert mine.post(f"/my/{case.id}", form).status_code == 302
    assert "no time agreed, come whenever you can" in mine.get(f"/my/{case.id}").content.decode()


def test_others_who_said_me_too_do_not_read_when_somebody_is_at_home(wuhou: None) -> None:
    from shanzhi.cases import actions

    case = opened(data={"visit_day": day(2), "visit_part": "morning"}, public=True)
    actions.join(actor("chenjumin"), case.id)
    page = signed_in("chenjumin").get(f"/my/{case.id}").content.decode()
    assert "上午 9–12 时</dd>" not in page and f"{day(2)}</dd>" not in page
