"""What goes on nearby: 陈居民 sees what his neighbours reported, nothing about them, and says "me too"."""

import re
from typing import Any

import pytest
from django.test import Client

from shanzhi.cases import actions, links
from shanzhi.cases.models import Case, ClockRow, ReporterRow
from shanzhi.cases.opening import Report
from shanzhi.cases.state import State
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import actors
from shanzhi.web.tests.demo import signed_in

TEXT = "井盖松动，请联系13812345678"
HERE = {"lon": 104.0665, "lat": 30.6290}


@pytest.fixture
def guest(wuhou: None) -> Client:
    return Client(headers={"accept-language": "en"})


def opened(**more: Any) -> State:
    given: dict[str, Any] = {"type": "street-issue", "text": TEXT, "public": True, **HERE}
    return actions.open_case(Actor.system(), Report(**(given | more)))


def test_the_list_names_public_reports_without_what_reaches_a_person(guest: Client) -> None:
    opened(address="玉林南路12号3单元")
    html = guest.get("/nearby").content.decode()
    assert "井盖松动" in html
    assert "13812345678" not in html
    assert "12号" not in html


@pytest.mark.parametrize("path", ["/nearby", "/nearby/cases.geojson"])
def test_what_is_not_public_is_shown_nowhere(guest: Client, path: str) -> None:
    case = opened(public=False, text="邻里纠纷")
    assert "邻里纠纷" not in guest.get(path).content.decode()
    assert guest.get(f"/nearby/{case.id}").status_code == 404
    assert guest.post(f"/nearby/{case.id}", {"key": "k"}).status_code == 404


def test_with_a_position_the_nearest_come_first(guest: Client) -> None:
    opened(text="远处的", lon=104.0725)
    opened(text="近处的")
    html = guest.get("/nearby", {name: str(value) for name, value in HERE.items()}).content.decode()
    assert html.index("近处的") < html.index("远处的")
    assert "0 m away" in html


@pytest.mark.parametrize(
    "query", ["lon=x&lat=1", "lon=nan&lat=nan", "page=-1", "page=x", "area=' OR 1=1", "show=%00"]
)
def test_what_is_no_filter_is_passed_over(guest: Client, query: str) -> None:
    opened()
    assert "井盖松动" in guest.get(f"/nearby?{query}").content.decode()
    assert guest.get(f"/nearby/cases.geojson?{query}").status_code == 200


def test_the_list_is_filtered_by_area_and_by_being_closed(guest: Client) -> None:
    case = opened()
    area = Case.objects.get(pk=case.id).area
    assert "井盖松动" in guest.get("/nearby", {"area": area[:9]}).content.decode()
    assert "井盖松动" not in guest.get("/nearby", {"show": "closed"}).content.decode()


def test_the_map_has_a_coarse_place_and_no_personal_data(guest: Client) -> None:
    case = opened(lon=104.06654321, address="玉林南路12号")
    [feature] = guest.get("/nearby/cases.geojson").json()["features"]
    assert feature["geometry"]["coordinates"] == [104.0665, 30.629]
    assert feature["id"] == str(case.id)
    assert set(feature["properties"]) == {
        "number", "title", "state", "open", "late", "category", "area", "org", "ending", "url", "opened_at",
    }  # fmt: skip
    assert "13812345678" not in feature["properties"]["title"]


def test_the_ground_of_the_map_comes_from_here(guest: Client) -> None:
    found = guest.get("/nearby/areas.geojson").json()
    assert found["features"]
    assert {f["properties"]["level"] for f in found["features"]} == {"community"}


def test_an_overdue_promise_is_said_to_everybody(guest: Client) -> None:
    case = opened()
    Case.objects.filter(pk=case.id).update(due_at="2020-01-01T00:00:00Z")
    ClockRow.objects.filter(case=case.id, kind="case").update(due="2020-01-01T00:00:00Z")
    assert "Overdue" in guest.get("/nearby").content.decode()
    assert "The promised time has passed." in guest.get(f"/nearby/{case.id}").content.decode()


def test_me_too_gives_a_link_of_ones_own_without_what_others_wrote(guest: Client) -> None:
    case = opened()
    [wulian] = actors(usernames=["wulian"])
    actions.note(wulian, case.id, "已安排", public=True)
    first = links.path(case.id)
    guest.post(first, {"form": "note", "note-words": "我住三单元", "note-key": "n-1"})
    assert "我住三单元" in guest.get(first).content.decode()
    answer = guest.post(f"/nearby/{case.id}", {"key": "k-1"})
    assert re.match(rf"/track/{case.id}/r2/[\w-]+\?joined=1", answer["location"])
    html = guest.get(answer["location"]).content.decode()
    assert "已安排" in html
    assert "我住三单元" not in html
    assert "13812345678" not in html
    assert ReporterRow.objects.filter(case=case.id).count() == 2


def test_me_too_of_somebody_signed_in_is_among_her_matters_and_counts_once(wuhou: None) -> None:
    case, chen = opened(), signed_in("chenjumin")
    assert chen.post(f"/nearby/{case.id}", {"key": "k-1"}).status_code == 302
    again = chen.post(f"/nearby/{case.id}", {"key": "k-2"})
    assert again.status_code == 409
    assert "You have reported this already" in again.content.decode()
    assert "井盖松动" in chen.get("/my").content.decode()


def test_me_too_sent_twice_is_one(guest: Client) -> None:
    case = opened()
    links = {guest.post(f"/nearby/{case.id}", {"key": "k-1"})["location"] for _ in range(2)}
    assert len(links) == 1


def test_what_is_closed_cannot_be_joined(guest: Client) -> None:
    case = opened()
    Case.objects.filter(pk=case.id).update(open=False)
    page = guest.post(f"/nearby/{case.id}", {"key": "k-1"})
    assert page.status_code == 409
    assert "closed already" in page.content.decode()
