"""The residents' door: 王大妈 reports, follows her report with the link, and talks back."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanzhi.cases import actions
from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import brought_to
from shanzhi.files.tests.samples import picture
from shanzhi.orgs.queries import actors
from shanzhi.web.tests.demo import signed_in

TEXT = "玉林东路小区门口的井盖松动，孩子经过危险"
GIVEN = {"type": "street-issue", "text": TEXT, "category": "C0101", "area": "510107005", "key": "k-1"}


@pytest.fixture
def guest(wuhou: None) -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def link(guest: Client) -> str:
    """The secret link of a report that was just made."""
    return str(reported(guest)["location"]).partition("?")[0]


def reported(guest: Client, **more: Any) -> Any:
    return guest.post("/report", GIVEN | more)


def photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(), "image/jpeg")


@pytest.mark.parametrize("path", ["/", "/report", "/track"])
def test_pages_open_without_an_account(guest: Client, path: str) -> None:
    page = guest.get(path)
    assert page.status_code == 200
    html = page.content.decode()
    assert 'class="skip"' in html
    assert "style=" not in html
    assert "<script>" not in html


@pytest.mark.parametrize("path", ["/report", "/track"])
def test_every_field_has_a_label(guest: Client, path: str) -> None:
    html = guest.get(path).content.decode()
    fields = re.findall(
        r'<(?:input|select|textarea)(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*id="([^"]+)"', html
    )
    assert fields
    for field in fields:
        assert f'for="{field}"' in html


def test_a_report_leads_to_its_tracking_page_with_number_and_link(guest: Client) -> None:
    answer = reported(guest)
    assert answer.status_code == 302, answer.content.decode()
    page = guest.get(answer["location"]).content.decode()
    assert "Tracking number" in page
    assert "Promised by" in page
    assert TEXT in page


def test_what_was_typed_and_sent_is_kept_when_something_is_missing(guest: Client) -> None:
    page = reported(guest, text="", address="玉林南路12号", photos=photo())
    html = page.content.decode()
    assert page.status_code == 422
    assert "玉林南路12号" in html
    assert 'href="#id_text"' in html
    [kept] = re.findall(r'name="photos-kept" value="([^"]+)"', html)
    answer = reported(guest, **{"photos-kept": kept})
    assert "/thumbnail" in guest.get(answer["location"]).content.decode()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"phone": "12"}, "id_phone"),
        ({"lon": "120.1", "lat": "30.2", "area": ""}, "id_address"),
        ({"photos": SimpleUploadedFile("a.svg", b"<svg/>", "image/svg+xml")}, "id_photos"),
    ],
    ids=["a phone that is none", "a place elsewhere", "a file that is no photo"],
)
def test_what_is_wrong_is_said_at_its_field(guest: Client, more: dict[str, Any], field: str) -> None:
    page = reported(guest, **more)
    assert page.status_code == 422
    assert f'href="#{field}"' in page.content.decode()


def test_photos_are_seen_behind_the_link_and_nowhere_else(guest: Client) -> None:
    html = guest.get(reported(guest, photos=photo())["location"]).content.decode()
    [address] = re.findall(r'src="(/track/[^"]+/thumbnail)"', html)
    assert guest.get(address).status_code == 200
    public = Case.objects.get().public
    assert guest.get("/files/" + address.split("/files/")[1]).status_code == (200 if public else 404)
    assert guest.get(address.replace("/r1/", "/r2/")).status_code == 404


def test_a_wrong_secret_finds_nothing(guest: Client, link: str) -> None:
    assert guest.get(link).status_code == 200
    assert guest.get(link[:-1] + ("a" if link[-1] != "a" else "b")).status_code == 404


def test_a_secret_that_cannot_be_one_finds_nothing_and_it_is_said_what_to_do(
    guest: Client, link: str
) -> None:
    answer = guest.get(link.rpartition("/")[0] + "/查询码")
    assert answer.status_code == 404
    assert "whether the link is complete" in answer.content.decode()
    number = re.findall(r'<dd class="code strong">([^<]+)', guest.get(link + "?sent=1").content.decode())[0]
    page = guest.post("/track", {"number": number, "code": "查询码"})
    assert page.status_code == 422
    assert "do not belong together" in page.content.decode()


def test_what_the_reporter_decided_is_said_as_hers(wuhou: None) -> None:
    wang, case = signed_in("wangdama"), brought_to("answered")
    sent = {
        "form": "rework",
        "rework-version": str(case.columns["version"]),
        "rework-reason": "还是坏的",
        "rework-key": "k",
    }
    assert wang.post(f"/my/{case.id}", sent).status_code == 302
    said = re.findall(r"<li><strong>([^<]+)</strong>", wang.get(f"/my/{case.id}").content.decode())
    assert said[0].startswith("You: ")
    assert not any(one.startswith("You: ") for one in said[1:])


def test_number_and_code_lead_to_the_page(guest: Client, link: str) -> None:
    number = re.findall(r'<dd class="code strong">([^<]+)', guest.get(link + "?sent=1").content.decode())[0]
    for code in (link.rsplit("/", 1)[1], f"http://testserver{link}"):
        answer = guest.post("/track", {"number": number, "code": code})
        assert answer.status_code == 302
        assert answer["location"] == link


@pytest.mark.parametrize("code", ["", "wrong", "/track/x/y/z"])
def test_a_wrong_code_is_said_and_the_number_kept(guest: Client, link: str, code: str) -> None:
    page = guest.post("/track", {"number": "0000 0019", "code": code})
    assert page.status_code == 422
    assert "0000 0019" in page.content.decode()


def test_the_reporter_adds_a_note(guest: Client, link: str) -> None:
    assert guest.post(link, {"form": "note", "note-words": "现在更松了", "note-key": "n1"}).status_code == 302
    assert "现在更松了" in guest.get(link).content.decode()


def test_a_move_that_is_not_the_reporters_is_refused_and_his_words_kept(guest: Client, link: str) -> None:
    page = guest.post(
        link, {"form": "refuse", "refuse-version": "1", "refuse-reason": "算了", "refuse-key": "x"}
    )
    assert page.status_code == 403
    assert "算了" in page.content.decode()


def test_a_refusal_is_explained(guest: Client, link: str) -> None:
    from shanzhi.cases.workflow import Inputs

    case = Case.objects.get()
    [wulian] = actors(usernames=["wulian"])
    actions.move(wulian, case.pk, "refuse", inputs=Inputs(reason="属于青羊区管辖"))
    html = guest.get(link).content.decode()
    assert "属于青羊区管辖" in html
    assert "12345" in html


def test_internal_notes_stay_inside(guest: Client, link: str) -> None:
    [wulian] = actors(usernames=["wulian"])
    case = Case.objects.get()
    actions.note(wulian, case.pk, "内部意见")
    actions.note(wulian, case.pk, "已安排明天处理", public=True)
    html = guest.get(link).content.decode()
    assert "内部意见" not in html
    assert "已安排明天处理" in html
    assert "吴立案" not in html


def test_a_resident_finds_her_matters_and_nobody_elses(wuhou: None) -> None:
    wang, chen = signed_in("wangdama"), signed_in("chenjumin")
    reported(wang)
    case = Case.objects.get()
    assert TEXT[:10] in wang.get("/my").content.decode()
    assert wang.get(f"/my/{case.pk}").status_code == 200
    assert TEXT[:10] not in chen.get("/my").content.decode()
    assert chen.get(f"/my/{case.pk}").status_code == 404


def test_my_matters_ask_to_sign_in(guest: Client) -> None:
    assert guest.get("/my")["location"] == "/accounts/login/?next=/my"


def test_large_text_by_account_and_by_choice(wuhou: None) -> None:
    wang = signed_in("wangdama")
    assert 'data-size="large"' in wang.get("/").content.decode()
    assert wang.post("/size", {"size": "normal", "next": "/track"})["location"] == "/track"
    assert 'data-size="normal"' in wang.get("/").content.decode()
    assert wang.post("/size", {"size": "large", "next": "https://elsewhere.example/"})["location"] == "/"


def test_the_language_is_chosen(guest: Client) -> None:
    guest.post("/language", {"language": "zh-hans", "next": "/"})
    assert 'lang="zh-hans"' in guest.get("/").content.decode()
