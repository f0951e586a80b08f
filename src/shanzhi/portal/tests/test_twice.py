"""A report that is sent twice is one report. Each test commits, as the site does."""

from typing import Any

import pytest
from django.test import Client

from shanzhi.cases.models import Case
from shanzhi.packs.actions import apply
from shanzhi.web.tests.demo import PACK, forget

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN = {"type": "street-issue", "text": "井盖松动", "area": "510107005", "key": "k-1"}


@pytest.fixture
def guest() -> Client:
    forget()
    apply("system", PACK)
    forget()
    return Client(headers={"accept-language": "en"})


def reported(guest: Client, **more: Any) -> Any:
    return guest.post("/report", GIVEN | more)


def test_a_report_sent_twice_is_one(guest: Client) -> None:
    assert reported(guest)["location"] == reported(guest)["location"]
    assert Case.objects.count() == 1


def test_another_report_under_the_same_key_is_not_lost_quietly(guest: Client) -> None:
    reported(guest)
    other = reported(guest, text="路灯不亮")
    assert other.status_code == 422
    assert "路灯不亮" in other.content.decode()
    assert 'value="k-1"' not in other.content.decode()
