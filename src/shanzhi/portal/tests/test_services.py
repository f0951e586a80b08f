"""The pages of services, pressed through as a resident does; the browser tests look at them."""

import re

import pytest
from django.test import Client

from shanzhi.cases.tests.district import actor
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.models import Account
from shanzhi.services.models import Application
from shanzhi.services.tests.people import registered

pytestmark = pytest.mark.usefixtures("district", "changing")


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def seen(page: str) -> dict[str, str]:
    """The hidden fields of the question on a page."""
    return dict(re.findall(r'<input type="hidden" name="(fact|seen)" value="([^"]*)"', page))


def test_two_questions_on_the_pages_and_she_has_it() -> None:
    registered(age=82)
    client = signed_in("wangdama")
    assert "居民身份证" in client.get("/services/MZ-001").content.decode()
    address = client.post("/services/MZ-001/apply").headers["Location"]
    for value in ("social_card", "sms"):
        page = client.get(address).content.decode()
        assert client.post(address, {**seen(page), "value": value}).status_code == 302
    check = client.get(address).headers["Location"]
    page = client.get(check).content.decode()
    assert "82" in page and "公安人口信息" in page
    answer = client.post(check, {"form": "send", "seen": "2", "consent": "on"})
    place = answer.headers["Location"]
    page = client.get(place).content.decode()
    assert "每月100元" in page
    assert client.get(place + "/document.pdf").content.startswith(b"%PDF")
    case = place.rsplit("/", 1)[1]
    assert client.get(f"/my/{case}").headers["Location"] == place
    stranger = signed_in("chenjumin")
    assert stranger.get(place).status_code == 404 and stranger.get(place + "/document.pdf").status_code == 404
    clerk = signed_in("zhengminzheng").get(f"/desk/services/{case}")
    assert clerk.status_code == 200 and "王**" in clerk.content.decode()
    assert signed_in("zhaochuzhi").get(f"/desk/services/{case}").status_code == 404


def test_what_is_missing_and_why_is_said_before_it_is_sent() -> None:
    registered("chenjumin", age=70)
    client = signed_in("chenjumin")
    address = client.post("/services/MZ-001/apply").headers["Location"]
    check = client.get(address).headers["Location"]  # the rule says no: nothing more is asked
    page = client.get(check).content.decode()
    assert "第三十三条" in page and "70 周岁" in page and "年满80周岁" in page
    for key, value in (("payee", "social_card"), ("told_by", "sms")):  # he applies all the same
        assert f"?ask={key}" in client.get(check).content.decode()
        page = client.get(f"{address}?ask={key}").content.decode()
        client.post(address, {**seen(page), "value": value})
    sent = {"form": "send", "seen": "2", "consent": "on"}
    assert client.post(check, sent).status_code == 422
    assert client.post(check, sent | {"anyway": "on"}).status_code == 302
    assert Application.objects.get().verdict == ""


def test_a_document_is_verified_by_number_and_code_without_saying_whose() -> None:
    test_two_questions_on_the_pages_and_she_has_it()
    from shanzhi.services.models import Document

    found = Document.objects.get()
    page = Client().get("/services/verify", {"number": found.number, "code": found.code}).content.decode()
    assert "高龄津贴发放" in page and "王" not in page.split("<main")[1].split("</main>")[0]
    assert Client().get("/services/verify", {"number": "1\0", "code": "\0A"}).status_code == 200
    assert Client().get("/services/verify", {"number": found.number, "code": "验证码"}).status_code == 200
    page = Client().get("/services/verify", {"number": found.number, "code": "A" * 12}).content.decode()
    assert "高龄津贴发放" not in page


def test_guidance_keeps_nothing_and_asks_what_settles_most() -> None:
    page = Client().get("/services/guide", {"words": "高龄津贴"}).content.decode()
    assert 'name="fact" value="birth_date"' in page
    page = (
        Client()
        .post(
            "/services/guide",
            {"words": "高龄津贴", "fact": "birth_date", "seen": "0", "value": "1940-01-01"},
        )
        .content.decode()
    )
    assert "said-birth_date" in page and Application.objects.count() == 0


def test_the_clerk_asks_for_everything_once() -> None:
    registered(age=79)
    from shanzhi.services.actions import drafting
    from shanzhi.services.tests.test_applying import AGREED, filled

    case = drafting.send(actor("wangdama"), filled().pk, consent=AGREED, anyway=True)
    clerk = signed_in("zhengminzheng")
    page = clerk.get(f"/desk/services/{case}").content.decode()
    assert 'name="ask-words"' in page
    sent = {"move": "ask", "ask-version": "1", "ask-words": "请补充户口簿"}
    assert clerk.post(f"/desk/services/{case}", sent).status_code == 302
    assert "请补充户口簿" in signed_in("wangdama").get(f"/services/applications/{case}").content.decode()


def test_at_the_counter_a_clerk_fills_in_what_is_not_known() -> None:
    from shanzhi.residents.actions import contact
    from shanzhi.residents.actions.facts import Given, keep
    from shanzhi.services.tests.people import born

    old = contact(Actor.system(), name="赵大爷", phone="13900000088")
    keep(Actor.system(), old, [Given("birth_date", born(91)), Given("hukou", "510107004")], source="police")
    clerk = signed_in("linchuangkou")
    asked = {"item": "MZ-001", "phone": "13900000088"}
    page = clerk.post("/desk/services/counter", asked).content.decode()
    assert "赵**" in page and "赵大爷" not in page
    address = clerk.post("/desk/services/counter", asked | {"person": str(old)}).headers["Location"]
    for value in ("social_card", "call"):
        page = clerk.get(address).content.decode()
        clerk.post(address, {**seen(page), "value": value})
    answer = clerk.post(address + "/check", {"form": "send", "seen": "2", "consent": "on"})
    assert answer.headers["Location"] == "/desk/services/counter"
    sent = Application.objects.get()
    assert (sent.person, sent.channel, sent.verdict, sent.account) == (old, "counter", "granted", None)
    assert signed_in("zhaochuzhi").get("/desk/services/counter").status_code == 403


def test_a_clerk_compares_and_puts_on_to_the_rules_in_force_and_the_applicant_answers() -> None:
    from shanzhi.services.actions import drafting
    from shanzhi.services.tests.test_applying import AGREED, filled
    from shanzhi.services.tests.test_repinning import from_75

    registered(age=79)
    case = drafting.send(actor("wangdama"), filled().pk, consent=AGREED, anyway=True)
    from_75(exit_barred=False)
    clerk, resident = signed_in("zhengminzheng"), signed_in("wangdama")
    assert f"/desk/services/{case}/repin" in clerk.get(f"/desk/services/{case}").content.decode()
    page = clerk.get(f"/desk/services/{case}/repin").content.decode()
    assert "elderly-allowance@2" in page and "有不予签发情形" in page
    sent = dict(re.findall(r'<input type="hidden" name="(to|version|key)" value="([^"]*)"', page))
    assert clerk.post(f"/desk/services/{case}/repin", sent).status_code == 422
    assert clerk.post(f"/desk/services/{case}/repin", sent | {"reason": "新标准"}).status_code == 302
    assert clerk.get(f"/desk/services/{case}/repin").status_code == 302
    place = f"/services/applications/{case}"
    assert f"{place}/asked" in resident.get(place).content.decode()
    page = resident.get(f"{place}/asked").content.decode()
    assert "限制出境" in page
    answer = resident.post(f"{place}/asked", {**seen(page), "value": "no"}, follow=True)
    assert f"{place}/asked" not in answer.content.decode().split("<main")[1]


def test_a_paper_form_is_printed_and_taken_in_at_the_counter() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from shanzhi.services import printing, ticket
    from shanzhi.services.models import Draft
    from shanzhi.services.tests.test_paper_forms import as_jpeg, picture
    from shanzhi.services.ticket import Ticket

    registered(age=82)
    resident, clerk = signed_in("wangdama"), signed_in("linchuangkou")
    assert Client().get("/services/MZ-001/form.pdf").content.startswith(b"%PDF")
    address = resident.post("/services/MZ-001/apply").headers["Location"]
    assert resident.get(address + "/form.pdf").content.startswith(b"%PDF")
    assert clerk.get(address + "/form.pdf").status_code == 404
    draft = Draft.objects.get()
    counter = "/desk/services/counter"
    typed = clerk.post(counter, {"form": "paper", "code": f" {draft.code.lower()} "})
    page = clerk.get(typed.headers["Location"]).content.decode()
    assert 'name="fact" value="payee"' in page and "/form.pdf" in page
    assert "名下没有" not in page and clerk.post(counter, {"form": "paper"}).status_code == 422

    def scanned(text: str) -> object:
        upload = SimpleUploadedFile("form.jpg", as_jpeg(picture(text=text)), "image/jpeg")
        return clerk.post(counter, {"form": "paper", "scan": upload})

    sent = scanned(ticket.written(Ticket("MZ-001", 1, draft.pk), printing.key()))
    page = clerk.get(sent.headers["Location"]).content.decode()  # type: ignore[attr-defined]
    assert "/files/" in page
    blank = scanned(ticket.written(Ticket("MZ-001", 1), printing.key())).content.decode()  # type: ignore[attr-defined]
    kept = re.search(r'name="scan" value="([^"]+)"', blank)
    assert kept and '<option value="MZ-001" selected>' in blank
    begun = clerk.post(counter, {"item": "MZ-001", "phone": "13900000077", "name": "钱大爷", "scan": kept[1]})
    assert str(Draft.objects.get(pk=begun.headers["Location"].rsplit("/", 1)[1]).scan) == kept[1]
    assert scanned("https://example.org").status_code == 422  # type: ignore[attr-defined]


def test_a_household_is_given_one_member_a_page() -> None:
    from shanzhi.services.tests.test_members import family

    family()
    client = signed_in("wangdama")
    address = client.post("/services/MZ-002/apply").headers["Location"]
    listed = client.get(address).headers["Location"]
    assert listed.endswith("/members/family")
    page = client.get(listed).content.decode()
    assert "王**" in page and "王小宝" not in page

    def version() -> str:
        return str(re.findall(r'name="seen" value="(\d+)"', client.get(listed + "/1").content.decode())[0])

    client.post(listed, {"seen": version(), "take": "1"})
    for number, income in (("1", "1500"), ("2", "0")):
        page = client.get(f"{listed}/{number}").content.decode()
        assert 'name="income"' in page
        born = re.findall(r'name="birth_date" value="([^"]+)"', page)[0]
        said = {"relation": "self" if number == "1" else "child", "birth_date": born, "income": income}
        assert client.post(f"{listed}/{number}", {"seen": version(), **said, "income": ""}).status_code == 422
        assert client.post(f"{listed}/{number}", {"seen": version(), **said}).status_code == 302
    page = client.get(listed).content.decode()
    assert "1500 元/月" in page and 'name="close"' in page
    assert client.get(f"{listed}/4").status_code == 404
    assert client.post(listed, {"seen": version(), "close": "1"}).headers["Location"] == address
    assert "property_within" in client.get(address).content.decode()


def test_a_policy_is_previewed_listed_released_and_written_to_on_paper() -> None:
    from shanzhi.services.models import Match
    from shanzhi.services.tests.people import born
    from shanzhi.services.tests.test_letters import neighbour

    old = neighbour()
    manager = signed_in("xufuwu")
    asked = {"item": "MZ-001", "purpose": "应享尽享", "basis": "个人信息保护法第十三条"}
    page = manager.post("/desk/services/policies", asked | {"do": "preview"}).content.decode()
    assert "玉林街道" in page and Match.objects.count() == 0
    place = manager.post("/desk/services/policies", asked | {"do": "list"}).headers["Location"]
    assert "赵**" in manager.get(place).content.decode()
    assert manager.post(place, {"form": "print"}).status_code == 302  # not before they are released
    manager.post(place, {"form": "release"})
    pdf = manager.post(place, {"form": "print"})
    assert pdf.headers["Content-Type"] == "application/pdf"
    one = Match.objects.get(person=old)
    address = f"/services/letter?code={one.code}"
    assert "/accounts/login" in Client().get(address).content.decode()
    relative = signed_in("chenjumin")
    assert one.code in relative.get(address).content.decode()
    assert relative.post("/services/letter", {"code": one.code, "born": "1930-01-01"}).status_code == 422
    opened = relative.post("/services/letter", {"code": one.code, "born": born(91)})
    assert opened.headers["Location"].startswith("/services/drafts/")
    manager.post(place, {"form": "handed", "match": str(one.pk)})
    assert Match.objects.get(person=old).status == "handed"
    typed = signed_in("linchuangkou").post("/desk/services/counter", {"form": "paper", "code": one.code})
    assert typed.headers["Location"].startswith("/services/drafts/")
