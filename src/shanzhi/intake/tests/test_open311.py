"""Open311 GeoReport v2, as a client of the specification sees it. 王大妈 reports; the hotline has a key."""

import json
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from shanzhi.base.clock import now
from shanzhi.base.ids import parse_number
from shanzhi.cases import actions, queries
from shanzhi.cases.state import State
from shanzhi.files.tests.samples import SVG, photo
from shanzhi.intake.api import ANONYMOUS_PER_MINUTE
from shanzhi.intake.open311.formats import utc
from shanzhi.orgs.actions import open_client
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.residents.models import Person

pytestmark = pytest.mark.usefixtures("district")
V2 = "/open311/v2"
YULIN = {"lat": "30.635818", "long": "104.061964"}
RUBBISH = {"service_code": "E0101", "description": "路边垃圾三天没人清", **YULIN}
WORK = {"service_code": "H0501", "description": "拖欠工资"}
SYSTEM = Actor.system("test")


def get(path: str, **given: str) -> tuple[int, Any]:
    answer = Browser().get(f"{V2}/{path}.json", given)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    return answer.status_code, answer.json()


def post(form: dict[str, Any], key: str = "", **headers: str) -> tuple[int, Any]:
    given = form | ({"api_key": key} if key else {})
    answer = Browser(enforce_csrf_checks=True).post(f"{V2}/requests.json", given, headers=headers)
    return answer.status_code, answer.json()


def reported(form: dict[str, Any], key: str = "", **headers: str) -> str:
    status, [made] = post(form, key, **headers)
    assert status == 201, made
    assert made["service_notice"] and made["account_id"] is None
    return str(made["service_request_id"])


def case(number: str) -> State:
    return queries.state_of(queries.by_number(SYSTEM, parse_number(number)))


@pytest.fixture
def hotline() -> str:
    return open_client(SYSTEM, "hotline", grants=[Grant("operator", "510107")])[1]


def test_discovery_says_where_and_in_which_forms() -> None:
    for path in ("/open311/discovery.json", f"{V2}/discovery.json"):
        [endpoint] = Browser().get(path).json()["endpoints"]
        assert endpoint["url"] == "http://testserver/open311/v2"
        assert endpoint["formats"] == ["text/xml", "application/json"]


def test_services_are_the_categories_that_have_none_below() -> None:
    _, found = get("services")
    by_code = {one["service_code"]: one for one in found}
    assert "E01" not in by_code
    assert by_code["E0101"] == {
        "service_code": "E0101",
        "service_name": "暴露垃圾",
        "description": "市容环境 / 暴露垃圾 (GB/T 30428.2)",
        "metadata": True,
        "type": "realtime",
        "keywords": "暴露垃圾, Exposed rubbish, event",
        "group": "市容环境",
    }
    status, one = get("services/E0101")
    assert (status, one["service_code"]) == (200, "E0101")
    assert [(a["code"], a["datatype"]) for a in one["attributes"]] == [
        ("visit_day", "datetime"),
        ("visit_part", "singlevaluelist"),
    ]
    assert one["attributes"][1]["values"][0] == {"key": "morning", "name": "上午 9–12 时"}


def test_a_report_without_a_key_is_an_anonymous_one_with_its_contact_kept_apart() -> None:
    contact = {"first_name": "桂芳", "last_name": "王", "phone": "13812345678", "email": "wang@example.org"}
    found = case(reported(RUBBISH | contact))
    assert (found["type"], found["category"], found["channel"]) == ("street-issue", "E0101", "web")
    assert found["area"].startswith("510107005001")
    [reporter] = found.reporters.values()
    assert reporter.account is None and reporter.person is not None
    assert Person.objects.filter(pk=reporter.person).exists()
    assert "13812345678" not in str(get("requests")[1])


def test_a_report_with_a_key_is_that_client_s(hotline: str) -> None:
    assert case(reported(WORK | YULIN, hotline))["channel"].startswith("client:")


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({}, 400, "service_code"),
        (RUBBISH | {"service_code": "E9999"}, 404, "E9999"),
        (RUBBISH | {"service_code": "E01"}, 404, "E01"),
        (RUBBISH | {"api_key": "wrong"}, 403, ""),
        (RUBBISH | {"jurisdiction_id": "110101"}, 404, "110101"),
        ({"service_code": "E0101", "description": "x"}, 400, "lat"),
        ({"service_code": "E0101", "lat": "30.6"}, 400, "lat"),
        (RUBBISH | {"lat": "north"}, 400, "lat"),
        (RUBBISH | {"lat": "nan"}, 400, "lat"),
        (RUBBISH | {"lat": "91"}, 400, "lat"),
        (RUBBISH | {"lat": "39.9", "long": "116.4"}, 400, "lat"),
        (RUBBISH | {"description": "长" * 4_001}, 400, "description"),
        (RUBBISH | {"media_url": "javascript:alert(1)"}, 400, "media_url"),
        (RUBBISH | {"phone": "12"}, 400, "phone"),
        (RUBBISH | {"attribute[colour]": "red"}, 400, "attribute[colour]"),
    ],
)
def test_what_does_not_fit_is_said_in_both_forms(form: dict[str, str], status: int, said: str) -> None:
    found, errors = post(form)
    assert (found, {error["code"] for error in errors}) == (status, {status})
    assert said in errors[0]["description"]
    answer = Browser().post(f"{V2}/requests.xml", form)
    read = ElementTree.fromstring(answer.content)
    assert (answer.status_code, read.tag) == (status, "errors")
    assert [one.findtext("description") for one in read] == [error["description"] for error in errors]


def test_an_address_or_a_service_alone_is_enough() -> None:
    found = case(reported({"service_code": "E0101", "address_string": "玉林路 12 号"}))
    assert (found["area"], found["address"], found["text"]) == ("510107", "玉林路 12 号", "暴露垃圾")


def test_control_characters_are_left_out_and_links_end_the_text() -> None:
    form = RUBBISH | {"description": "垃\x00圾\x1b", "media_url": "https://example.org/a.jpg"}
    assert case(reported(form))["text"] == "垃圾\nhttps://example.org/a.jpg"


def test_a_photo_comes_with_the_form_and_its_public_copy_is_listed() -> None:
    picture = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    number = reported(RUBBISH | {"media": picture})
    _, [found] = get(f"requests/{number}", extensions="true")
    assert found["media"] == [found["media_url"]]
    shown = Browser().get(found["media_url"].removeprefix("http://testserver"))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    status, [error] = post(RUBBISH | {"media": SimpleUploadedFile("a.jpg", SVG, "image/jpeg")})
    assert (status, error["code"]) == (400, 400)


def test_repeated_under_one_key_it_is_one_case() -> None:
    def again(**other: Any) -> tuple[int, Any]:
        picture = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
        return post(RUBBISH | {"media": picture} | other, **{"Idempotency-Key": "k-1"})

    assert again() == again()
    assert again(description="别的")[0] == 400


def test_strangers_report_so_often_a_minute() -> None:
    found = [post({})[0] for _ in range(ANONYMOUS_PER_MINUTE + 1)]
    assert found == [400] * ANONYMOUS_PER_MINUTE + [429]


def test_listed_is_what_is_public_and_what_the_client_has_brought(hotline: str) -> None:
    public, private = reported(RUBBISH), reported(WORK | YULIN)
    own = reported(WORK | YULIN, hotline)
    numbers = [one["service_request_id"] for one in get("requests")[1]]
    assert public in numbers and private not in numbers and own not in numbers
    numbers = [one["service_request_id"] for one in get("requests", api_key=hotline)[1]]
    assert public in numbers and private not in numbers and own in numbers
    assert get(f"requests/{private}")[0] == get(f"requests/{own}")[0] == 404
    assert (
        get("requests", service_request_id=f"{public},{own}", service_code="C0101")[1][0]["status"] == "open"
    )


def test_private_numbers_are_shown_to_the_client_that_brought_them_only(hotline: str) -> None:
    number = reported(RUBBISH | {"description": "垃圾没人清，打13812345678"}, hotline)
    assert get(f"requests/{number}")[1][0]["description"] == "垃圾没人清，打138********"
    assert get(f"requests/{number}", api_key=hotline)[1][0]["description"].endswith("13812345678")


def test_a_request_in_json_and_xml_is_the_same() -> None:
    number = reported(RUBBISH)
    found = case(number)
    actions.note(SYSTEM, found.id, "已安排清运", public=True)
    actions.note(SYSTEM, found.id, "内部：催一下")
    _, [told] = get(f"requests/{number}", extensions="true")
    assert told["requested_datetime"] == utc(found["opened_at"])
    assert told["expected_datetime"] == utc(found["due_at"])
    assert told["agency_responsible"] and told["status_notes"] == "已上报"
    assert [note["description"] for note in told["notes"]] == ["已安排清运"]
    answer = Browser().get(f"{V2}/requests/{number}.xml?extensions=true")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    read = ElementTree.fromstring(answer.content)
    assert (read.tag, [one.tag for one in read]) == ("service_requests", ["request"])
    assert {one.tag: one.text for one in read[0] if not len(one)} == {
        name: None if value in (None, []) else str(value)
        for name, value in told.items()
        if name not in ("notes", "extended_attributes")
    }
    assert read.findtext("request/notes/note/description") == "已安排清运"
    assert read.findtext("request/extended_attributes/area") == told["extended_attributes"]["area"]


def test_a_token_is_the_number() -> None:
    number = reported(RUBBISH)
    assert get(f"tokens/{number}") == (200, [{"service_request_id": number, "token": number}])


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 2),
        ({"status": "open"}, 2),
        ({"status": "open,closed"}, 2),
        ({"status": "closed"}, 0),
        ({"service_code": "E0101"}, 1),
        ({"service_code": "E0101,E0107"}, 2),
        ({"service_code": "E0404"}, 0),
        ({"start_date": "2026-01-01T00:00:00Z"}, 0),
        ({"end_date": "2020-01-01T00:00:00 08:00"}, 0),
        ({"page_size": "1", "page": "2"}, 1),
        ({"page_size": "1", "page": "3"}, 0),
    ],
)
def test_lists_are_narrowed(given: dict[str, str], count: int) -> None:
    for code in ("E0101", "E0107"):
        reported(RUBBISH | {"service_code": code})
    assert len(get("requests", **given)[1]) == count


@pytest.mark.parametrize(
    "given",
    [
        {"status": "lost"},
        {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00"},
        {"start_date": "9999-12-31T23:59:59-12:00"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"page": "0"},
        {"page_size": "1001"},
        {"service_request_id": "12345678"},
    ],
)
def test_arguments_that_do_not_fit_are_named(given: dict[str, str]) -> None:
    status, errors = get("requests", **given)
    assert status == 400
    assert all(error["description"].split(":")[0] in given for error in errors)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services/nothing", 404),
        ("requests/00000000", 404),
        ("requests/x", 404),
        ("tokens/12345678", 404),
    ],
)
def test_what_is_not_there(path: str, status: int) -> None:
    assert get(path)[0] == status


def test_other_methods_are_refused_in_form() -> None:
    answer = Browser().delete(f"{V2}/requests.json")
    assert (answer.status_code, answer["Allow"], answer.json()[0]["code"]) == (405, "GET, POST", 405)
    assert Browser().head(f"{V2}/requests.json").status_code == 200


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "application/json"]
)
def test_what_is_no_form_is_refused_in_form(kind: str) -> None:
    answer = Browser().post(f"{V2}/requests.json", b"{}", content_type=kind)
    assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)


def test_a_list_costs_the_same_whatever_its_length(django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        reported(RUBBISH)
    get("requests")
    with django_assert_max_num_queries(6):
        assert len(get("requests")[1]) == 3


def test_times_are_of_the_last_ninety_days_unless_asked() -> None:
    old = actions.open_case(SYSTEM, _old(now() - timedelta(days=120)))
    assert get("requests")[1] == []
    since = utc(old["opened_at"] - timedelta(days=1))
    [found] = get("requests", start_date=since)[1]
    assert json.dumps(found)


def _old(at: datetime) -> Any:
    from shanzhi.cases.opening import Report

    return Report("street-issue", "路边垃圾", category="E0101", public=True, at=at)


def test_a_merged_request_says_that_it_was_merged() -> None:
    first, second = reported(RUBBISH), reported(RUBBISH)
    he = Actor("account", None, "operator", (Grant("operator", "510107"),))
    actions.merge(he, case(second).id, case(first).id)
    [told] = get(f"requests/{second}")[1]
    assert (told["status"], "合并" in told["status_notes"]) == ("closed", True)
    actions.part(he, case(second).id, case(first).id)
    [told] = get(f"requests/{second}")[1]
    assert (told["status"], told["status_notes"]) == ("open", "已上报")
