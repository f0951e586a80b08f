"""What people do with forms: press twice, go back, have two tabs, let the session end, load the page again."""

import re

import pytest
from playwright.sync_api import Browser, expect

from shanzhi.cases.models import Case
from tests.town import Person, browser, sat_down, town

__all__ = ["browser", "town"]
pytestmark = pytest.mark.browser
DRAFTS = "Object.keys(sessionStorage).filter(one => one.startsWith('draft ')).length"


def to_the_words(he: Person, text: str) -> None:
    """A report up to its last step."""
    he.go("/report")
    he.press("Next step", "Next step")
    he.fill("What happened?", text)


def note(he: Person, text: str) -> None:
    he.press("Write a note")
    he.fill("Note", text)


def send_note(he: Person) -> None:
    he.confirm("Write a note")


def test_pressed_twice_and_sent_again_after_going_back_is_one_report(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "", language="en", phone=True) as he:
        to_the_words(he, "连按两下的井盖")
        he.find("Send the report").dblclick()
        he.sees("Thank you: your report has reached us")
        first = he.page.url
        he.page.go_back()
        he.find("Send the report").click()
        he.sees("Thank you: your report has reached us")
        assert he.page.url == first
        assert he.page.evaluate(DRAFTS) == 0
    assert Case.objects.filter(title="连按两下的井盖").count() == 1


def test_a_report_is_still_there_when_the_page_is_loaded_again(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "", phone=True) as he:
        to_the_words(he, "写了一半的井盖")
        he.go("/report")
        he.press("Next step", "Next step")
        he.sees("What you typed before is here again.")
        assert he.page.get_by_label(he.said("What happened?")).input_value() == "写了一半的井盖"
        he.shot("draft")
        he.press("Empty the form")
        assert he.page.get_by_label(he.said("What happened?")).input_value() == ""
        assert he.page.evaluate(DRAFTS) == 0


def test_two_tabs_and_what_changed_meanwhile(town: str, browser: Browser) -> None:
    """吴立案 refuses in one tab what he has registered in the other: his words stand beside what has changed."""
    with sat_down(browser, town, "wulian", language="en") as he:
        he.press("待立案的油烟 1")
        he.page.get_by_role("heading", level=1).wait_for()
        other = he.page.context.new_page()
        other.goto(he.page.url)
        other.get_by_role("button", name="Register").click()
        other.get_by_text("Done.").wait_for()
        he.press("Do not accept")
        he.fill("Reason", "不在受理范围，请拨打 110")
        he.confirm("Do not accept")
        he.sees("Since you opened it:")
        he.shot("conflict")
        assert he.page.get_by_role("alert").get_by_text("Now: Registered").is_visible()
        assert "不在受理范围，请拨打 110" in [one.input_value() for one in he.page.locator("textarea").all()]
    assert Case.objects.get(title="待立案的油烟 1").state == "registered"


def test_a_session_that_ends_in_the_middle_of_a_note(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "hejiexian") as he:
        he.go("/desk/?tab=all")
        he.press("要督办的油烟")
        note(he, "已电话联系 店主")
        case = he.page.url
        he.page.context.clear_cookies(name="sessionid")
        send_note(he)
        he.page.get_by_text("已电话联系 店主").wait_for()
        he.shot("signed-out")
        he.page.locator("main").get_by_role("link", name=he.said("Sign in")).click()
        he.page.locator('form:has(input[value="hejiexian"]) button').click()
        he.page.wait_for_url(case)
        assert he.page.get_by_label(he.said("Note")).input_value() == "已电话联系 店主"
        he.shot("there-again")
        send_note(he)
        he.done()
        assert he.page.evaluate(DRAFTS) == 0
        assert he.page.locator(".timeline").get_by_text("已电话联系 店主").count() == 1
        note(he, "没有写完")
        assert he.page.evaluate(DRAFTS) == 1
        he.press("Sign out")
        he.page.wait_for_url(re.compile(r"/$"))
        assert he.page.evaluate(DRAFTS) == 0


def test_signed_in_anew_in_another_tab(town: str, browser: Browser) -> None:
    """The page in the first tab is from before: what it sends is asked for once more, with the words still there."""
    with sat_down(browser, town, "hejiexian", language="en") as he:
        he.go("/desk/?tab=all")
        he.press("要督办的油烟")
        note(he, "第二次 电话")
        he.page.context.clear_cookies(name="sessionid")
        other = he.page.context.new_page()
        other.goto(f"{town}/accounts/login/")
        other.locator('form:has(input[value="hejiexian"]) button').click()
        other.wait_for_url("**/desk/")
        send_note(he)
        he.sees("What you typed is kept")
        he.shot("send-again")
        he.press("Try again")
        he.done()
        assert he.page.locator(".timeline").get_by_text("第二次 电话").count() == 1
        assert he.page.evaluate(DRAFTS) == 0


def test_a_colleague_is_mentioned_by_keyboard_alone(town: str, browser: Browser) -> None:
    """Offered after an @, chosen with the arrows, kept as a link; whoever does not see the case is not offered."""
    with sat_down(browser, town, "zhaochuzhi", phone=True) as he:
        he.go("/desk/?tab=all")
        he.press("要督办的油烟")
        page, words = he.page, he.page.locator("#id_note-words")
        page.locator("#note summary").click()
        words.focus()
        page.keyboard.type("请 @sunp")
        option = page.get_by_role("option", name="@sunpaiqian")
        expect(option).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(option).to_have_count(0)
        page.keyboard.type("a")
        expect(option).to_have_count(1)
        page.keyboard.press("Enter")
        expect(words).to_have_value("请 @sunpaiqian ")
        page.keyboard.type("@zhouwangge")  # of another street
        expect(page.locator("#note [role=status]")).not_to_be_empty()
        expect(page.locator("#note [role=option]")).to_have_count(0)
        page.locator("#note form button").click()
        expect(page.locator("a.mention")).to_have_text(["@sunpaiqian"])


def test_whoever_sends_without_a_network_stays_where_he_is(town: str, browser: Browser) -> None:
    """王大妈 in the lift: said beside the button; sent when she presses again outside."""
    with sat_down(browser, town, "", phone=True) as she:
        to_the_words(she, "电梯里写的井盖")
        she.page.context.set_offline(True)
        she.find("Send the report").click()
        she.sees(
            "There is no network just now. What you typed stays here: press again when you are connected."
        )
        she.shot("offline")
        assert she.page.get_by_label(she.said("What happened?")).input_value() == "电梯里写的井盖"
        she.page.context.set_offline(False)
        she.find("Send the report").click()
        she.sees("Thank you: your report has reached us")
    assert Case.objects.filter(title="电梯里写的井盖").count() == 1


def test_a_machine_without_a_network_still_reaches_its_own_server(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "", language="en") as he:
        he.page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
        to_the_words(he, "单机演示的井盖")
        he.find("Send the report").click()
        he.sees("Thank you: your report has reached us")
    assert Case.objects.filter(title="单机演示的井盖").count() == 1


def test_one_is_led_to_what_is_wrong(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "", language="en") as he:
        to_the_words(he, "")
        he.press("Send the report")
        expect(he.page.locator("main .notice.error")).to_be_focused()


def test_the_link_is_copied_over_plain_http_too(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "", language="en") as he:
        he.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        to_the_words(he, "要抄下链接的井盖")
        he.press("Send the report", "Copy the link")
        he.sees("Copied")


def test_a_tap_on_the_map_says_which_community_it_is(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "", phone=True) as she:
        she.go("/report")
        she.press("Next step")
        she.page.locator("[data-pick][data-ready]").click()
        expect(she.page.locator("[data-located]")).to_have_text(re.compile(r"社区$"))


def test_keys_lead_to_every_page_of_the_navigation(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "sunpaiqian") as he:
        ways = {
            "gh": "**/desk/hotline",
            "gx": "**/desk/dispatch*",
            "gw": "**/desk/grids",
            "gd": "**/desk/today",
        }
        for keys, address in ways.items():
            he.page.locator("footer").wait_for()
            for one in keys:
                he.page.keyboard.press(one)
            he.page.wait_for_url(address)


CLOSED_IN_HASTE = """() => {
    document.querySelector("#keys").close();
    for (const key of ["g", "d"]) {
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
}"""


def test_keys_work_as_soon_as_their_list_is_closed(town: str, browser: Browser) -> None:
    """Before the page is drawn again the focus is still in the list, where keys are not taken while it is open."""
    with sat_down(browser, town, "sunpaiqian") as he:
        he.go("/desk/")
        he.page.keyboard.press("?")
        he.page.locator("#keys[open]").wait_for()
        he.page.evaluate(CLOSED_IN_HASTE)
        he.page.wait_for_url("**/desk/today", timeout=10_000)
