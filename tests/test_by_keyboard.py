"""A service from the first word to the decision without a mouse: 王大妈 on a telephone with large letters."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from shanzhi.services.models import Application
from shanzhi.services.tests.people import registered
from tests.town import Person, browser, district, sat_down

__all__ = ["browser"]
pytestmark = pytest.mark.browser
REACH = 60  # presses of Tab until one is there; more is nothing that anybody does
HERE = "one => document.activeElement.matches(one)"
MARKED = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"


def known() -> None:
    """王大妈, 82, whom the registers know."""
    registered()


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with district(django_db_blocker, known) as url:
        yield url


def to(who: Person, selector: str) -> None:
    """Goes on by Tab to the first thing of a kind; one can see that one is there."""
    for _ in range(REACH):
        who.page.keyboard.press("Tab")
        if who.page.evaluate(HERE, selector):
            assert who.page.evaluate(MARKED), f"{selector} does not show that it is chosen"
            return
    raise AssertionError(f"{selector} is not reached by keyboard on {who.page.url}")


def press(who: Person, selector: str, leads_to: str) -> None:
    to(who, selector)
    who.page.keyboard.press("Enter")
    who.page.wait_for_url(leads_to)


def test_somebody_applies_by_keyboard_alone_and_has_it_at_once(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "wangdama", phone=True, large=True) as she:
        she.go("/services")
        to(she, "input#words")
        she.page.keyboard.type("高龄津贴")
        she.page.keyboard.press("Enter")
        she.page.wait_for_url("**words=**")
        press(she, 'a[href="/services/MZ-001"]', "**/services/MZ-001")
        press(she, 'form[action="/services/MZ-001/apply"] button', "**/services/drafts/*")
        for _question in range(2):
            to(she, 'input[name="value"]')
            she.page.keyboard.press("Space")
            she.shot("answered")
            before = she.page.locator("main p.muted").first.inner_text()
            to(she, "main form button.big")
            she.page.keyboard.press("Enter")
            she.page.wait_for_function(
                "was => document.querySelector('main p.muted')?.innerText !== was", arg=before
            )
        to(she, 'input[name="consent"]')
        she.page.keyboard.press("Space")
        press(she, "main form button.big", "**/services/applications/*")
        she.sees("It is granted")
        she.shot("approved")
    assert Application.objects.get().verdict == "granted"
