"""王大妈 reports in three steps: photo, place, words; nothing she typed is lost on the way."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanzhi.cases import actions
from shanzhi.cases.models import Case, ReporterRow
from shanzhi.cases.opening import Report
from shanzhi.files.tests.samples import picture
from shanzhi.orgs.actor import Actor

HERE = {"lon": "104.0665", "lat": "30.6290"}


@pytest.fixture
def guest(wuhou: None) -> Client:
    return Client(headers={"accept-language": "en"})


def hidden(html: str) -> dict[str, str]:
    """What a page carries along for the next one."""
    main = html[html.index("multipart/form-data") :]
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', main)
    return {name: value for name, value in found if value and name != "csrfmiddlewaretoken"}


def turned(guest: Client, html: str, **typed: Any) -> str:
    return str(guest.post("/report", hidden(html) | typed).content.decode())


def test_one_thing_on_a_page_and_the_report_at_the_end(guest: Client) -> None:
    first = guest.get("/report").content.decode()
    assert "Step 1 of 3" in first
    assert 'id="id_photos"' in first
    assert 'id="id_text" ' not in first.replace('type="hidden"', "")
    photo = SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")
    second = turned(guest, first, photos=photo)
    assert "Step 2 of 3" in second
    third = turned(guest, second, address="玉林南路12号", area="510107005")
    assert "Step 3 of 3" in third
    done = guest.post("/report", hidden(third) | {"type": "street-issue", "text": "井盖松动"})
    assert done.status_code == 302, done.content.decode()
    case = Case.objects.get()
    assert (case.text, case.address) == ("井盖松动", "玉林南路12号")
    assert "/thumbnail" in guest.get(done["location"]).content.decode()


def test_going_back_keeps_what_was_typed(guest: Client) -> None:
    third = turned(guest, guest.get("/report").content.decode(), step="2", address="玉林南路12号")
    second = turned(guest, third, go="2", text="井盖", phone="12")
    assert "Step 2 of 3" in second
    assert 'value="玉林南路12号"' in second
    again = turned(guest, second)
    assert "井盖" in again
    assert 'value="12"' in again


def test_what_is_not_asked_yet_is_not_missing_yet(guest: Client) -> None:
    second = turned(guest, guest.get("/report").content.decode())
    assert 'role="alert"' not in second


def test_what_is_wrong_on_a_page_is_said_there_and_then(guest: Client) -> None:
    wrong = SimpleUploadedFile("a.svg", b"<svg/>", "image/svg+xml")
    page = guest.post("/report", {"step": "1", "key": "k", "photos": wrong})
    assert page.status_code == 422
    assert "Step 1 of 3" in page.content.decode()
    assert "a.svg" in page.content.decode()


def test_a_place_elsewhere_leads_back_to_the_page_of_the_place(guest: Client) -> None:
    given = {"step": "3", "key": "k", "type": "street-issue", "text": "井盖", "lon": "120.1", "lat": "30.2"}
    page = guest.post("/report", given)
    assert page.status_code == 422
    assert "Step 2 of 3" in page.content.decode()
    assert "井盖" in page.content.decode()


@pytest.mark.parametrize("place", [HERE, {"area": "510107005"}], ids=["a position", "a community"])
def test_open_reports_nearby_are_shown_before_sending(guest: Client, place: dict[str, str]) -> None:
    given: dict[str, Any] = {"type": "street-issue", "lon": 104.0665, "lat": 30.629, "public": True}
    if "area" in place:
        given |= {"lon": None, "lat": None, "area": "510107005"}
    case = actions.open_case(Actor.system(), Report(text="井盖松动", **given))
    third = turned(guest, guest.get("/report").content.decode(), step="2", **place)
    assert "Is it one of these?" in third
    assert f'formaction="/nearby/{case.id}"' in third
    guest.post(f"/nearby/{case.id}", {"key": "k-join"})
    assert ReporterRow.objects.filter(case=case.id).count() == 2
    assert Case.objects.count() == 1


def test_reports_that_are_not_public_are_not_shown(guest: Client) -> None:
    report = Report(type="street-issue", text="邻里纠纷", lon=104.0665, lat=30.629, public=False)
    actions.open_case(Actor.system(), report)
    assert "邻里纠纷" not in turned(guest, guest.get("/report").content.decode(), step="2", **HERE)


@pytest.mark.parametrize("area", ["' OR 1=1", "51010700500000000000", "x"])
def test_a_community_that_there_is_not_shows_nothing_and_breaks_nothing(guest: Client, area: str) -> None:
    page = guest.post("/report", {"step": "3", "go": "2", "area": area})
    assert page.status_code == 200
    assert guest.post("/report", {"step": "2", "area": area}).status_code == 422
