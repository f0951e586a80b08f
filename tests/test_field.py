"""The field app on a telephone: without a signal five tasks are received, walked, reported and finished."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import actor, brought_to, opened, step
from shanzhi.field.models import Act
from shanzhi.files.models import StoredFile
from shanzhi.files.tests.samples import picture
from shanzhi.journal.queries import stream
from shanzhi.orgs.actions import end_sessions
from shanzhi.orgs.actor import Actor
from tests.linkfaults import Link, arrived, drawn, reported
from tests.town import Person, browser, district, sat_down

__all__ = ["browser", "town"]
pytestmark = pytest.mark.browser
AXE = Path(__file__).resolve().parents[1] / "frontend/node_modules/axe-core/axe.min.js"
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
    he.sees("It is reported")


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


def test_thirty_reports_over_a_link_that_breaks_arrive_once_and_in_order(town: str, browser: Browser) -> None:
    link = Link(drawn(60, 5, seed=7))
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready_again(he)
        he.page.context.set_offline(True)
        reported(he.page, 0, 30)
        he.page.locator(".waits", has_text="30").wait_for()
        link.over(he.page.context)
        he.page.context.set_offline(False)
        arrived(he.page, seconds=120)
    assert sum(link.broken.values()) == 5
    cases = Case.objects.filter(text__startswith="排队上报").order_by("number")
    assert [case.text[:9] for case in cases] == [f"排队上报 {n:04d}" for n in range(30)]
    assert StoredFile.objects.filter(case__in=[case.pk for case in cases]).count() == 30


def ready_again(he: Person) -> None:
    he.go("/field/")
    he.page.locator(".waits[data-state=good]").wait_for()
    he.sees("Today's tasks")
    he.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_what_somebody_else_has_done_meanwhile_is_decided_by_the_person(town: str, browser: Browser) -> None:
    case = opened("chenjumin", text="两人同时办的案件")
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready_again(he)
        he.sees("两人同时办的案件")
        he.page.context.set_offline(True)
        finish(he, "两人同时办的案件")
        step(case.id, "wulian", "register")
        he.page.context.set_offline(False)
        he.page.locator(".waits[data-state=bad]").click()
        he.sees("Needs your decision")
        he.press("Keep mine as a note")
        arrived(he.page, seconds=30)
    words = [entry.data.get("facts", {}).get("words", "") for entry in stream(case.id)]
    assert sum("两人同时办的案件已办" in one for one in words) == 1


def test_a_telephone_whose_session_was_taken_away_empties_itself(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready_again(he)
        he.page.context.set_offline(True)
        report(he, "还没有送出的上报")
        end_sessions(Actor.system(), actor("liwangge").account or 0)
        he.page.context.set_offline(False)
        he.sees("This phone was signed out. What it held has been erased.")
        kept = he.page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
        assert "shanzhi-field" not in kept
        he.complaints[:] = [one for one in he.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    assert not Case.objects.filter(text__startswith="还没有送出的上报").exists()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_page_is_accessible_and_fits(town: str, browser: Browser, look: str) -> None:
    with sat_down(browser, town, "liwangge", phone=True) as he:
        he.page.emulate_media(color_scheme=look)  # type: ignore[arg-type]
        he.page.set_viewport_size(
            {"width": 360, "height": 2600}
        )  # nothing lies beneath the bars while it is looked at
        ready_again(he)
        he.page.locator("ol.tasks a").first.click()
        he.page.locator("main details").first.wait_for()
        he.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for page in ("", "report", "rounds", "waiting", "me"):
            assert faults(he.page) == []
            he.page.goto(f"{town}/field/#/{page}")
            he.page.locator("main h1").wait_for()
        assert faults(he.page) == []


def faults(page: Page) -> list[str]:
    """What axe-core says is wrong by WCAG 2.2 AA, and whether one must scroll sideways."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })")
    said = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return said + (["one has to scroll sideways"] if wide else [])
