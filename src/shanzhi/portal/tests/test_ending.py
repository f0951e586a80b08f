"""Closed is not solved; who refuses says why and who is next; what is not solved is taken up again by anybody."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shanzhi.base.clock import now
from shanzhi.cases import actions, links
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.jobs import notify
from shanzhi.cases.models import Case
from shanzhi.cases.queries import view
from shanzhi.cases.tests.district import actor, brought_to, opened, step
from shanzhi.notices.queries import inbox
from shanzhi.web.tests.demo import signed_in


@pytest.fixture
def guest(wuhou: None) -> Client:
    return Client(headers={"accept-language": "en"})


def badge(client: Client, path: str) -> tuple[str, str]:
    """The first badge of a page: its colour and its word."""
    found = re.search(r'<span class="badge ?([a-z]*)">([^<]+)', client.get(path).content.decode())
    assert found
    return found[1], found[2]


@pytest.mark.parametrize(
    ("solved", "shown"),
    [
        (None, ("plain", "Closed")),
        (True, ("good", "Solved")),
        (False, ("bad", "Closed, but not solved")),
    ],
)
def test_closed_is_told_apart_from_solved(guest: Client, solved: bool | None, shown: tuple[str, str]) -> None:
    case = brought_to("closed", public=True)
    if solved is not None:
        actions.evaluate(actor("wangdama"), case.id, Answers(solved=solved))
    wang = signed_in("wangdama")
    for client, path in (
        (guest, f"/nearby/{case.id}"),
        (guest, "/nearby"),
        (wang, f"/my/{case.id}"),
        (wang, "/my"),
    ):
        assert badge(client, path) == shown
    [feature] = guest.get("/nearby/cases.geojson").json()["features"]
    assert feature["properties"]["ending"] == {None: "closed", True: "solved", False: "unsolved"}[solved]


def test_a_refusal_says_who_and_why_to_everybody(guest: Client) -> None:
    case = opened(public=True)
    step(case.id, "wulian", "refuse", reason="属于青羊区管辖，联系13900001111")
    assert badge(guest, f"/nearby/{case.id}") == ("warn", "Not accepted")
    html = guest.get(f"/nearby/{case.id}").content.decode()
    assert re.search(r"Not taken up by [^<]*中心", html)
    assert "属于青羊区管辖" in html
    assert "13900001111" not in html


def test_sent_back_it_says_who_why_and_where_it_goes_next(guest: Client) -> None:
    case = brought_to("dispatched", public=True)
    step(case.id, "zhaochuzhi", "return", reason="不属于本单位职责")
    for html in (
        guest.get(f"/nearby/{case.id}").content.decode(),
        signed_in("wangdama").get(f"/my/{case.id}").content.decode(),
    ):
        assert re.search(r"Sent back by [^<.]*局\.", html)
        assert "不属于本单位职责" in html
        assert re.search(r"Next: [^<]*中心", html)


def test_photos_before_and_after_stand_apart(guest: Client) -> None:
    case = brought_to("answered", public=True)
    html = guest.get(f"/nearby/{case.id}").content.decode()
    assert "Photos afterwards" in html
    assert "Photos of the report" not in html


def test_the_promise_for_everybody_is_that_of_the_work_and_not_of_the_next_step(guest: Client) -> None:
    case = brought_to("dispatched", public=True)
    promised = case.clocks["handle"].due
    assert promised
    html = guest.get(f"/nearby/{case.id}").content.decode()
    assert f'datetime="{(promised + timedelta(hours=8)):%Y-%m-%dT%H:%M}' in html


def again(client: Client, case: Any, **given: str) -> Any:
    return client.post(f"/nearby/{case.id}", {"form": "again", "again-key": "k-1"} | given)


@pytest.mark.parametrize("who", ["", "chenjumin", "wangdama"])
def test_any_resident_takes_it_up_again_and_the_handler_is_told(guest: Client, who: str) -> None:
    case = brought_to("closed", public=True)
    client = signed_in(who) if who else guest
    answer = again(client, case, **{"again-reason": "又有油烟了"})
    assert answer.status_code == 302
    assert client.get(answer["location"]).status_code == 200
    assert again(client, case, **{"again-reason": "又有油烟了"})["location"] == answer["location"]  # once
    found = Case.objects.get(pk=case.id)
    assert (found.state, found.open, found.reworks) == ("handling", True, 1)
    notify(view(actor("zhaochuzhi"), case.id).timeline[-2:])
    assert "case.rework" in [one["kind"] for one in inbox(actor("zhaochuzhi"))]


def test_not_without_a_reason_and_not_after_the_time_for_it(guest: Client) -> None:
    case = brought_to("closed", public=True)
    assert again(guest, case).status_code == 422
    Case.objects.filter(pk=case.id).update(closed_at=now() - timedelta(days=16))
    assert "Is it not solved?" not in guest.get(f"/nearby/{case.id}").content.decode()
    page = again(guest, case, **{"again-reason": "又有油烟了"})
    assert page.status_code == 409
    assert "又有油烟了" in page.content.decode()


def test_what_is_not_public_or_was_refused_is_not_taken_up_so(guest: Client) -> None:
    hidden = brought_to("closed", public=False)
    assert again(guest, hidden, **{"again-reason": "又来了"}).status_code == 404
    refused = opened(public=True)
    step(refused.id, "wulian", "refuse", reason="不属于受理范围")
    assert again(guest, refused, **{"again-reason": "又来了"}).status_code == 409


def test_the_whole_link_of_a_merged_report_leads_to_its_page(guest: Client) -> None:
    main, other = opened(), opened("chenjumin")
    actions.merge(actor("sunpaiqian"), other.id, main.id)
    [name] = [n for n in view(actor("sunpaiqian"), main.id).state.reporters if n.startswith("m")]
    link = links.path(main.id, name)
    number = view(actor("sunpaiqian"), main.id).state["number"]
    from shanzhi.base.ids import format_number

    assert guest.post("/track", {"number": format_number(number), "code": link})["location"] == link
