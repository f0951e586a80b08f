"""The demo district on a server of its own, with work waiting for each of its people, and a browser for them.

One server and one browser serve all tests of a file; what it leaves behind is emptied at its end.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.testcases import LiveServerThread
from django.test.utils import setup_databases
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from shanzhi.cases import actions, jobs
from shanzhi.cases.sides import Ask
from shanzhi.cases.tests.district import actor, brought_to, opened
from shanzhi.desk import jobs as desk
from shanzhi.insight import jobs as insight
from shanzhi.journal.follow import catch_up
from shanzhi.packs.actions import apply
from shanzhi.web.tests.demo import forget

ROOT = Path(__file__).resolve().parents[1]
SCREENS = ROOT / "var" / "screens" / "journeys"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
YULIN = {"longitude": 104.061964, "latitude": 30.635818}
PHONE, DESKTOP = {"width": 360, "height": 760}, {"width": 1280, "height": 800}


def follow() -> None:
    """What follows from what has been done: notices, search, diaries, figures."""
    for reader in (*jobs.READERS, *desk.READERS, *insight.READERS):
        catch_up(reader)


def life() -> None:
    """Something to do for each of the nine."""
    brought_to("answered", text="王大妈的烧烤店油烟")
    brought_to("resolved", text="待核查的油烟")
    for n in (1, 2, 3):
        opened("chenjumin", text=f"待立案的油烟 {n}", public=True)
    brought_to("registered", text="待派遣的油烟")
    for text in ("待处置的油烟", "键盘处置的油烟"):
        brought_to("dispatched", text=text)
    handled = brought_to("handling", text="要延期的油烟")
    actions.ask(actor("zhaochuzhi"), handled.id, Ask("extend", "设备未到", seconds=48 * 3600))
    brought_to("handling", text="要督办的油烟")
    for n in (1, 2):
        brought_to("closed", text=f"办结的油烟 {n}")


@contextmanager
def database() -> Iterator[None]:
    """The test database: pytest-django makes it only when one of the chosen tests is marked as using it."""
    if connection.settings_dict["NAME"].startswith("test_"):
        yield
        return
    setup_databases(verbosity=0, interactive=False, aliases={"default"})  # the next run makes it anew
    yield


@contextmanager
def district(blocker: DjangoDbBlocker, fill: Callable[[], None]) -> Iterator[str]:
    """The address of a server of the filled district."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop in this thread
    with blocker.unblock(), database():
        forget()
        server = LiveServerThread("localhost", static_handler=lambda whole: whole)  # as `serve` sends them
        server.daemon = True
        try:
            apply("system", ROOT / "packs" / "wuhou")
            forget()
            fill()
            follow()
            server.start()
            server.is_ready.wait()
            yield f"http://localhost:{server.port}"
        finally:
            if server.ident:
                server.terminate()
            call_command("flush", interactive=False, verbosity=0, reset_sequences=False, allow_cascade=True)
            forget()
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with district(django_db_blocker, life) as url:
        yield url


@pytest.fixture(scope="module")
def browser(town: str, chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield launched
        launched.close()


@dataclass
class Person:
    """Somebody at a browser of his own, who finds things by the words on them."""

    page: Page
    url: str
    who: str
    language: str
    shots: int = 0
    complaints: list[str] = field(default_factory=list)

    def said(self, words: str) -> str:
        """A sentence of ours as it stands on his pages."""
        with translation.override(self.language):
            return gettext(words)

    def find(self, words: str) -> Locator:
        """The button, link or fold that says it, the first that can be seen."""
        name = re.compile(rf"^\s*{re.escape(self.said(words))}")
        page = self.page
        roles = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
        return roles.or_(page.locator("summary").filter(has_text=name)).filter(visible=True).first

    def press(self, *words: str) -> None:
        for one in words:
            self.page.wait_for_load_state()  # a page that is still coming does not listen yet
            self.find(one).click()

    def confirm(self, words: str) -> None:
        """The button at the end of the fold that stands open."""
        self.page.locator("details[open]").get_by_role("button", name=self.said(words), exact=True).click()

    def sees(self, words: str) -> None:
        self.page.get_by_text(self.said(words)).filter(visible=True).first.wait_for()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(self.said(label), exact=False).filter(visible=True).first.fill(text)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def done(self) -> None:
        """What was sent has been done, and what follows from it too."""
        self.sees("Done.")
        follow()

    def shot(self, what: str) -> None:
        """A picture to look at; and nobody has to scroll sideways."""
        self.page.locator("footer").wait_for()
        self.shots += 1
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{self.who}-{self.shots}-{what}.png", full_page=True)
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.complaints.append(f"{what}: one has to scroll sideways")

    def shot_phone(self, what: str) -> None:
        """The same of the field app, which has no footer."""
        self.shots += 1
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{self.who}-{self.shots}-{what}.png")
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.complaints.append(f"{what}: one has to scroll sideways")

    def sign_in(self) -> None:
        """By the button of the demo, as a visitor does."""
        self.go("/accounts/login/")
        self.page.locator(f'form:has(input[value="{self.who}"]) button').click()
        self.page.wait_for_url(lambda address: "/accounts/" not in address)


@contextmanager
def sat_down(
    browser: Browser,
    url: str,
    who: str,
    *,
    language: str = "zh-hans",
    phone: bool = False,
    large: bool = False,
) -> Iterator[Person]:
    """Somebody sits down, signed in; at the end nothing must have gone wrong in his browser."""
    look: dict[str, Any] = {"viewport": PHONE if phone else DESKTOP, "reduced_motion": "reduce"}
    context = browser.new_context(
        **look,
        locale="zh-CN" if language == "zh-hans" else "en",
        geolocation=YULIN,
        permissions=["geolocation"],
    )
    if large:
        context.add_cookies([{"name": "size", "value": "large", "url": url}])
    context.set_default_timeout(60_000)  # a machine may be busy
    person = Person(context.new_page(), url, who, language)
    person.page.on("pageerror", lambda error: person.complaints.append(str(error)))
    person.page.on("response", lambda got: person.complaints.append(got.url) if got.status >= 500 else None)
    try:
        if who:
            person.sign_in()
        yield person
        assert person.complaints == []
    except Exception:
        SCREENS.mkdir(parents=True, exist_ok=True)
        person.page.screenshot(path=SCREENS / f"{who or 'stranger'}-failed.png", full_page=True)
        raise
    finally:
        context.close()


def photo(path: Path) -> Path:
    """A file to choose."""
    from shanzhi.files.tests.samples import picture

    file = path / "photo.jpg"
    file.write_bytes(picture(size=(640, 480)))
    return file
