"""The desk: each sees what is his, with the moves he may make, and within a bounded number of statements."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import brought_to
from shanzhi.desk.tests.clicking import hidden, page_of, send, statements
from shanzhi.files.tests.samples import picture
from shanzhi.web.tests.demo import signed_in

AT = {"lon": 104.0665, "lat": 30.6290}


def test_a_stranger_is_sent_to_sign_in_and_comes_back(wuhou: None) -> None:
    answer = Client().get("/desk/")
    assert answer.status_code == 302
    assert answer["location"] == "/accounts/login/?next=/desk/"


def test_a_resident_does_not_come_to_the_desk(wuhou: None) -> None:
    assert signed_in("wangdama").get("/desk/").status_code == 403


def test_a_handler_of_another_organisation_finds_nothing(case: Any) -> None:
    assert signed_in("jiangshuiwu").get(f"/desk/cases/{case.id}").status_code == 404


@pytest.mark.parametrize("tab", ["mine", "queue", "all"])
def test_the_list_needs_few_statements(case: Any, tab: str) -> None:
    assert statements(signed_in("wulian"), f"/desk/?tab={tab}") <= 6


def test_the_case_page_needs_few_statements(case: Any) -> None:
    assert statements(signed_in("wulian"), f"/desk/cases/{case.id}") <= 8


@pytest.mark.parametrize(
    ("who", "waits"), [("wulian", True), ("liwangge", False), ("zhaochuzhi", False), ("sunpaiqian", False)]
)
def test_a_new_report_waits_for_the_registrar(case: Any, who: str, waits: bool) -> None:
    page = signed_in(who).get("/desk/?tab=queue").content.decode()
    assert (str(case.id) in page) is waits


def test_the_registrar_is_offered_what_he_may_do_and_does_it(case: Any) -> None:
    wulian = signed_in("wulian")
    page = page_of(wulian, case)
    assert 'value="move-register"' in page
    assert 'value="move-dispatch"' not in page
    assert "王**" in page
    assert "王大妈" not in page
    assert send(wulian, case, "move-register").status_code == 302
    assert "Registered" in page_of(wulian, case)


def test_sending_twice_does_once(case: Any) -> None:
    wulian = signed_in("wulian")
    data = hidden(page_of(wulian, case), "note") | {"note-words": "已电话核实"}
    for _ in range(2):
        assert wulian.post(f"/desk/cases/{case.id}", data).status_code == 302
    assert page_of(wulian, case).count("已电话核实") == 1


def test_a_refusal_without_its_reason_is_shown_at_the_field(case: Any) -> None:
    answer = send(signed_in("wulian"), case, "move-refuse", reason=" ")
    assert answer.status_code == 422
    assert 'href="#id_move-refuse-reason"' in answer.content.decode()


def test_whoever_comes_late_is_told_and_keeps_what_he_typed(case: Any) -> None:
    wulian, hejiexian = signed_in("wulian"), signed_in("hejiexian")
    data = hidden(page_of(wulian, case), "move-refuse") | {"move-refuse-reason": "不在本区管辖范围内"}
    assert send(hejiexian, case, "move-register").status_code == 302
    late = wulian.post(f"/desk/cases/{case.id}", data)
    assert late.status_code == 409
    html = late.content.decode()
    assert "不在本区管辖范围内" in html
    assert "What you typed is kept" in html


def test_contact_data_are_shown_for_a_reason_only(wuhou: None) -> None:
    hejiexian = signed_in("hejiexian")
    call = {
        "type": "complaint",
        "text": "楼道灯不亮",
        "area": "510107005",
        "name": "王大妈",
        "phone": "13812345678",
    }
    answer = hejiexian.post("/desk/report", call)
    assert answer.status_code == 302, answer.content.decode()
    path = f"/desk/cases/{Case.objects.get().id}"
    page = hejiexian.get(path).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    shown = hejiexian.post(path, hidden(page, "look") | {"look-reason": "电话核实地址"})
    assert "13812345678" in shown.content.decode()
    again = hejiexian.get(path).content.decode()
    assert "13812345678" not in again
    assert "Looked at contact data" in again


def test_a_call_without_words_keeps_what_was_entered(wuhou: None) -> None:
    call = {"type": "complaint", "text": "", "address": "玉林南路12号", "phone": "13812345678"}
    answer = signed_in("hejiexian").post("/desk/report", call)
    assert answer.status_code == 422
    assert "玉林南路12号" in answer.content.decode()


def test_photos_of_a_call_are_seen_at_the_desk_and_by_nobody_else(wuhou: None) -> None:
    operator = signed_in("hejiexian")
    photo = SimpleUploadedFile("hall.jpg", picture(), "image/jpeg")
    call = {"type": "complaint", "text": "楼道灯不亮", "area": "510107005", "photos": photo}
    assert operator.post("/desk/report", call).status_code == 302
    page = operator.get(f"/desk/cases/{Case.objects.get().id}").content.decode()
    [thumbnail] = re.findall(r'<img src="([^"]+)"', page)
    assert operator.get(thumbnail).status_code == 200
    assert operator.get(thumbnail.replace("thumbnail", "original"))["content-type"] == "image/jpeg"
    assert signed_in("jiangshuiwu").get(thumbnail).status_code == 404
    assert Client().get(thumbnail).status_code == 404


def test_supervision_splitting_and_ratings_by_call_have_their_forms(case: Any) -> None:
    sunpaiqian = signed_in("sunpaiqian")
    assert send(sunpaiqian, case, "supervise", level="2", words="请尽快").status_code == 302
    assert "Urged" in page_of(sunpaiqian, case)
    assert send(sunpaiqian, case, "split", parts="只有一件").status_code == 422
    assert send(sunpaiqian, case, "split", parts="井盖\n路面").status_code == 302
    assert page_of(sunpaiqian, case).count("Part <a") == 2
    assert 'value="rate-call"' not in page_of(sunpaiqian, case)
    wulian = signed_in("wulian")
    assert send(wulian, case, "move-refuse", reason="重复").status_code == 302
    assert send(sunpaiqian, case, "rate-call", solved="no", words="没解决").status_code == 302
    assert "没解决" in page_of(sunpaiqian, case)


def test_why_a_case_went_where_it_went_is_said_by_the_titles_of_rules(case: Any) -> None:
    page = page_of(signed_in("wulian"), case)
    assert "Wuhou responsibility list (sample), version 2" in page
    assert "responsibility@" not in page


def test_a_photo_that_will_be_asked_for_is_not_called_a_choice(wuhou: None) -> None:
    handled = brought_to("handling")
    page = page_of(signed_in("zhaochuzhi"), handled)
    assert '<label for="id_move-resolve-photo_after">Photos afterwards</label>' in page


@pytest.mark.parametrize(
    "who", ["zhaochuzhi", "pinggu", "linchuangkou", "sunpaiqian", "shenji", "liwangge", "admin"]
)
def test_everything_in_the_navigation_opens(wuhou: None, who: str) -> None:
    client = signed_in(who)
    nav = client.get("/desk/inbox").content.decode().split("<nav", 1)[1].split("</nav>", 1)[0]
    ways = [one for one in re.findall(r'href="([^"]+)"', nav) if one != "#main"]
    assert len(ways) > 5
    assert {one: client.get(one).status_code for one in ways} == dict.fromkeys(ways, 200)


def test_a_form_nobody_knows_does_nothing(case: Any) -> None:
    answer = signed_in("wulian").post(f"/desk/cases/{case.id}", {"form": "delete-everything"})
    assert answer.status_code == 422


def test_only_operators_enter_calls(wuhou: None) -> None:
    assert signed_in("zhaochuzhi").get("/desk/report").status_code == 403


def test_the_inbox_opens_and_is_marked_read(wuhou: None) -> None:
    wulian = signed_in("wulian")
    assert wulian.get("/desk/inbox").status_code == 200
    assert wulian.post("/desk/inbox").status_code == 302


@pytest.mark.parametrize(
    "query", ["state=reported", "type=complaint", "overdue=on", "number=1", "page=x", "tab=?"]
)
def test_filters_that_fit_or_do_not_are_answered(case: Any, query: str) -> None:
    assert signed_in("wulian").get(f"/desk/?{query}").status_code == 200
