"""The whole story of a day in the street: five tasks are given at the desk, received on a telephone, walked to,
worked on and finished without a signal; the dispatcher's page stays open and shows by itself what becomes of them.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from shanzhi.base.clock import now
from shanzhi.cases.models import Case
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import actor
from shanzhi.dispatch import jobs
from shanzhi.dispatch.models import Whereabouts
from shanzhi.dispatch.running import run
from shanzhi.dispatch.tests.town import EAST, ORG, moved_back, on_shift, waiting
from shanzhi.field.models import Act
from shanzhi.files.models import StoredFile
from shanzhi.journal.follow import catch_up
from shanzhi.journal.queries import stream
from shanzhi.orgs.models import GrantRow
from shanzhi.web.tests.streaming import streaming
from tests.linkfaults import arrived
from tests.test_field import photograph, report
from tests.test_field_rounds import ready
from tests.town import DESKTOP, PHONE, YULIN, Person, browser, district, sat_down

__all__ = ["browser", "town"]
pytestmark = pytest.mark.browser
TASKS = [f"巡街任务{n}" for n in range(1, 6)]
STEP = 0.05  # kilometres from one task to the next: nobody could walk farther in the seconds of a test
CASES: dict[str, State] = {}


def life() -> None:
    """李网格 works for the bureau, too, and is on shift with an empty hand; five cases wait along a street."""
    account = actor("liwangge").account
    GrantRow.objects.create(account_id=account, role="handler", org_id=ORG)
    on_shift("liwangge", 0.0, capacity=6)
    for n, name in enumerate(TASKS, 1):
        CASES[name] = waiting(text=name, lon=YULIN["longitude"] + n * STEP * EAST, lat=YULIN["latitude"])


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with district(django_db_blocker, life) as url, streaming() as port:
        before, settings.LIVE = settings.LIVE, f":{port}"
        yield url
        settings.LIVE = before


def shown(page: Any, **kinds: int) -> None:
    """What the map draws just now, without anybody having touched the page."""
    wanted = {name: count for name, count in kinds.items() if count}
    page.wait_for_function(
        """wanted => {
            const map = document.querySelector("[data-dispatch-map]");
            const found = JSON.parse(map.dataset.shown ?? "{}");
            return JSON.stringify(Object.entries(found).sort()) === JSON.stringify(Object.entries(wanted).sort());
        }""",
        arg=wanted,
        timeout=90_000,
    )


def given(she: Person, name: str) -> None:
    """By hand, at the page that stays open."""
    card = she.page.locator(f"#t{CASES[name].id}")
    card.locator("summary").click()
    card.locator("select[name=account]").select_option(str(actor("liwangge").account))
    card.locator("button[value=give]").click()
    she.sees("Undo")


def walked_to(he: Person, name: str) -> None:
    n = TASKS.index(name) + 1
    he.page.context.set_geolocation({**YULIN, "longitude": YULIN["longitude"] + n * STEP * EAST})


def done(he: Person, name: str) -> None:
    """Goes there, arrives, accepts it, and resolves it with a word and a photo; all of it without a signal."""
    page = he.page
    walked_to(he, name)
    page.get_by_role("link", name=name).click()
    page.get_by_role("heading", level=1, name=name).wait_for()
    he.press("Arrival", "I have arrived")
    he.sees("Arrival noted.")
    if name == TASKS[0]:
        he.shot_phone("task")
    for move, words in (("接单", ""), ("处置完成", f"{name}已办")):
        if page.get_by_role("heading", level=1, name=name).count() == 0:
            page.get_by_role("link", name=name).click()
            page.get_by_role("heading", level=1, name=name).wait_for()
        fold = page.locator("details.move").filter(has=page.locator("summary", has_text=move))
        fold.locator("summary").click()
        if words:
            fold.locator("textarea").fill(words)
            photograph(page, "details.move[open]")
        fold.locator("form > button").click()
        page.get_by_role("heading", level=1).filter(has_text=he.said("Today's tasks")).wait_for()


def test_five_tasks_without_a_signal_while_the_dispatcher_watches(town: str, browser: Browser) -> None:
    he_is = actor("liwangge").account or 0
    with (
        sat_down(browser, town, "sunpaiqian") as she,
        sat_down(browser, town, "liwangge", phone=True) as he,
    ):
        she.page.clock.install()  # its timers go by themselves; the test only need not wait for the minute
        she.go(f"/desk/dispatch?org={ORG}")
        shown(she.page, idle=1, left=5)
        she.shot("watching-before")
        for name in TASKS:
            given(she, name)
        shown(she.page, person=1, hand=5, route=1)
        she.page.evaluate("window.open_since = 1")  # a page that was loaded again would have forgotten it
        for size in (PHONE, DESKTOP):
            she.page.set_viewport_size(size)  # type: ignore[arg-type]
            she.shot(f"watching-given-{size['width']}")
        person = she.page.locator(f"#p{he_is}")
        ready(he)
        for name in TASKS:
            he.sees(name)
        he.shot_phone("received")
        he.page.locator("nav.tabs a[href='#/map']").click()
        he.page.locator(".map[data-ready]").wait_for()
        bar = he.page.locator("nav.tabs").bounding_box() or {}
        assert (
            bar["y"] + bar["height"] == 760
        )  # the tabs stand at the lower edge, however little is above them
        he.shot_phone("map")
        he.page.locator("nav.tabs a").first.click()

        he.page.context.set_offline(True)
        he.page.reload()
        for name in TASKS:
            done(he, name)
            if name == TASKS[2]:
                report(he, "路上看见的暴露垃圾")
                he.page.locator("nav.tabs a").first.click()
                he.sees(TASKS[-1])
        he.page.locator(".waits", has_text="16").wait_for()
        he.shot_phone("finished")
        moved_back(he_is, timedelta(minutes=20))  # as if all this had taken as long as it does
        she.page.clock.fast_forward(61_000)
        expect(person).to_contain_text("偏旧", timeout=90_000)
        shown(she.page, person=1, hand=5, route=1)  # nobody has heard of it yet
        she.shot("watching-meanwhile")
        run(ORG, now())  # the minute goes by, and takes nothing from him

        he.page.context.set_offline(False)
        arrived(he.page, seconds=90)
        catch_up(next(one for one in jobs.READERS if one.name == "dispatch-worked"))
        shown(she.page, idle=1)
        expect(person).to_contain_text(she.said("Nothing to do"), timeout=90_000)
        she.page.clock.fast_forward(61_000)
        expect(person).to_contain_text("今日办结 5 件", timeout=90_000)
        assert she.page.evaluate("window.open_since") == 1
        she.shot("watching-after")
        he.complaints[:] = [one for one in he.complaints if "ERR_INTERNET_DISCONNECTED" not in one]

    spot = Whereabouts.objects.get(account=he_is)
    assert spot.lon > YULIN["longitude"] + 3.5 * STEP * EAST  # at the end of the street
    for name, case in CASES.items():
        row = Case.objects.get(pk=case.id)
        assert (row.state, row.person) == ("resolved", he_is)
        entries = [entry for entry in stream(case.id) if entry.actor == f"account:{he_is}"]
        told = [entry.data["facts"] for entry in entries]
        assert [facts.get("move") for facts in told if facts.get("move")] == ["accept", "resolve"]
        assert sum(f"{name}已办" in facts.get("result", "") for facts in told) == 1
        assert sum("签到" in facts.get("words", "") for facts in told) == 1
        assert StoredFile.objects.filter(case=case.id).count() == 1
    assert Case.objects.filter(text__startswith="路上看见的暴露垃圾", channel="field").count() == 1
    acts = list(Act.objects.order_by("id").values_list("seq", flat=True))
    assert acts == sorted(acts) and len(acts) == 16
