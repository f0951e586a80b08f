"""The pages of visits: found by number, planned once, taken off the list; each to who may."""

from typing import Any

import pytest
from django.test import Client

from shanzhi.journal.queries import stream
from shanzhi.orgs.actor import Actor
from shanzhi.patrol.models import Regular, Visit
from shanzhi.places.history import today
from shanzhi.residents.actions import contact
from shanzhi.web.tests.demo import signed_in

pytestmark = pytest.mark.usefixtures("district")
PAGE, FORM, PHONE = "/patrol/visits", "/patrol/visits/plan", "17000000001"


def sent(client: Client, **more: Any) -> Any:
    given = {"kind": "elderly-alone", "phone": PHONE, "area": "510107005001001", "due": today().isoformat()}
    return client.post(FORM, {**given, "key": "k1", **more})


def test_somebody_known_is_chosen_masked_and_planned_once() -> None:
    person = contact(Actor.system(), name="王独居", phone=PHONE, address="玉林北路1号")
    officer = signed_in("hanyulin")
    page = sent(officer)
    assert page.status_code == 200 and "王**" in page.content.decode()
    assert PHONE in page.content.decode() and "玉林北路1号" not in page.content.decode()
    for _ in range(2):
        assert sent(officer, person=str(person), regular="on").status_code == 302
    assert Visit.objects.get().person == Regular.objects.get().person == person
    assert {"person.looked", "facts.read", "person.visit_planned", "person.visits_begun"} == {
        entry.kind for entry in stream(person)
    }
    shown = officer.get(PAGE).content.decode()
    assert "王**" in shown and PHONE not in shown and "玉林北路1号" not in shown


def test_somebody_new_needs_a_name_and_an_address() -> None:
    leader = signed_in("zhangdudao")
    assert "give the name" in sent(leader).content.decode()
    assert sent(leader, name="新老人").status_code == 422
    assert sent(leader, name="新老人", address="玉林北路2号", key="k2").status_code == 302
    assert Visit.objects.count() == 1 and not Regular.objects.exists()


def test_a_number_does_not_give_away_somebody_else() -> None:
    other = contact(Actor.system(), name="他人", phone="17000000002")
    contact(Actor.system(), name="王独居", phone=PHONE)
    assert sent(signed_in("zhangdudao"), person=str(other)).status_code == 422
    assert not Visit.objects.exists()


def test_an_area_or_a_worker_of_elsewhere_is_refused() -> None:
    leader = signed_in("zhangdudao")
    assert sent(leader, name="甲", address="某路1号", area="510107001001").status_code == 422
    assert sent(leader, name="甲", address="某路1号", due="2020-01-01").status_code == 422


def test_who_is_taken_off_the_list_needs_a_reason() -> None:
    leader = signed_in("zhangdudao")
    sent(leader, name="甲", address="某路1号", regular="on")
    number = Regular.objects.get().pk
    page = leader.post(PAGE, {"regular": number, "reason": "", "key": "e1"})
    assert page.status_code == 422 and Regular.objects.filter(ended_at=None).exists()
    assert leader.post(PAGE, {"regular": number, "reason": "已入住养老院", "key": "e1"}).status_code == 302
    assert not Regular.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(("who", "shown"), [("hanyulin", True), ("zhangdudao", True), ("liwangge", False)])
def test_the_way_there_is_shown_to_who_plans(who: str, shown: bool) -> None:
    page = signed_in(who).get("/desk/").content.decode()
    assert (f'href="{PAGE}"' in page or 'href="/patrol/"' in page) == shown
