"""How many statements an action may cost, whatever the number of cases.

Counted through the real address, with the key or the session of whoever asks; a warm process is meant, as a
server is after its first request.
"""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanzhi.cases import actions
from shanzhi.cases.tests.district import YULIN, actor, brought_to, report
from shanzhi.orgs import actions as orgs
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.models import Account
from shanzhi.services.models import Application
from shanzhi.services.tests.people import registered

NEW, MOVE, LIST, MY, PAGE, APPROVAL, WORK = 12, 12, 4, 6, 7, 4, 4
APART = ("SAVEPOINT", "packs_sectionversion")  # a test's own; asked once in two seconds by a whole process


@pytest.fixture
def machine(district: None) -> Client:
    _, key = orgs.open_client(Actor.system(), "12345", grants=[Grant("operator", "510107")])
    return Client(headers={"Authorization": f"Bearer {key}"})


def person(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def cost(ask: Callable[[], Any]) -> int:
    """The statements of one request to a warm process."""
    assert ask().status_code < 300
    with CaptureQueriesContext(connection) as counted:
        assert ask().status_code < 300
    kept = [q["sql"] for q in counted.captured_queries if not any(word in q["sql"] for word in APART)]
    return len(kept)


def test_a_new_case(machine: Client) -> None:
    body = {
        "text": "油烟",
        "category": "E0107",
        "lon": YULIN[0],
        "lat": YULIN[1],
        "contact": {"phone": "13800138000"},
    }
    keys = iter("abcdefgh")

    def post() -> Any:
        return machine.post(
            "/api/v1/intake/reports",
            orjson.dumps(body),
            "application/json",
            headers={"Idempotency-Key": next(keys)},
        )

    assert 0 < cost(post) <= NEW


def test_a_thousand_new_cases_cost_no_more_than_one(machine: Client) -> None:
    body = orjson.dumps({"reports": [{"text": "油烟", "lon": YULIN[0], "lat": YULIN[1]}] * 200})
    assert 0 < cost(lambda: machine.post("/api/v1/intake/reports/bulk", body, "application/json")) <= NEW


def test_an_instant_approval(district: None) -> None:
    """The facts, whether the rule is stopped, and one statement for all that is written."""
    person_ = str(registered(age=92))
    _, key = orgs.open_client(Actor.system(), "counter", grants=[Grant("window_clerk", "510107")])
    client = Client(headers={"Authorization": f"Bearer {key}"})
    people = iter([person_, str(registered("chenjumin", age=85))])

    def post() -> Any:
        answers = {"payee": "social_card", "told_by": "sms"}
        body = {"item": "MZ-001", "person": next(people), "consent": "同意", "answers": answers}
        return client.post("/api/v1/services/applications", orjson.dumps(body), "application/json")

    assert 0 < cost(post) <= APPROVAL
    assert Application.objects.filter(by="machine", verdict="granted").count() == 2


def test_a_work_list_of_any_length(district: None) -> None:
    client = person("zhaochuzhi")
    assert 0 < cost(lambda: client.get("/desk/services")) <= WORK


def test_a_move(district: None) -> None:
    cases = iter([brought_to("reported").id for _ in range(2)])
    client, body = person("wulian"), orjson.dumps({"move": "register"})
    assert (
        0 < cost(lambda: client.post(f"/api/v1/cases/{next(cases)}/moves", body, "application/json")) <= MOVE
    )


@pytest.mark.parametrize("username", ["wangdama", "liwangge", "zhaochuzhi", "sunpaiqian", "shenji"])
@pytest.mark.parametrize("address", ["/api/v1/cases?limit=200", "/desk/", "/my"])
def test_a_list_of_any_length(district: None, username: str, address: str) -> None:
    if username == "wangdama" and address == "/desk/":
        return  # not for residents
    client = person(username)
    few = cost(lambda: client.get(address))
    who = actor("wangdama")
    actions.open_many(who, [report(account=who.account) for _ in range(60)])
    assert cost(lambda: client.get(address)) == few <= (MY if address == "/my" else LIST)


@pytest.mark.parametrize("username", ["wangdama", "zhaochuzhi", "sunpaiqian"])
def test_a_case_page(district: None, username: str) -> None:
    case, client = brought_to("answered").id, person(username)
    addresses = [f"/api/v1/cases/{case}", f"/my/{case}" if username == "wangdama" else f"/desk/cases/{case}"]
    for address in addresses:
        assert 0 < cost(lambda address=address: client.get(address)) <= PAGE  # type: ignore[misc]
