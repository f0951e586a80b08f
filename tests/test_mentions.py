"""A colleague is mentioned by keyboard alone: offered after an @, chosen with the arrows, kept as a link."""

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from shanzhi.cases.tests.district import brought_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def typed(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.locator('form:has(input[value="zhaochuzhi"]) button').click()
    page.wait_for_url("**/desk/")


def test_by_keyboard(
    live_server: LiveServer, committed_district: None, chromium: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    case, url = brought_to("handling"), str(live_server.url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        page = browser.new_page(locale="zh-CN", viewport={"width": 360, "height": 760})
        typed(page, url)
        page.goto(f"{url}/desk/cases/{case.id}")
        page.locator("#note summary").click()
        words = page.locator("#id_note-words")
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
        page.keyboard.type("@zhouwangge")  # of another street: nobody is offered
        expect(page.locator("#note [role=status]")).not_to_be_empty()
        expect(page.locator("#note [role=option]")).to_have_count(0)
        page.locator("#note form button").click()
        expect(page.locator("a.mention")).to_have_text(["@sunpaiqian"])
        browser.close()
