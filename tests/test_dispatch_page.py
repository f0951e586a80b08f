"""The dispatcher's page in a browser: by keyboard, by drag, without a map, on a telephone; nothing needs a reload."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from shanzhi.base.clock import now
from shanzhi.cases import queries
from shanzhi.cases.state import State
from shanzhi.dispatch.running import run
from shanzhi.dispatch.tests.town import ORG, on_shift, waiting
from tests import town as stage
from tests.town import browser

__all__ = ["browser"]
pytestmark = pytest.mark.browser
CASES: list[State] = []
PEOPLE: list[int] = []


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with stage.district(django_db_blocker, life) as url:
        yield url


def life() -> None:
    PEOPLE[:] = on_shift("zhaochuzhi", 0.5), on_shift("qianchuzhi", 3.0)
    CASES[:] = [waiting(text=f"油烟 {n}") for n in range(2)]
    run(ORG, now())


def person(case: State) -> object:
    return queries.state_of(case.id)["person"]


def signed_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.locator('form:has(input[value="sunpaiqian"]) button').click()
    page.wait_for_url("**/desk/")
    page.goto(f"{url}/desk/dispatch?org={ORG}")


def test_by_keyboard_and_by_drag_and_undone(town: str, browser: Browser) -> None:
    page = browser.new_context(locale="en", viewport={"width": 1280, "height": 900}).new_page()
    signed_in(page, town)
    near, far = PEOPLE
    case = next(one for one in CASES if person(one) == near)
    card = page.locator(f"#t{case.id}")
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(card.locator("select[name=account]")).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowDown")  # 赵处置, 钱处置
    expect(card.locator("select[name=account]")).to_have_value(str(far))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Given to 钱处置.")).to_be_visible()
    assert person(case) == far
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Given to 赵处置.")).to_be_visible()
    assert person(case) == near
    page.locator(".map[data-ready]").wait_for()  # until then the lists move down
    page.locator(f"#t{case.id} p").first.drag_to(page.locator(f"#p{far}"))
    expect(page.get_by_text("Given to 钱处置.")).to_be_visible()
    assert person(case) == far


def test_the_lists_renew_themselves_and_leave_alone_who_is_choosing(town: str, browser: Browser) -> None:
    context = browser.new_context(locale="en", viewport={"width": 360, "height": 760})
    page = context.new_page()
    signed_in(page, town)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    count = page.locator("article.task[data-task]").count()
    waiting(text="新来的油烟")
    page.locator("article.task summary").first.click()
    page.evaluate("document.dispatchEvent(new CustomEvent('told'))")
    page.wait_for_timeout(2_500)
    assert page.locator("article.task[data-task]").count() == count  # somebody is choosing
    page.locator("article.task summary").first.click()
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.dispatchEvent(new CustomEvent('told'))")
    expect(page.locator("article.task[data-task]")).to_have_count(count + 1)
