"""善治循环: from a report to its rating, through the pages, as each of the demo's people.

王大妈 reports without an account; 吴立案 registers; 孙派遣 dispatches; 赵处置 accepts and resolves with a photo;
李网格 verifies on the spot; 王大妈 confirms by her link and rates.
"""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanzhi.cases.models import Case
from shanzhi.files.tests.samples import picture
from shanzhi.web.tests.demo import signed_in, wuhou, wuhou_once

__all__ = ["wuhou", "wuhou_once"]


def photo(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(), "image/jpeg")


def form(html: str, name: str) -> dict[str, str]:
    """The hidden fields of a form on a page, as a browser sends them."""
    assert f'name="form" value="{name}"' in html, f"{name} is not offered"
    part = html.split(f'name="form" value="{name}"', 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', part)) | {"form": name}


def send(client: Client, path: str, name: str, **typed: Any) -> str:
    """Fills in a form of a page and sends it; the page afterwards."""
    data = form(client.get(path).content.decode(), name) | {f"{name}-{k}": v for k, v in typed.items()}
    answer = client.post(path, data)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(path).content.decode()


def sign_in(username: str) -> Client:
    """Signs in on the page, as the button of the demo does."""
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/accounts/login/", {"login": username, "password": "wuhou-demo"})
    assert answer.status_code == 302
    assert answer["location"] == "/desk/"
    return client


def test_from_report_to_rating(wuhou: None) -> None:
    resident = Client(headers={"accept-language": "en"})
    report = {
        "type": "street-issue",
        "text": "玉林东路小区门口的垃圾没人收",
        "category": "E0101",
        "area": "510107005",
    }
    answer = resident.post("/report", report | {"photos": photo("before.jpg")})
    assert answer.status_code == 302, answer.content.decode()
    link = answer["location"].partition("?")[0]
    desk = f"/desk/cases/{Case.objects.get().pk}"

    assert "Registered" in send(sign_in("wulian"), desk, "move-register")
    page = send(sign_in("sunpaiqian"), desk, "move-dispatch", org="urban-management")
    assert "综合行政执法局" in page
    handler = sign_in("zhaochuzhi")
    assert "赵处置" in send(handler, desk, "move-accept")
    assert desk in handler.get("/desk/?tab=mine").content.decode()

    refused = handler.post(
        desk, form(handler.get(desk).content.decode(), "move-resolve") | {"move-resolve-result": "已清运"}
    )
    assert refused.status_code == 422, "a photo of the result is needed"
    assert "已清运" in refused.content.decode()
    assert "To be verified" in send(
        handler, desk, "move-resolve", result="已清运并冲洗地面", photo_after=photo("after.jpg")
    )
    assert "Answered" in send(sign_in("liwangge"), desk, "move-verify", result="现场已干净")

    page = resident.get(link).content.decode()
    assert "已清运并冲洗地面" in page
    assert page.count("/thumbnail") == 2
    assert "赵处置" not in page
    assert "Closed" in send(resident, link, "confirm")
    page = send(resident, link, "rating", contacted="yes", solved="yes", satisfied="5", words="很快，谢谢")
    assert "You have rated it" in page
    case = Case.objects.get()
    assert (case.state, case.open) == ("closed", False)
    assert "很快，谢谢" in signed_in("wulian").get(desk).content.decode()


@pytest.mark.parametrize(
    ("username", "sees"),
    [
        ("liwangge", True),
        ("zhouwangge", False),
        ("hejiexian", True),
        ("wulian", True),
        ("sunpaiqian", True),
        ("zhaochuzhi", False),
        ("zhangdudao", True),
        ("pinggu", False),
        ("shenji", True),
        ("admin", False),
    ],
)
def test_each_account_comes_to_its_desk_and_sees_what_is_its(wuhou: None, username: str, sees: bool) -> None:
    guest = Client()
    report = {"type": "street-issue", "text": "路灯不亮", "area": "510107005"}
    assert guest.post("/report", report).status_code == 302
    path = f"/desk/cases/{Case.objects.get().pk}"
    client = signed_in(username)
    assert client.get("/desk/?tab=all").status_code == 200
    assert client.get(path).status_code == (200 if sees else 404)


def test_the_resident_sends_it_back_and_it_is_done_again(wuhou: None) -> None:
    resident = Client(headers={"accept-language": "en"})
    report = {"type": "complaint", "text": "楼上漏水没人管", "area": "510107005"}
    link = resident.post("/report", report)["location"].partition("?")[0]
    desk = f"/desk/cases/{Case.objects.get().pk}"
    send(signed_in("hejiexian"), desk, "move-dispatch", org="street-yulin")
    handler = signed_in("hanyulin")
    send(handler, desk, "move-accept")
    send(handler, desk, "move-answer", result="已联系物业")
    page = send(resident, link, "rework", reason="还在漏")
    assert "还在漏" in page
    case = Case.objects.get()
    assert (case.state, case.reworks) == ("handling", 1)
    assert "还在漏" in handler.get(desk).content.decode()


def test_an_extension_is_asked_for_by_one_and_granted_by_another(wuhou: None) -> None:
    guest = Client()
    guest.post("/report", {"type": "complaint", "text": "楼道堆物", "area": "510107005"})
    case = Case.objects.get()
    desk = f"/desk/cases/{case.pk}"
    send(signed_in("hejiexian"), desk, "move-dispatch", org="street-yulin")
    handler, dispatcher = signed_in("hanyulin"), signed_in("sunpaiqian")
    send(handler, desk, "move-accept")
    before = Case.objects.get().due_at
    page = send(handler, desk, "ask-extend", hours="48", reason="需要联系业主")
    assert "decide-q1" not in page
    assert desk in dispatcher.get("/desk/").content.decode()
    assert "Granted" in send(dispatcher, desk, "decide-q1", granted="yes")
    assert desk not in dispatcher.get("/desk/").content.decode()
    after = Case.objects.get().due_at
    assert before
    assert after
    assert after > before


def test_duplicates_are_merged_and_parted(wuhou: None) -> None:
    guest, operator = Client(), signed_in("wulian")
    for text in ("井盖松动", "井盖坏了"):
        guest.post("/report", {"type": "street-issue", "text": text, "area": "510107005"})
    main, duplicate = Case.objects.order_by("number")
    number = re.findall(
        r'class="code muted">([^<]+)', operator.get(f"/desk/cases/{main.pk}").content.decode()
    )[0]
    path = f"/desk/cases/{duplicate.pk}"
    assert "merged into another case" in send(operator, path, "merge", number=number)
    assert "merged into another case" not in send(operator, path, "part")


def test_a_helper_finds_its_task_and_the_owner_waits_for_it(wuhou: None) -> None:
    guest, owner, helper = Client(), signed_in("zhaochuzhi"), signed_in("jiangshuiwu")
    guest.post("/report", {"type": "street-issue", "text": "下水道堵塞，垃圾漫出", "area": "510107005"})
    desk = f"/desk/cases/{Case.objects.get().pk}"
    send(signed_in("wulian"), desk, "move-register")
    send(signed_in("sunpaiqian"), desk, "move-dispatch", org="urban-management", helpers="water")
    send(owner, desk, "move-accept")
    assert desk in helper.get("/desk/").content.decode()
    data = form(owner.get(desk).content.decode(), "move-resolve") | {"move-resolve-result": "已清理"}
    early = owner.post(desk, data | {"move-resolve-photo_after": photo("after.jpg")})
    assert early.status_code == 409
    assert "1 helpers" in early.content.decode()
    assert "sent already" in early.content.decode()
    assert "管道已疏通" in send(helper, desk, "task-t1", result="管道已疏通")
    assert "To be verified" in send(
        owner, desk, "move-resolve", result="已清理", photo_after=photo("after.jpg")
    )
