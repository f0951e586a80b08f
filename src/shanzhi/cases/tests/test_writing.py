"""王大妈 has no account: she left her number, agreed, and is told by text message how her report goes on."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from shanzhi.base.clock import now
from shanzhi.cases import actions, links, queries
from shanzhi.cases.jobs import notify
from shanzhi.cases.sides import Ask
from shanzhi.cases.telling import purpose
from shanzhi.cases.tests.district import actor, report, step
from shanzhi.cases.writing import MOST_A_DAY
from shanzhi.intake.reporting import Incoming, receive
from shanzhi.journal import queries as journal
from shanzhi.notices import sending
from shanzhi.notices.models import Delivery, Template
from shanzhi.orgs.actor import Actor
from shanzhi.residents.actions import take_back
from shanzhi.residents.models import Consent
from shanzhi.residents.person import Contact

pytestmark = pytest.mark.usefixtures("district")
PHONE = "13812345678"
SENTENCE = "请用短信告诉我办理进展"


@pytest.fixture(autouse=True)
def outbox(settings: Any, tmp_path: Path) -> Path:
    settings.OUTBOX = tmp_path
    settings.URL = "https://county.example"
    return tmp_path


def reported(agreed: str = SENTENCE, phone: str = PHONE, **given: Any) -> UUID:
    incoming = Incoming(report(**given), Contact("王大妈", phone), agreed)
    return UUID(receive(Actor.anonymous(), incoming)["id"])


def told(case: UUID, folder: Path) -> list[dict[str, Any]]:
    """All that follows from the case, twice, as when a reader starts again; what has been sent."""
    entries = queries.view(actor("wulian"), case).timeline
    for _ in range(2):
        notify(entries)
    Delivery.objects.update(next_at=now())
    while sending.send():
        pass
    file = folder / "sms.jsonl"
    return [orjson.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


def test_she_is_told_that_it_is_accepted_with_her_secret_link(outbox: Path) -> None:
    case = reported()
    step(case, "wulian", "register")
    [text] = told(case, outbox)
    assert text["to"] == PHONE
    assert "已受理" in text["text"]
    assert f"https://county.example{links.path(case)}" in text["text"]
    assert links.secret(case) not in str(list(Delivery.objects.values()))


def test_she_is_told_why_it_is_refused(outbox: Path) -> None:
    case = reported()
    step(case, "wulian", "refuse", reason="属于青羊区管辖")
    [text] = told(case, outbox)
    assert "未予受理" in text["text"]
    assert "属于青羊区管辖" in text["text"]


def test_she_is_told_who_has_it_next_when_an_office_sends_it_back(outbox: Path) -> None:
    case = reported()
    for username, name in (("wulian", "register"), ("sunpaiqian", "dispatch")):
        step(case, username, name)
    step(case, "zhaochuzhi", "return", reason="不属于本单位职责")
    text = told(case, outbox)[-1]["text"]
    assert "不属于本单位职责" in text
    assert "指挥中心" in text or "中心" in text


def test_she_is_told_of_a_new_promise_and_asked_at_the_end(outbox: Path) -> None:
    case = reported()
    for username, name in (("wulian", "register"), ("sunpaiqian", "dispatch"), ("zhaochuzhi", "accept")):
        step(case, username, name)
    actions.ask(actor("zhaochuzhi"), case, Ask("extend", "设备未到", seconds=3600))
    actions.decide(actor("sunpaiqian"), case, "q1", granted=True)
    step(case, "zhaochuzhi", "resolve")
    step(case, "liwangge", "verify", result="现场已无油烟")
    texts = [one["text"] for one in told(case, outbox)]
    assert [("受理" in t, "延长" in t, "解决了没有" in t) for t in texts] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


@pytest.mark.parametrize("given", [{"agreed": ""}, {"phone": ""}])
def test_nobody_is_told_who_did_not_agree_or_left_no_number(outbox: Path, given: Any) -> None:
    case = reported(**given)
    step(case, "wulian", "register")
    assert told(case, outbox) == []
    assert not Consent.objects.exists()


def test_what_she_agreed_to_is_kept_with_its_time_and_can_be_taken_back(outbox: Path) -> None:
    case = reported()
    [consent] = Consent.objects.all()
    assert (consent.purpose, consent.basis) == (purpose(case), SENTENCE)
    assert now() - consent.given_at < timedelta(minutes=1)
    assert [e.kind for e in journal.stream(consent.person_id)] == ["consent.given"]
    step(case, "wulian", "register")
    notify(queries.view(actor("wulian"), case).timeline)
    take_back(Actor.anonymous(), consent.person_id, purpose=purpose(case))
    assert told(case, outbox) == []
    assert list(Delivery.objects.values_list("status", flat=True)) == ["dead"]  # and is not tried again


def test_agreeing_for_one_report_is_not_agreeing_for_another(outbox: Path) -> None:
    reported()
    other = reported(agreed="")
    step(other, "wulian", "register")
    assert told(other, outbox) == []


def test_a_strangers_number_is_not_filled(outbox: Path) -> None:
    for _ in range(MOST_A_DAY + 2):
        case = reported()
        step(case, "wulian", "register")
        texts = told(case, outbox)
    assert len(texts) == MOST_A_DAY


def test_nobody_is_woken(outbox: Path) -> None:
    local = now() + timedelta(hours=8)
    hours = {"from": f"{local:%H:%M}", "until": f"{local + timedelta(hours=1):%H:%M}"}
    Template.objects.update_or_create(kind="quiet", defaults={"body": hours})
    case = reported()
    step(case, "wulian", "register")
    notify(queries.view(actor("wulian"), case).timeline)
    [waiting] = Delivery.objects.all()
    assert timedelta(minutes=50) < waiting.next_at - now() < timedelta(minutes=61)
    assert sending.send() == 0
