"""The field app on a telephone: without a signal five tasks are received, walked, reported and finished."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import brought_to, opened
from shanzhi.field.models import Act
from shanzhi.files.tests.samples import picture
from shanzhi.journal.queries import stream
from tests.town import Person, browser, district, sat_down

__all__ = ["browser", "town"]
pytestmark = pytest.mark.browser
TASKS = [f"离线任务{n}" for n in range(1, 6)]


def life() -> None:
    for name in TASKS[:3]:
        opened("chenjumin", text=name)
    for name in TASKS[3:]:
        brought_to("resolved", text=name)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with district(django_db_blocker, life) as url:
        yield url


def ready(he: Person) -> None:
    """The app is on the telephone, with the day's tasks."""
    he.go("/field/")
    he.sees(TASKS[0])
    he.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    he.page.locator(".waits[data-state=good]").wait_for()


def finish(he: Person, name: str) -> None:
    """Arrives, photographs, and does what is to be done."""
    page = he.page
    page.get_by_role("link", name=name).click()
    page.get_by_role("heading", level=1, name=name).wait_for()
    he.press("Arrival", "I have arrived")
    he.sees("Arrival noted.")
    move = page.locator("details.move").first
    move.locator("summary").click()
    move.locator("textarea").fill(f"{name}已办")
    photograph(page, "details.move[open]")
    move.locator("form > button").click()
    page.get_by_role("heading", level=1).filter(has_text=he.said("Today's tasks")).wait_for()


def photograph(page: Page, within: str) -> None:
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(2400, 1800))}
    page.locator(f"{within} input[type=file]").first.set_input_files(photo)
    page.locator(f"{within} .photos img").first.wait_for()


def report(he: Person, words: str) -> None:
    he.page.locator("nav.tabs a[href='#/report']").click()
    photograph(he.page, "main form")
    he.page.get_by_label(he.said("A few words")).fill(words)
    he.press("Send")
    he.sees("Reported")


def test_five_tasks_without_a_signal_and_all_is_there_afterwards(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        he.page.context.set_offline(True)
        he.page.reload()  # closed and opened again, with no signal
        for name in TASKS:
            finish(he, name)
        report(he, "离线上报的暴露垃圾")
        he.page.reload()
        he.page.locator(".waits", has_text="11").wait_for()
        he.page.context.set_offline(False)
        he.page.locator(".waits[data-state=good]").wait_for()
        he.complaints[:] = [one for one in he.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    done = Case.objects.filter(title__in=TASKS)
    assert {case.title for case in done} == set(TASKS)
    for case in done:
        said = [entry.data["facts"].get("result", "") for entry in stream(case.pk)]
        assert sum(f"{case.title}已办" in one for one in said) == 1
    [reported] = Case.objects.filter(text__startswith="离线上报的暴露垃圾")
    assert reported.channel == "field" and reported.area.startswith("510107005")
    acts = list(Act.objects.order_by("id").values_list("seq", flat=True))
    assert acts == sorted(acts) and len(acts) == 11
