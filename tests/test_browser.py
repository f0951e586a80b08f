"""The pages in a real browser: on a telephone, with and without JavaScript, under the strict CSP."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from shanzhi.cases.models import Case
from shanzhi.files.tests.samples import picture
from shanzhi.packs.actions import apply
from shanzhi.web.tests.demo import PACK, forget

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
YULIN = {"longitude": 104.0665, "latitude": 30.6290}


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The demo district on a server of its own."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    forget()
    apply("system", PACK)
    forget()
    yield str(live_server.url)
    forget()


@contextmanager
def browser(chromium: str, *, width: int, scripts: bool = True) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what the browser complained about."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        context = launched.new_context(
            viewport={"width": width, "height": 760},
            locale="en",
            java_script_enabled=scripts,
            geolocation=YULIN,
            permissions=["geolocation"],
        )
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page, complaints
        launched.close()


def fits(page: Page) -> bool:
    """Nobody has to scroll sideways; asked of a page that is there (a click does not wait for the next one)."""
    page.locator("footer").wait_for()
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def forward(page: Page, heading: str) -> None:
    """To the next step of a report."""
    page.get_by_role("button", name="Next step").click()
    page.get_by_role("heading", name=heading).wait_for()


def sign_in(page: Page, site: str, username: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.locator(f'form:has(input[value="{username}"]) button').click()
    page.wait_for_url("**/desk/")


def test_a_report_with_photo_and_position_from_a_telephone(site: str, chromium: str, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture(size=(640, 480)))
    with browser(chromium, width=360) as (page, complaints):
        page.goto(site)
        assert fits(page)
        page.get_by_role("link", name="Report something").click()
        page.set_input_files("input[type=file]", photo)
        forward(page, "Where is it?")
        forward(page, "A few words")  # a place may be missing
        page.get_by_role("button", name="Back").click()
        page.get_by_role("heading", name="Where is it?").wait_for()
        page.get_by_role("button", name="Add my position").click()
        page.get_by_text("Your position is added.").wait_for()
        page.get_by_role("button", name="Large text").click()
        assert fits(page)
        forward(page, "A few words")
        page.get_by_role("button", name="Send the report").click()
        assert page.get_by_role("alert").is_visible()
        page.get_by_role("link", name="What happened?").click()
        page.keyboard.type("小区门口的井盖松动")
        assert fits(page)
        page.get_by_role("button", name="Send the report").click()
        page.get_by_role("heading", name="Thank you").wait_for()
        assert fits(page)
        shown = page.locator(".photos img")
        shown.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        assert shown.evaluate("image => image.naturalWidth") > 0
        assert [c for c in complaints if "422" not in c] == []
    case = Case.objects.get()
    assert case.area.startswith("510107")
    assert len(case.area) == 15


@pytest.mark.parametrize(("width", "scripts"), [(360, True), (1280, True), (360, False)])
def test_the_registrar_registers(site: str, chromium: str, width: int, scripts: bool) -> None:
    with browser(chromium, width=width, scripts=scripts) as (page, complaints):
        page.goto(f"{site}/report")
        forward(page, "Where is it?")
        forward(page, "A few words")
        page.get_by_label("What happened?").fill("路灯不亮")
        page.get_by_role("button", name="Send the report").click()
        sign_in(page, site, "wulian")
        page.get_by_role("link", name="路灯不亮").click()
        page.get_by_role("heading", level=1, name="路灯不亮").wait_for()
        if scripts:
            assert fits(page)
        page.get_by_role("button", name="Register").click()
        page.get_by_text("Done.").wait_for()
        assert complaints == []
    assert Case.objects.get().state == "registered"
