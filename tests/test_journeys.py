"""An hour at the demo: each of its nine people does the main work of an hour, finding everything by its words.

Chinese and English, telephone and desktop, large letters and one person wholly by keyboard are spread over the
journeys. Pictures of what they see are left under `var/screens/journeys`.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from shanzhi.cases.models import Case
from tests.town import Person, browser, follow, photo, sat_down, town

__all__ = ["browser", "town"]
pytestmark = pytest.mark.browser


def test_the_resident_reports_and_says_whether_it_is_solved(
    town: str, browser: Browser, tmp_path: Path
) -> None:
    """王大妈, on her telephone, in large letters."""
    with sat_down(browser, town, "wangdama", phone=True, large=True) as she:
        she.shot("my-matters")
        she.press("Report something")
        she.page.set_input_files("input[type=file]", photo(tmp_path))
        she.press("Next step", "Add my position")
        she.sees("Your position is added.")
        she.press("Next step")
        she.fill("What happened?", "小区门口的井盖松动，踩上去会响")
        she.shot("a-few-words")
        she.press("Send the report")
        she.sees("Thank you: your report has reached us")
        she.shot("thank-you")
        she.fill("What would you like to add?", "晚上没有灯，更危险")
        she.press("Send")
        she.sees("Thank you, this has reached us.")
        she.press("My matters", "王大妈的烧烤店油烟")
        she.shot("answered")
        she.press("确认结案")
        she.sees("Thank you, this has reached us.")
        she.page.get_by_role("radio", name="5").check()
        she.fill("Your words", "很快，谢谢")
        she.press("Send the rating")
        she.sees("You have rated it; you may change your mind")
        she.press("Nearby")
        she.press("待立案的油烟 1")
        she.press("Me too")
        she.sees(
            "You are one of the reporters now. Keep this link: with it you come back to this page, without an account."
        )
        she.shot("me-too")
    assert Case.objects.filter(title__startswith="小区门口").exists()


def test_the_grid_worker_checks_and_reports_on_his_way(town: str, browser: Browser, tmp_path: Path) -> None:
    """李网格, on his telephone."""
    with sat_down(browser, town, "liwangge", phone=True) as he:
        he.shot("desk")
        he.press("待核查的油烟")
        he.shot("to-verify")
        he.press("核查通过")
        he.fill("Result", "现场已无油烟")
        he.confirm("核查通过")
        he.done()
        he.press("Desk", "Report something")
        he.page.set_input_files("input[type=file]", photo(tmp_path))
        he.press("Next step", "Add my position")
        he.sees("Your position is added.")
        he.press("Next step")
        he.fill("What happened?", "人行道地砖破损")
        he.press("Send the report")
        he.sees("Thank you: your report has reached us")
        follow()
        he.press("Desk", "My day")
        he.sees("人行道地砖破损")
        he.shot("my-day")


def test_the_operator_takes_a_call(town: str, browser: Browser) -> None:
    """何接线, in English."""
    with sat_down(browser, town, "hejiexian", language="en") as he:
        he.press("Enter a call")
        he.page.locator("form[data-ready]").wait_for()
        he.fill("What does the caller say?", "楼下烧烤店夜里十一点还在营业，噪声很大")
        he.fill("Where?", "玉林东路 12 号")
        he.page.get_by_label("Community").select_option("510107005")
        he.fill("Name of the caller", "刘女士")
        he.fill("Phone of the caller", "13800138000")
        he.shot("a-call")
        he.press("Take down")
        he.sees("Entered. The tracking number is")
        follow()
        he.press("Desk", "楼下烧烤店夜里十一点还在营业")
        he.press("Show the contact")
        he.fill("Why do you need the contact?", "回电核实地址")
        he.confirm("Show the contact")
        he.sees("This look was written down.")
        he.shot("contact")
        he.press("Write a note")
        he.fill("Note", "已回电，地址无误")
        he.confirm("Write a note")
        he.done()
        he.press("Desk")
        he.page.get_by_role("heading", name="Desk").wait_for()
        he.page.keyboard.press("/")
        he.page.keyboard.type("噪声")
        he.page.keyboard.press("Enter")
        he.page.wait_for_url("**words=**")
        he.sees("楼下烧烤店夜里十一点还在营业")
        he.shot("found")


def test_the_registrar_works_through_his_queue(town: str, browser: Browser) -> None:
    """吴立案: one by one, two at once, and one that is not taken up."""
    with sat_down(browser, town, "wulian") as he:
        he.shot("queue")
        he.press("待立案的油烟 1", "立案")
        he.done()
        he.press("Desk")
        for n in (2, 3):
            he.page.get_by_role("row", name=f"待立案的油烟 {n}").get_by_role("checkbox").check()
        he.press("Do with all of them …")
        he.shot("several")
        he.press("立案")
        he.page.get_by_role("button", name="立案 (2)").click()
        he.page.get_by_role("status").wait_for()
        he.shot("several-done")
        he.go("/desk/?tab=all")
        he.fill("Words or number", "井盖")
        he.press("Show")
        he.press("Keep this filter")
        he.fill("Name of the filter", "井盖")
        he.confirm("Keep")
        he.sees("Kept. You find it above the list.")
        he.shot("kept-filter")
    assert Case.objects.filter(title__startswith="待立案", state="registered").count() == 3


def test_the_dispatcher_sends_on_and_decides(town: str, browser: Browser) -> None:
    """孙派遣, in English."""
    with sat_down(browser, town, "sunpaiqian", language="en") as she:
        she.press("待派遣的油烟")
        she.shot("to-dispatch")
        she.page.locator("summary", has_text="Dispatch").click()  # not the page of that name
        she.confirm("Dispatch")
        she.done()
        she.press("Approvals")
        she.shot("approvals")
        she.press("Decide")
        she.page.locator("details[open]").get_by_label("Grant").check()
        she.confirm("Decide")
        she.sees("Decided.")
        she.go("/desk/?tab=all")
        she.press("Map")
        she.page.locator(".map").wait_for()
        she.page.wait_for_load_state("networkidle")
        she.shot("map")
        she.press("Notices")
        she.shot("notices")


def test_the_handler_does_it_all_by_keyboard(town: str, browser: Browser, tmp_path: Path) -> None:
    """赵处置, who has no mouse: keys of the desk, Tab and Enter."""
    with sat_down(browser, town, "zhaochuzhi") as he:
        page = he.page
        walk_to(he, "键盘处置的油烟")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/cases/**")
        page.keyboard.press("1")
        he.shot("focus-on-the-move")
        assert focused(he) == "接单"
        page.keyboard.press("Enter")
        he.done()
        page.keyboard.press("1")
        page.keyboard.type("已责令停业整改")
        walk_to(he, "Photos afterwards")
        page.locator("details[open] input[type=file]").set_input_files(
            photo(tmp_path)
        )  # the system's own window
        walk_to(he, "处置完成")
        page.keyboard.press("Enter")
        he.done()
        he.shot("resolved")
        page.keyboard.press("?")
        page.locator("dialog[open]").wait_for()
        he.shot("keys")
        page.keyboard.press("Escape")
        page.locator("dialog[open]").wait_for(state="detached")
        page.keyboard.press("g")
        page.keyboard.press("d")
        page.wait_for_url("**/desk/today")
        he.sees("键盘处置的油烟")
    assert Case.objects.get(title="键盘处置的油烟").state == "resolved"


def test_the_department_asks_for_more_time_and_gives_back(town: str, browser: Browser) -> None:
    """钱处置 of the same bureau, on a telephone in English."""
    with sat_down(browser, town, "qianchuzhi", language="en", phone=True) as he:
        he.shot("desk")
        he.press("待处置的油烟", "Accept")
        he.done()
        he.press("Ask for: Extension")
        he.fill("How many hours more?", "24")
        he.fill("Reason", "等待设备")
        he.confirm("Ask for: Extension")
        he.done()
        he.shot("asked")
        he.press("Return to the centre")
        he.fill("Reason", "属于市场监管")
        he.confirm("Return to the centre")
        he.done()
    assert Case.objects.get(title="待处置的油烟").state == "registered"


def test_the_street_leader_looks_and_presses(town: str, browser: Browser) -> None:
    """张督办: figures, the cases behind one, a supervision, the week on paper."""
    with sat_down(browser, town, "zhangdudao") as he:
        he.press("Screen")
        he.page.locator("canvas").first.wait_for()
        he.shot("screen")
        he.page.locator(".tile").first.click()
        he.shot("behind")
        he.press("要督办的油烟")
        he.press("Supervise")
        he.page.locator("details[open]").get_by_label(he.said("Step")).select_option("3")
        he.fill("Words", "请于明日中午前反馈")
        he.confirm("Supervise")
        he.done()
        he.shot("supervised")
        he.press("Screen", "Leagues")
        he.shot("leagues")
        he.press("Screen")
        paper = he.find("Weekly report (PDF)").get_attribute("href") or ""
        assert he.page.request.get(f"{town}/screen/{paper.rpartition('/')[2]}").body().startswith(b"%PDF")


def test_the_auditor_draws_a_sample(town: str, browser: Browser) -> None:
    """审计员, in English; 第三方评估 judges one of what was drawn."""
    with sat_down(browser, town, "shenji", language="en") as she:
        she.press("Evaluation", "Draw a sample")
        she.fill("Title", "十一月抽查")
        she.fill("How many cases", "2")  # another journey may have closed a third
        she.page.get_by_label("第三方评估").check()
        she.confirm("Draw")
        she.page.get_by_role("heading", name="十一月抽查").wait_for()
        she.press("How the sample was drawn")
        she.shot("drawn")
        she.press("Screen")
        she.shot("screen")
    with sat_down(browser, town, "pinggu", phone=True) as third:
        third.press("Evaluation", "十一月抽查", "办结的油烟")
        third.page.get_by_role("radio", name=third.said("Yes")).first.check()
        third.shot("judging")
        third.press("Enter")
        third.done()


def test_the_administrator_opens_an_account(town: str, browser: Browser) -> None:
    """管理员, in English: how it runs, a new colleague with a role, a system that is told."""
    with sat_down(browser, town, "admin", language="en") as she:
        she.sees("How it runs")
        she.shot("running")
        she.press("Accounts")
        she.page.get_by_label("Username", exact=True).fill("sunxin")
        she.page.get_by_label("Name", exact=True).fill("孙新")
        she.fill("First password", "liang-shui-jing-42")
        she.press("Open the account")
        she.sees("The account is open. Now say what it may do.")
        she.page.get_by_label("Role").select_option("grid_worker")
        she.page.get_by_label("Area").select_option("510107005")
        she.press("Give the role")
        she.done()
        she.shot("account")
        she.press("Messages", "Add a system")
        she.fill("Name of the system", "市平台")
        she.fill("Its address", "https://city.example/hook")
        she.confirm("Add")
        she.sees("The secret of the new system, shown this once:")
        she.shot("secret")


def focused(he: Person) -> str:
    """The words of what has the focus: its text, or its label."""
    script = "(e => (e.labels?.[0]?.innerText ?? e.innerText ?? '').trim())(document.activeElement)"
    return str(he.page.evaluate(script))


def walk_to(he: Person, words: str) -> None:
    """Tab, until the focus is on what says it; whoever has to walk for ever has lost his way."""
    for _ in range(80):
        he.page.keyboard.press("Tab")
        if focused(he).startswith(he.said(words)):
            return
    raise AssertionError(f"no way to {words} by keyboard")
