"""Reports through our own API: 王大妈 without an account, the hotline with its key."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from shanzhi.base.geo import Point, wgs84_to_gcj02
from shanzhi.base.ids import parse_number
from shanzhi.cases import queries
from shanzhi.cases.models import Case
from shanzhi.cases.state import State
from shanzhi.files.tests.samples import photo
from shanzhi.intake.api import ANONYMOUS_PER_MINUTE
from shanzhi.orgs.actions import open_client
from shanzhi.orgs.actor import Actor, Grant

pytestmark = pytest.mark.usefixtures("district")
YULIN = Point(104.061964, 30.635818)
FUMES = {"text": "楼下烧烤店油烟太大", "category": "E0107", "lon": YULIN.lon, "lat": YULIN.lat}
SYSTEM = Actor.system("test")


def post(path: str, body: Any, key: str = "", **headers: str) -> tuple[int, Any]:
    given = headers | ({"Authorization": f"Bearer {key}"} if key else {})
    answer = Browser().post(f"/api/v1/intake/{path}", body, content_type="application/json", headers=given)
    return answer.status_code, answer.json()


def case(answer: Any) -> State:
    return queries.state_of(queries.by_number(SYSTEM, parse_number(answer["number"])))


@pytest.fixture
def hotline() -> str:
    return open_client(SYSTEM, "hotline", grants=[Grant("operator", "510107")])[1]


def test_anybody_reports_and_is_told_number_link_and_promise() -> None:
    status, answer = post("reports", FUMES | {"contact": {"name": "王大妈", "phone": "13800138000"}})
    assert status == 201
    assert answer["area"] == "510107005001001"
    assert answer["due_at"] and answer["org"] and answer["state"] == "reported"
    assert answer["link"].startswith(f"/track/{answer['id']}/r1/")
    [reporter] = case(answer).reporters.values()
    assert reporter.person is not None
    assert "13800138000" not in str(case(answer))


def test_places_come_in_the_coordinates_of_chinese_maps_too() -> None:
    shifted = wgs84_to_gcj02(YULIN)
    _, answer = post("reports", FUMES | {"lon": shifted.lon, "lat": shifted.lat, "datum": "gcj02"})
    assert answer["area"] == "510107005001001"
    assert case(answer)["lon"] == pytest.approx(YULIN.lon, abs=1e-5)


def test_a_photo_that_was_sent_first_belongs_to_the_report() -> None:
    sent = (
        Browser().post("/api/v1/files", {"file": SimpleUploadedFile("a.jpg", photo(), "image/jpeg")}).json()
    )
    assert post("reports", FUMES | {"files": [sent["id"]]})[0] == 201
    assert post("reports", FUMES | {"files": [sent["id"]]})[0] == 404
    assert post("reports", FUMES | {"files": [str(uuid4())]})[0] == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " "}, "text"),
        ({"lat": None}, "lat"),
        ({"lon": 116.4, "lat": 39.9}, "lat"),
        ({"type": "wish"}, ""),
        ({"colour": "red"}, "colour"),
        ({"data": {"colour": "red"}}, "colour"),
        ({"contact": {"phone": "12"}}, "contact.phone"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], field: str) -> None:
    status, answer = post("reports", FUMES | change)
    assert status == 422
    assert [error["field"].removeprefix("body.") for error in answer["errors"]] == ([field] if field else [])


@pytest.mark.parametrize(
    "change", [{"text": "垃\0圾"}, {"contact": {"name": "\0"}}, {"data": {"\0": 1}}, {"files": ["\0"]}]
)
def test_a_character_that_no_text_has_is_refused(change: dict[str, Any]) -> None:
    assert post("reports", FUMES | change)[0] == 400


def test_words_that_only_look_like_it_come_in() -> None:
    _, answer = post("reports", FUMES | {"text": r"\u0000"})
    assert case(answer)["text"] == r"\u0000"


def test_strangers_report_so_often_a_minute() -> None:
    found = [post("reports", FUMES | {"text": " "})[0] for _ in range(ANONYMOUS_PER_MINUTE + 1)]
    assert found == [422] * ANONYMOUS_PER_MINUTE + [429]


def test_machines_bring_many_at_once_all_or_none(hotline: str) -> None:
    status, answer = post("reports/bulk", {"reports": [FUMES, FUMES]}, hotline)
    assert (status, len({one["number"] for one in answer["cases"]})) == (201, 2)
    before = Case.objects.count()
    contact = {"phone": "12"}
    status, answer = post("reports/bulk", {"reports": [FUMES, FUMES | {"contact": contact}]}, hotline)
    assert (status, answer["errors"][0]["field"]) == (422, "1.contact.phone")
    assert post("reports/bulk", {"reports": [FUMES, FUMES | {"files": [str(uuid4())]}]}, hotline)[0] == 422
    assert Case.objects.count() == before


def test_strangers_bring_one_at_a_time() -> None:
    assert post("reports/bulk", {"reports": [FUMES]})[0] == 401
