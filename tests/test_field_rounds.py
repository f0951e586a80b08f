"""A round and a visit on a telephone without a signal: planned at the desk, walked, all of it on the server after."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from shanzhi.base.clock import BEIJING, now
from shanzhi.cases.models import Case
from shanzhi.files.models import StoredFile
from shanzhi.journal.queries import stream
from shanzhi.orgs.actor import Actor
from shanzhi.patrol import codes, queries
from shanzhi.patrol.models import Pass, Regular, Round, Track, Visit
from shanzhi.residents.actions import contact
from shanzhi.residents.models import FactValue
from tests.linkfaults import arrived
from tests.test_field import faults, photograph
from tests.town import PHONE, YULIN, Person, browser, district, sat_down

__all__ = ["browser", "town"]
pytestmark = pytest.mark.browser
NUMBER = "17000000001"
REPORTS = "Report what is not in order: each becomes a case"


def life() -> None:
    contact(Actor.system(), name="王独居", phone=NUMBER, address="玉林北路1号")


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with district(django_db_blocker, life) as url:
        yield url


def today() -> date:
    return now().astimezone(BEIJING).date()


def ready(he: Person) -> None:
    """Signed in, and all that the day needs lies on the telephone: the signal may go."""
    he.go("/field/")
    he.page.locator(".waits[data-state=good]").wait_for()
    he.sees("Today's tasks")
    he.page.locator("main h1 + p.hint").wait_for()  # "As of …": the tasks have come
    he.page.wait_for_load_state("networkidle")
    he.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def open_(he: Person, page: str) -> None:
    """A page of the app, once it is there."""
    he.page.locator(f"nav.tabs a[href='#/{page}']").click()
    he.page.locator(f"main[data-page={page}] h1").wait_for()


def say(page: Page, item: str, fine: bool) -> None:
    page.locator(f"input[name=item-{item}][value={'yes' if fine else 'no'}]").check()


def at_point(he: Person, name: str) -> None:
    he.page.get_by_role("link", name=name).click()
    he.page.get_by_role("heading", level=1, name=name).wait_for()


def typed(he: Person, word: str, said: str) -> None:
    """A code typed at a point, and what the app says of it."""
    he.press("Scan or type the code")
    he.page.locator("dialog[open] #code").fill(word)
    he.press("Use it")
    he.sees(said)


def test_a_round_without_a_signal_by_code_and_by_hand_with_a_fault_that_becomes_a_case(
    town: str, browser: Browser
) -> None:
    first, second, *_ = [
        key for key in queries.stops_in(["510107005"]) if {"clean", "lights"} <= items_of(key)
    ]
    points = queries.setting().points
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        he.page.context.set_offline(True)
        he.page.reload()
        open_(he, "rounds")
        he.press("Begin a round")
        he.sees("Round under way")
        walked(he)
        at_point(he, points[first].name)
        typed(he, "AAAAAA", "This is not the code of this point.")
        typed(he, codes.code(queries.secret(), first).lower(), "The code fits.")
        asks = he.page.locator("main form .check", has_text=he.said(REPORTS))
        asks.wait_for(state="attached")
        assert not asks.is_visible()
        say(he.page, "clean", False)
        asks.wait_for()
        assert asks.locator("input").is_checked()
        say(he.page, "lights", False)
        he.fill("What was found", "三袋垃圾")
        for item in ("clean", "lights"):
            photograph(he.page, f"main form [data-item={item}]")
        he.shot_phone("point")
        he.page.set_viewport_size({**PHONE, "height": 2600})  # nothing lies beneath the bars
        assert faults(he.page) == []
        he.page.set_viewport_size(PHONE)
        he.press("I stand here")
        he.sees("Round under way")
        at_point(he, points[second].name)
        say(he.page, "clean", True)
        he.press("I stand here")
        he.sees("Passed")
        walked(he)
        end(he)
        he.page.locator(".waits[data-state=warn]").wait_for()
        he.page.context.set_offline(False)
        arrived(he.page, seconds=60)
    row = Round.objects.get()
    passes = dict(Pass.objects.filter(round=row).values_list("point", "by"))
    assert passes == {first: "code", second: "hand"}
    assert row.ended_at is not None and row.metres > 20 and Track.objects.filter(round=row).exists()
    found, lamp = Case.objects.filter(type="street-issue").order_by("-category")
    assert (found.category, lamp.category) == ("E0101", "C0108")
    assert "三袋垃圾" in found.text and found.area.startswith("510107005")
    for one in (found, lamp):
        assert StoredFile.objects.filter(case=one.pk).count() == 1
    assert Case.objects.get(pk=row.case).state == "done"


def items_of(point: str) -> set[str]:
    known = queries.setting()
    return set(known.checklists[known.points[point].checklist].items)


def walked(he: Person) -> None:
    """A few steps, seen by the telephone."""
    for n in range(3):
        he.page.context.set_geolocation({**YULIN, "longitude": YULIN["longitude"] + n * 0.0003})
        he.page.wait_for_timeout(150)


def end(he: Person) -> None:
    he.page.locator("main summary").filter(has_text=he.said("End the round")).click()
    he.page.locator("details[open] button").click()
    he.page.locator("main[data-page=rounds] h1").wait_for()


def test_a_visit_planned_at_the_desk_is_made_without_a_signal_and_its_answers_are_facts(
    town: str, browser: Browser
) -> None:
    with sat_down(browser, town, "zhangdudao") as she:
        she.go("/patrol/visits")
        she.press("Plan a visit")
        she.page.get_by_label(she.said("Mobile number")).fill(NUMBER)
        she.page.get_by_label(she.said("Where he lives")).select_option("510107005001001")
        she.page.locator("input[name=regular]").check()
        she.press("Find", "王**")
        she.sees("To be made")
        assert (
            she.page.locator("td", has_text="王**").count() == 3
        )  # in both tables, and at the button that ends it
        assert NUMBER not in she.page.content()
    [visit] = Visit.objects.all()
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        he.page.context.set_offline(True)
        open_(he, "rounds")
        he.page.get_by_role("link", name="王**").click()
        he.sees("Purpose")
        he.page.locator("input[name=q-alone][value=yes]").check()
        he.page.locator("input[name=q-care][value=some]").check()
        he.page.locator("#q-needs").fill("送餐")
        he.press("Keep the visit")
        he.sees("No visits to make.")
        he.page.context.set_offline(False)
        arrived(he.page, seconds=60)
    known = dict(FactValue.objects.filter(subject=visit.person, source="visit").values_list("key", "value"))
    assert known == {"lives_alone": True, "daily_help": "some"}
    visit.refresh_from_db()
    assert visit.met and Case.objects.get(pk=visit.case).state == "made"
    assert Regular.objects.get().last == today()
    said = [entry.data.get("facts", {}).get("result", "") for entry in stream(visit.case)]
    assert any("送餐" in one for one in said)
