"""Following a place in the pages: without an account by a code, with one among one's matters; ended by a link."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client

from shanzhi.cases.tests.district import YULIN, actor, opened
from shanzhi.notices import sending
from shanzhi.orgs import limits
from shanzhi.subscriptions import links
from shanzhi.subscriptions.models import Subscription
from shanzhi.web.tests.demo import signed_in

GIVEN = {"area": "510107005", "channel": "sms", "address": "13812345678", "pace": "daily", "key": "k-1"}


@pytest.fixture
def guest(wuhou: None, settings: Any, tmp_path: Path) -> Client:
    settings.OUTBOX = tmp_path
    return Client(headers={"accept-language": "zh-hans"})


def test_a_neighbour_without_an_account_follows_confirms_and_ends(guest: Client, tmp_path: Path) -> None:
    answers = {guest.post("/subscribe", GIVEN)["location"] for _ in range(2)}
    [page] = answers  # sent twice it is one
    one = Subscription.objects.get()
    assert (page, one.confirmed_at, one.language) == (f"/subscriptions/{one.pk}", None, "zh-hans")
    assert "138****" not in guest.get(page).content.decode()
    sending.send()
    text = orjson.loads((tmp_path / "sms.jsonl").read_bytes())["text"]
    wrong = guest.post(page, {"code": "12"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.content.decode()
    [code] = re.findall(r"(?<!\d)\d{6}(?!\d)", text)
    assert guest.post(page, {"code": code}).status_code == 200
    assert Subscription.objects.get().confirmed_at
    link = links.path(one.pk)
    html = guest.get(link).content.decode()
    assert "138****5678" in html
    assert "13812345678" not in html
    assert "退" in guest.post(link, {"do": "end"}).content.decode() or Subscription.objects.get().ended_at
    assert Subscription.objects.get().address is None
    assert guest.get(link[:-2] + "xx").status_code == 404


def test_opening_the_link_alone_confirms_nothing(guest: Client) -> None:
    guest.post("/subscribe", GIVEN)
    one = Subscription.objects.get()
    guest.get(links.path(one.pk))  # as scanners of mail do
    assert Subscription.objects.get().confirmed_at is None
    guest.post(links.path(one.pk), {"do": "confirm"})
    assert Subscription.objects.get().confirmed_at


def test_with_an_account_it_stands_among_ones_matters_and_is_ended_there(wuhou: None) -> None:
    chen, wang = signed_in("chenjumin"), signed_in("wangdama")
    assert chen.post("/subscribe", GIVEN | {"channel": "inbox", "address": ""})["location"] == "/my"
    one = Subscription.objects.get()
    assert "Yulin" in chen.get("/my").content.decode()
    assert "Yulin" not in wang.get("/my").content.decode()
    assert wang.post("/my/subscriptions", {"id": str(one.pk)}).status_code == 404
    assert chen.post("/my/subscriptions", {"id": str(one.pk)}).status_code == 302
    assert Subscription.objects.get().ended_at


def test_what_happened_there_is_read_among_ones_matters(wuhou: None) -> None:
    from shanzhi.subscriptions.tests.test_subscriptions import read

    chen = signed_in("chenjumin")
    chen.post("/subscribe", GIVEN | {"channel": "inbox", "address": ""})
    case = opened(public=True)
    read()
    html = chen.get("/my").content.decode()
    assert "New near a place you follow" in html
    assert f"/nearby/{case.id}" in html
    assert chen.post("/my").status_code == 302
    assert "All read" not in chen.get("/my").content.decode()


def test_from_a_public_case_its_surroundings_are_followed(guest: Client) -> None:
    case = opened(public=True)
    html = guest.get(f"/nearby/{case.id}").content.decode()
    assert f"/subscribe?case={case.id}" in html
    form = guest.get(f"/subscribe?case={case.id}").content.decode()
    assert f'value="{round(YULIN[0], 4)}"' in form
    hidden = opened(public=False)
    assert guest.get(f"/subscribe?case={hidden.id}").status_code == 404


def test_around_a_point(guest: Client) -> None:
    given = {n: v for n, v in GIVEN.items() if n != "area"}
    where = {"lon": str(YULIN[0]), "lat": str(YULIN[1]), "radius_m": "200"}
    assert guest.post("/subscribe", given | where).status_code == 302
    one = Subscription.objects.get()
    assert (one.area, one.radius_m, one.within) == ("", 200, "510107005001")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"address": "12"}, "id_address"),
        ({"address": ""}, "id_address"),
        ({"area": "1"}, "id_area"),
        ({"channel": "inbox"}, "id_channel"),
        ({"lon": "120.1", "lat": "30.2", "radius_m": "200"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    guest: Client, more: dict[str, str], field: str
) -> None:
    page = guest.post("/subscribe", GIVEN | more)
    assert page.status_code == 422
    assert f'href="#{field}' in page.content.decode()
    assert f'value="{(GIVEN | more)["address"]}"' in page.content.decode() or not (GIVEN | more)["address"]


def test_nobody_asks_the_platform_to_write_to_many(guest: Client) -> None:
    limits.forget()
    answers = [
        guest.post("/subscribe", GIVEN | {"key": f"k-{n}", "address": f"1381234567{n}"}).status_code
        for n in range(5)
    ]
    assert answers[:3] == [302] * 3
    assert answers[-1] == 429


def test_the_first_address_is_that_of_the_account(wuhou: None) -> None:
    from shanzhi.orgs import actions as orgs

    orgs.reach_at(actor("chenjumin"), email="chen@county.example", phone="")
    assert "chen@county.example" in signed_in("chenjumin").get("/subscribe").content.decode()
