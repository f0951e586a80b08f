"""An operator takes calls by the keyboard alone: the page fills itself, keys do the rest."""

import pytest
from playwright.sync_api import Page, expect

from shanzhi.cases.models import Case
from shanzhi.hotline.models import Call
from shanzhi.learning import queries
from shanzhi.learning.actions import learn
from shanzhi.learning.models import Correction
from tests.test_browser import browser, fits, sign_in, site

__all__ = ["site"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALLS = (
    "玉林东路小区门口的供水管爆了，水流了一地",
    "棕北社区的路灯已经三天不亮了，晚上看不清路",
    "我们楼下的饭馆油烟特别大，窗户都不敢开",
    "电梯里困了人，按铃没有人理",
)


def typed(page: Page, text: str) -> None:
    """Types into the field that has the cursor, and waits until the page has filled itself."""
    expect(page.locator("#id_text")).to_be_focused()
    with page.expect_response(lambda answer: answer.url.endswith("/proposals") and answer.ok):
        page.keyboard.type(text)
    expect(page.locator("#id_category")).not_to_have_value("")


def test_calls_are_taken_without_the_mouse(site: str, chromium: str) -> None:
    learn("test", queries.CATEGORY, queries.examples())
    queries._running.cache_clear()
    with browser(chromium, width=1280) as (page, complaints):
        sign_in(page, site, "hejiexian")
        page.goto(f"{site}/desk/report")
        page.locator("form[data-call][data-ready]").wait_for()
        for number, text in enumerate(CALLS, 1):
            typed(page, text)
            page.keyboard.press("Control+Enter")
            page.get_by_text("Entered. The tracking number is").wait_for()
            page.locator("form[data-call][data-ready]").wait_for()
            assert Case.objects.count() == number
        assert Case.objects.filter(category="E0402", area__startswith="510107005").exists()

        typed(page, "玉林东路小区门口供水管爆了没人修")  # somebody else, the same pipe
        page.get_by_text("Others have called about this").wait_for()
        page.keyboard.press("Alt+KeyJ")
        page.get_by_text("The caller has joined case").wait_for()
        page.locator("form[data-call][data-ready]").wait_for()

        expect(page.locator("#id_text")).to_be_focused()
        page.keyboard.type("请问社保卡丢了怎么补办")
        page.get_by_role("heading", name="Approved answers").wait_for()
        page.keyboard.press("Alt+KeyA")
        expect(page.locator("#id_reply")).to_be_focused()
        page.keyboard.press("Alt+Enter")
        page.get_by_text("Answered, and counted as a consultation.").wait_for()
        page.locator("form[data-call][data-ready]").wait_for()

        typed(page, "路灯不亮了，在棕北社区")
        page.keyboard.press("Alt+Digit2")  # another category than the likeliest
        expect(page.locator("#id_own")).to_have_value("category")
        chosen = page.locator("#id_category").input_value()
        page.keyboard.press("Alt+KeyW")
        page.keyboard.type("，很黑")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Entered. The tracking number is").wait_for()
        assert Case.objects.order_by("-opened_at")[0].category == chosen
        assert fits(page)
        assert complaints == []
    assert sorted(Call.objects.values_list("kind", flat=True)) == ["case"] * 5 + ["consultation", "joined"]
    assert Correction.objects.filter(name="category", chosen=chosen).exists()
