"""陈居民 follows 玉林; a neighbour without an account does too. Nobody hears anything before he confirmed."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core import mail

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound, TooMany
from shanzhi.base.geo import Point
from shanzhi.cases.tests.district import YULIN, actor, brought_to, opened, step
from shanzhi.journal import queries as journal
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.notices import queries as notices
from shanzhi.notices import sending
from shanzhi.notices.models import Delivery
from shanzhi.orgs.actor import Actor
from shanzhi.subscriptions import actions, jobs, links, queries, telling
from shanzhi.subscriptions.actions import Wish
from shanzhi.subscriptions.models import Happening, Subscription

pytestmark = pytest.mark.usefixtures("district")
NOBODY = Actor.anonymous()
STREET = "510107005"
PHONE = "13812345678"
MORNING = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def outbox(settings: Any, tmp_path: Path) -> Path:
    settings.OUTBOX = tmp_path
    settings.URL = "https://county.example"
    return tmp_path


def wish(**given: Any) -> Wish:
    values: dict[str, Any] = {"channel": "sms", "address": PHONE, "area": STREET, "daily": False}
    return Wish(**(values | given))


def confirmed(who: Actor = NOBODY, **given: Any) -> Subscription:
    one = actions.follow(who, wish(**given))
    return one if one.channel == "inbox" else actions.confirm(who, one.pk, links.secret(one.pk))


def read() -> None:
    """What the reader does with everything that has happened."""
    wanted = jobs.READERS[0].kinds
    jobs.keep(
        [
            one
            for row in run(f"SELECT {FIELDS}, xact FROM journal_entry ORDER BY xact, id", [])
            if (one := entry(row)).kind in wanted
        ]
    )


def texts(folder: Path) -> list[str]:
    Delivery.objects.update(next_at=now())
    sending.send()
    file = folder / "sms.jsonl"
    return [orjson.loads(line)["text"] for line in file.read_bytes().splitlines()] if file.exists() else []


def test_before_it_is_confirmed_only_the_question_is_sent(outbox: Path) -> None:
    one = actions.follow(NOBODY, wish())
    opened(public=True)
    read()
    assert telling.digest() == 0
    [question] = texts(outbox)
    [code] = re.findall(r"\d{6}", question.replace(PHONE, ""))
    with pytest.raises(Invalid):
        actions.confirm_by_code(NOBODY, one.pk, "000000" if code != "000000" else "111111")
    assert actions.confirm_by_code(NOBODY, one.pk, code).confirmed_at
    assert [e.kind for e in journal.stream(one.pk)] == ["subscription.asked", "subscription.confirmed"]
    assert PHONE not in str([e.data for e in journal.stream(one.pk)])


def test_five_wrong_codes_and_two_days_are_the_end_of_it() -> None:
    one = actions.follow(NOBODY, wish())
    for _ in range(actions.TRIES):
        with pytest.raises(Invalid):
            actions.confirm_by_code(NOBODY, one.pk, "x")
    with pytest.raises(Conflict):
        actions.confirm_by_code(NOBODY, one.pk, links.code(one.pk))
    old = actions.follow(NOBODY, wish(), at=now() - timedelta(days=3))
    with pytest.raises(Conflict):
        actions.confirm(NOBODY, old.pk, links.secret(old.pk))


@pytest.mark.parametrize(
    ("moves", "what"),
    [
        ("reported", ["opened"]),
        ("handling", ["opened"]),  # what goes on inside is no news
        ("answered", ["opened", "answered"]),
        ("closed", ["opened", "answered", "closed"]),
    ],
)
def test_what_is_news(moves: str, what: list[str]) -> None:
    confirmed()
    brought_to(moves, public=True)
    read()
    assert list(Happening.objects.order_by("at").values_list("what", flat=True)) == what


def test_a_refusal_is_news_and_not_called_closed() -> None:
    confirmed()
    step(opened(public=True).id, "wulian", "refuse", reason="属于青羊区管辖")
    read()
    assert list(Happening.objects.order_by("at").values_list("what", flat=True)) == ["opened", "refused"]


@pytest.mark.parametrize(
    ("given", "case", "told"),
    [
        ({"area": STREET}, {}, True),
        ({"area": "510107001"}, {}, False),
        ({"area": "", "point": Point(*YULIN), "radius_m": 200}, {}, True),
        ({"area": "", "point": Point(YULIN[0] + 0.01, YULIN[1]), "radius_m": 500}, {}, False),
        ({"categories": ("E01",)}, {}, True),
        ({"categories": ("E02",)}, {}, False),
        ({}, {"public": False}, False),
    ],
)
def test_who_is_concerned(given: Any, case: Any, told: bool) -> None:
    confirmed(**given)
    opened(**({"public": True} | case))
    read()
    assert Happening.objects.exists() == told


def test_a_flood_is_one_message_a_day_and_each_thing_is_told_once(outbox: Path) -> None:
    one = confirmed()
    for _ in range(3):
        opened(public=True)
    for _ in range(2):  # a reader that starts again keeps nothing twice
        read()
    Subscription.objects.update(due_at=MORNING)
    assert (telling.digest(), telling.digest()) == (1, 0)
    opened(public=True)
    read()
    fresh = Subscription.objects.get(pk=one.pk)
    assert fresh.due_at and fresh.sent_at and fresh.due_at >= fresh.sent_at + timedelta(days=1)
    assert telling.digest() == 0
    news = [text for text in texts(outbox) if "3 条" in text]
    assert len(news) == 1
    assert "13812345678" not in news[0].replace("https://", "")


def test_messages_hold_nothing_that_anybody_wrote_and_a_way_out() -> None:
    one = confirmed(channel="email", address="Chen@county.example")
    opened(public=True, text="王大妈家楼下油烟，电话13900001111", address="玉林南路12号3单元")
    read()
    Subscription.objects.update(due_at=MORNING)
    telling.digest()
    Delivery.objects.update(next_at=now())
    sending.send()
    letter = mail.outbox[-1]
    body = str(letter.body)
    assert letter.to == ["chen@county.example"]
    assert "油烟" in body  # the category
    for private in ("王大妈", "13900001111", "12号"):
        assert private not in body + letter.subject
    leave = f"https://county.example{links.path(one.pk)}"
    assert leave in body
    assert letter.extra_headers["List-Unsubscribe"] == f"<{leave}>"
    assert Delivery.objects.filter(sealed__isnull=False).count() == 0  # nothing is kept once it is sent


def test_an_account_finds_each_thing_in_its_pages_at_once_and_by_no_other_way() -> None:
    chen = actor("chenjumin")
    confirmed(chen, channel="inbox", address="")
    confirmed(chen, channel="inbox", address="", area=STREET + "001")
    opened(public=True)
    for _ in range(2):
        read()
    assert [one["kind"] for one in notices.inbox(chen)] == ["place.opened"]
    assert "油烟太大" not in str(notices.inbox(chen))
    assert not Happening.objects.exists()


def test_who_did_it_himself_is_not_told() -> None:
    confirmed(actor("wangdama"), channel="inbox", address="")
    opened("wangdama", public=True)
    read()
    assert notices.inbox(actor("wangdama")) == []


def test_ended_by_the_link_the_address_is_forgotten_and_what_waits_is_not_sent(outbox: Path) -> None:
    one = confirmed()
    opened(public=True)
    read()
    Subscription.objects.update(due_at=MORNING)
    telling.digest()
    actions.end(NOBODY, one.pk, secret=links.secret(one.pk))
    assert [text for text in texts(outbox) if "新消息" in text] == []
    kept = Subscription.objects.get(pk=one.pk)
    assert (kept.address, kept.address_hash, kept.due_at) == (None, None, None)
    actions.end(NOBODY, one.pk, secret=links.secret(one.pk))
    opened(public=True)
    read()
    assert Happening.objects.filter(sent_at=None).count() == 0
    actions.forget(now() + timedelta(days=8))
    assert not Subscription.objects.exists()


def test_what_is_no_longer_public_is_not_told(outbox: Path) -> None:
    confirmed()
    case = opened(public=True)
    read()
    run("UPDATE cases_case SET public = false WHERE id = %s", [case.id])
    Subscription.objects.update(due_at=MORNING)
    telling.digest()
    assert [text for text in texts(outbox) if "新消息" in text] == []


def test_only_ones_own_and_only_with_the_right_secret() -> None:
    chen = actor("chenjumin")
    one = confirmed(chen)
    for who, secret in ((actor("wangdama"), ""), (NOBODY, ""), (chen, "wrong"), (NOBODY, links.code(one.pk))):
        with pytest.raises(NotFound):
            actions.end(who, one.pk, secret=secret)
    assert [found.pk for found in queries.own(chen)] == [one.pk]
    assert queries.own(actor("wangdama")) == []
    assert queries.shown_address(one) == "138****5678"
    assert PHONE.encode() not in bytes(one.address or b"")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"address": ""}, Invalid),
        ({"address": "12"}, Invalid),
        ({"channel": "email", "address": "x"}, Invalid),
        ({"channel": "inbox"}, Denied),
        ({"channel": "carrier pigeon"}, Denied),
        ({"area": "99"}, Invalid),
        ({"area": "", "point": Point(120.1, 30.2)}, Invalid),
        ({"area": "", "point": Point(*YULIN), "radius_m": 1}, Invalid),
    ],
)
def test_what_is_refused(given: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        actions.follow(NOBODY, wish(**given))


def test_nobody_fills_a_strangers_telephone() -> None:
    for _ in range(actions.ASKED_A_DAY):
        actions.follow(NOBODY, wish())
    with pytest.raises(TooMany):
        actions.follow(actor("chenjumin"), wish())
    actions.follow(NOBODY, wish(address="13800000000"))
