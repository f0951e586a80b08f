"""Messages on their way: to those who want them, once, not in quiet hours, and again after a failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.core import mail

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound, TooMany
from shanzhi.cases.tests.district import actor, opened
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.notices import actions, jobs, proving, queries, sending
from shanzhi.notices.models import Delivery, Endpoint
from shanzhi.notices.notice import Message
from shanzhi.notices.signing import verified
from shanzhi.orgs.models import Account

pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture(autouse=True)
def outbox(settings: Any, tmp_path: Path) -> Path:
    """Text messages go into a file of this test, mail into memory."""
    settings.OUTBOX = tmp_path
    settings.URL = "https://county.example"
    return tmp_path


def message(username: str, kind: str = "case.assigned") -> Message:
    account = actor(username).account
    assert account
    data = {"number": "1000 0012", "title": "井盖松动"}
    return Message(account, uuid4(), kind, now(), uuid4(), data)


def sent(path: Path) -> list[dict[str, Any]]:
    file = path / "sms.jsonl"
    return [orjson.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


def prefer(username: str, **given: Any) -> None:
    """Says how somebody wants to be told, and types the codes that were sent to new addresses."""
    who = actor(username)
    for channel in actions.prefer(who, **given):
        actions.prove(who, channel, code(username, channel))
    Delivery.objects.all().delete()  # the codes


def code(username: str, channel: str) -> str:
    return proving.code(proving.pending(actor(username).account or 0)[channel])


def test_a_new_address_is_used_only_after_its_code_was_typed(outbox: Path) -> None:
    who = actor("wulian")
    prefer("wulian", phone="13812345678", by_sms=True)
    assert actions.prefer(who, phone="13987654321", by_sms=True) == ["sms"]
    actions.tell([message("wulian")])
    sending.send()
    assert [one["to"] for one in sent(outbox)] == ["13987654321", "13812345678"]
    assert code("wulian", "sms") in sent(outbox)[0]["text"]
    with pytest.raises(Invalid):
        actions.prove(who, "sms", "000000" if code("wulian", "sms") != "000000" else "000001")
    actions.prove(who, "sms", code("wulian", "sms"))
    actions.tell([message("wulian")])
    sending.send()
    assert sent(outbox)[-1]["to"] == "13987654321"
    with pytest.raises(NotFound):
        actions.prove(who, "sms", "123456")


def test_nothing_is_sent_to_a_first_address_before_its_code(outbox: Path) -> None:
    actions.prefer(actor("wulian"), email="wu@county.example", by_email=True)
    actions.tell([message("wulian")])
    assert sending.send() == 1
    assert "Is this your address" in str(mail.outbox[0].subject) or "确认" in str(mail.outbox[0].subject)
    assert Account.objects.get(username="wulian").email == ""
    actions.prefer(actor("wulian"))  # thought better of
    assert queries.unproved(actor("wulian")) == {}


def test_five_wrong_codes_or_two_days_are_the_end_of_a_code() -> None:
    who = actor("wulian")
    actions.prefer(who, email="wu@county.example")
    right = code("wulian", "email")
    with pytest.raises(Conflict):
        actions.prove(who, "email", right, at=now() + timedelta(days=3))
    for _ in range(5):
        with pytest.raises(Invalid):
            actions.prove(who, "email", "wrong")
    with pytest.raises(Conflict):
        actions.prove(who, "email", right)
    actions.prefer(who, email="wu@county.example")  # once more: another code
    assert code("wulian", "email") != right


def test_the_same_address_given_again_is_sent_no_second_code_and_nobody_is_flooded() -> None:
    who = actor("wulian")
    for _ in range(3):
        assert actions.prefer(who, email="wu@county.example") == ["email"]
    assert Delivery.objects.count() == 1
    for n in range(4):
        actions.prefer(who, email=f"wu{n}@county.example")
    with pytest.raises(TooMany):
        actions.prefer(who, email="wu9@county.example")
    assert Delivery.objects.filter(status="waiting").count() == 1


def test_by_default_the_inbox_is_all(outbox: Path) -> None:
    actions.tell([message("wulian")])
    assert sending.send() == 0
    assert len(queries.inbox(actor("wulian"))) == 1


def test_who_wants_it_is_told_by_mail_and_text_message_in_the_words_of_the_pack(outbox: Path) -> None:
    prefer("wulian", email="wu@county.example", phone="138 1234 5678", by_email=True, by_sms=True)
    told = message("wulian")
    for _ in range(2):  # a reader that starts again tells once
        actions.tell([told])
    assert sending.send() == 2
    assert sending.send() == 0
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["wu@county.example"], "【武侯善治】新任务：井盖松动")
    assert f"https://county.example/desk/cases/{told.case}" in str(letter.body)
    [text] = sent(outbox)
    assert (text["to"], "1000 0012" in text["text"]) == ("13812345678", True)


def test_a_resident_is_told_in_his_language_with_a_link_to_his_matter(outbox: Path) -> None:
    prefer("wangdama", phone="13812345678", by_sms=True)
    Account.objects.filter(username="wangdama").update(language="en")
    actions.tell([message("wangdama", "case.warned")])
    sending.send()
    [text] = sent(outbox)
    assert text["text"].startswith("Time is running out: 井盖松动")
    assert "https://county.example/my/" in text["text"]


def test_what_is_muted_is_not_sent_and_quiet_hours_are_waited_for(outbox: Path) -> None:
    local = (now() + timedelta(hours=8)).time().replace(tzinfo=None)
    until = (now() + timedelta(hours=9)).time().replace(tzinfo=None)
    prefer("wulian", phone="13812345678", by_sms=True, muted=["case.noted"], quiet=(local, until))
    actions.tell([message("wulian", "case.noted"), message("wulian")])
    assert sending.send() == 0
    [waiting] = Delivery.objects.all()
    assert timedelta(minutes=55) < waiting.next_at - now() < timedelta(minutes=65)


@pytest.mark.parametrize(
    "given",
    [{"by_email": True}, {"by_sms": True}, {"by_sms": True, "phone": "12"}, {"by_email": True, "email": "x"}],
)
def test_a_way_without_an_address_is_refused(given: Any) -> None:
    with pytest.raises(Invalid):
        actions.prefer(actor("wulian"), **given)


def test_telephones_are_kept_encrypted() -> None:
    prefer("wulian", phone="13812345678")
    kept = Account.objects.get(username="wulian").phone
    assert kept
    assert b"13812345678" not in bytes(kept)


class Receiver(BaseHTTPRequestHandler):
    """Another system: answers what the test wants and keeps what it was told."""

    status = 200
    got: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.status)
        self.send_header("location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def receiving(status: int = 200) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    handler: Any = type("Handler", (Receiver,), {"status": status, "got": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook?x=1", handler.got
    server.shutdown()
    server.server_close()


def entries() -> list[Any]:
    return [entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry ORDER BY xact, id", [])]


def due() -> None:
    Delivery.objects.filter(status="waiting").update(next_at=now())


def test_another_system_is_told_signed_and_without_personal_data() -> None:
    with receiving() as (url, got):
        secret = actions.add_endpoint(actor("admin"), "分析平台", url, ["case.opened"])
        case = opened(text="我是王大妈，电话13812345678，楼下油烟")
        for _ in range(2):
            jobs.tell_endpoints(entries())
        assert sending.send() == 1
    [(given, body)] = got
    assert verified(secret.encode(), given, body, int(now().timestamp()))
    assert "13812345678" not in body.decode()
    told = orjson.loads(body)
    data = told["data"]
    assert (told["type"], data["case"], data["set"]["state"]) == (
        "case.opened",
        str(case.id),
        "reported",
    )


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_fails_is_tried_again_then_dead_then_sent_again_by_a_person(status: int) -> None:
    with receiving(status) as (url, got):
        actions.add_endpoint(actor("admin"), "分析平台", url)
        opened()
        jobs.tell_endpoints(entries())
        for _ in range(8):
            due()
            sending.send()
        assert len(got) == 8
        assert len({given["webhook-id"] for given, _body in got}) == 1
    [dead] = queries.deliveries("dead")
    assert (dead["attempts"], dead["error"]) == (8, f"HTTP {status}")
    with receiving() as (url, got):
        Endpoint.objects.update(url=url)
        assert actions.send_again(actor("admin"), [dead["id"]]) == 1
        sending.send()
        assert len(got) == 1
    assert queries.outbox() == {"sent": 1}


def test_nobody_listening_is_a_failure_and_no_crash() -> None:
    actions.add_endpoint(actor("admin"), "没人", "http://127.0.0.1:9/")
    opened()
    jobs.tell_endpoints(entries())
    assert sending.send() == 1
    [waiting] = queries.deliveries("waiting")
    assert "refused" in waiting["error"].lower()


def test_only_administrators_add_systems_and_only_by_http() -> None:
    with pytest.raises(Denied):
        actions.add_endpoint(actor("sunpaiqian"), "x", "https://county.example/")
    for url in ("ftp://x/", "javascript:alert(1)", "https://u:p@x/", "https:///x", "x"):
        with pytest.raises(Invalid):
            actions.add_endpoint(actor("admin"), "x", url)


def test_a_system_that_is_switched_off_is_told_nothing() -> None:
    actions.add_endpoint(actor("admin"), "x", "https://county.example/")
    actions.switch_endpoint(actor("admin"), Endpoint.objects.get().pk, active=False)
    opened()
    jobs.tell_endpoints(entries())
    assert Delivery.objects.count() == 0
