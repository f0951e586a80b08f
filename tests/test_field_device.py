"""What goes wrong on a telephone, or is seldom: each tried in Chromium, with a clear word to the person.

Microphone and camera are Chromium's own fakes; what reads a code is a stub, said where it is put in.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pytest_django import DjangoDbBlocker

from shanzhi.base.clock import now
from shanzhi.base.geo import Point
from shanzhi.base.ids import new_id
from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import actor, opened
from shanzhi.dispatch.models import Shift, Whereabouts
from shanzhi.field import built
from shanzhi.field.models import Act
from shanzhi.files.models import StoredFile
from shanzhi.grids import actions as redrawing
from shanzhi.journal.queries import stream
from shanzhi.patrol import codes, queries
from shanzhi.patrol.models import Pass
from shanzhi.places import queries as places
from shanzhi.places.history import today
from tests.linkfaults import arrived
from tests.test_field import finish, report
from tests.test_field_rounds import end, open_, ready
from tests.town import ARGS, YULIN, Person, district, sat_down

__all__ = ["browser", "town"]
pytestmark = pytest.mark.browser
FAKES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
TASK = "手机上的任务"
OTHERS = (
    "This account is also used on {n} other phones today. Each sends its own actions; what one has done the other sees "
    "after it is sent."
)


def life() -> None:
    for n in range(1, 5):
        opened("chenjumin", text=f"{TASK}{n}")


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with district(django_db_blocker, life) as url:
        yield url


@pytest.fixture(scope="module")
def browser(town: str, chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=[*ARGS, *FAKES])
        yield launched
        launched.close()


def allow(he: Person) -> None:
    he.page.context.grant_permissions(["geolocation", "microphone", "camera"])


def test_the_urgent_button_is_taken_back_within_three_seconds_and_calls_after_them(
    town: str, browser: Browser
) -> None:
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        sos = he.page.locator(".sos")
        sos.click()
        he.sees("The centre is told in three seconds, with your place.")
        he.press("Cancel")
        he.page.locator("dialog").wait_for(state="detached")
        he.page.wait_for_timeout(3_500)
        assert not Act.objects.filter(kind="alarm").exists()
        sos.click()
        he.sees("The centre has your call")
        assert he.page.locator("dialog a[href^='tel:']").count() == 2
        he.press("Close")
        he.page.context.set_offline(True)
        sos.click()
        he.sees("There is no signal for data: the call waits on this phone")
        he.press("Close")
        he.page.context.set_offline(False)
        arrived(he.page, seconds=60)
    calls = list(Case.objects.filter(channel="field", urgency="critical"))
    assert len(calls) == 2 and all(call.lon == pytest.approx(YULIN["longitude"], abs=1e-4) for call in calls)


def test_what_is_done_while_a_sending_ends_is_sent_after_it_and_a_call_for_help_waits_for_nobody(
    town: str, browser: Browser
) -> None:
    held, holds = list[Route](), [True]

    def carried(route: Route) -> None:
        held.append(route) if holds else route.continue_()

    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        he.page.context.route("**/api/v1/field/phones", carried)
        report(he, "第一件")
        until(he.page, lambda: bool(held))  # it has arrived, and the sending is not over yet
        report(he, "紧跟着的第二件")
        he.page.locator(".sos").click()
        he.sees("The centre has your call")
        he.press("Close")
        assert not Case.objects.filter(text__startswith="紧跟着的第二件").exists()
        holds.clear()
        for route in held:
            route.continue_()
        arrived(he.page, seconds=20)  # not at the next contact, a minute later
    assert Case.objects.filter(text__startswith="紧跟着的第二件").count() == 1


def test_a_photo_of_forty_megabytes_is_made_small_and_what_is_no_picture_is_refused_in_words(
    town: str, browser: Browser, tmp_path: Path
) -> None:
    large, none = tmp_path / "large.jpg", tmp_path / "none.jpg"
    noise = np.random.default_rng(7).integers(0, 256, (5000, 6000, 3), dtype=np.uint8)
    Image.fromarray(noise).save(large, quality=98)
    none.write_bytes(large.read_bytes()[1000:])
    assert large.stat().st_size > 40_000_000
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        open_(he, "report")
        he.fill("A few words", "大照片旁的垃圾")
        choose = he.page.locator("main form input[type=file]")
        choose.set_input_files(none)
        he.sees("This picture cannot be read: take it again, or choose another.")
        choose.set_input_files(large)
        he.page.locator("main form .photos img").wait_for()
        assert he.page.locator("#words").input_value() == "大照片旁的垃圾"
        he.press("Send")
        arrived(he.page, seconds=60)
    [case] = Case.objects.filter(text__startswith="大照片旁的垃圾")
    [kept] = StoredFile.objects.filter(case=case.pk)
    assert kept.size < 3_000_000 and kept.media_type == "image/jpeg"


def test_a_voice_note_is_recorded_heard_and_kept(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "liwangge", phone=True) as he:
        allow(he)
        ready(he)
        open_(he, "report")
        he.press("Voice note")
        he.sees("Recording, at most a minute …")
        he.page.wait_for_timeout(1_200)
        he.press("Stop")
        he.page.locator("main form audio").wait_for()
        he.press("Send")
        he.sees("It is reported")
        arrived(he.page, seconds=60)
    [kept] = StoredFile.objects.filter(media_type="audio/wav")
    assert kept.size > 20_000  # more than half a second of 16,000 samples
    assert Case.objects.filter(pk=kept.case, channel="field").exists()


READER = """globalThis.BarcodeDetector = class {
    async detect(video) { return video.videoWidth ? [{ rawValue: "WORD" }] : []; }
}"""


def test_a_code_read_by_the_camera_opens_its_point(town: str, browser: Browser) -> None:
    """The picture comes from Chromium's fake camera; that a code is in it is said by a stub of BarcodeDetector."""
    key = next(iter(queries.stops_in(["510107005"])))
    with sat_down(browser, town, "liwangge", phone=True) as he:
        allow(he)
        he.page.add_init_script(READER.replace("WORD", codes.payload(queries.secret(), key)))
        ready(he)
        open_(he, "rounds")
        he.press("Begin a round")
        he.press("Scan a point's code")
        he.page.get_by_role("heading", level=1, name=queries.setting().points[key].name).wait_for()
        he.sees("The code fits.")
        he.press("I stand here")
        he.sees("Round under way")
        end(he)
        arrived(he.page, seconds=60)
    assert Pass.objects.get(point=key).by == "qr"


NO_WEBGL = """const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...how) {
    return /webgl/.test(kind) ? null : real.call(this, kind, ...how);
};"""


def test_without_webgl_the_map_says_so_and_the_list_is_one_tap_away(town: str, browser: Browser) -> None:
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        open_(he, "map")
        he.page.locator(".map.tall[data-ready]").wait_for()
        he.page.add_init_script(NO_WEBGL)
        he.page.reload()
        he.sees("This phone cannot draw the map. The list says the same.")
        he.press("‹ " + he.said("The same as a list"))
        he.sees("Today's tasks")


def test_a_new_version_is_offered_and_taken_when_the_person_wants_it(
    town: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        he.page.reload()
        before = he.page.evaluate("caches.keys()")
        monkeypatch.setattr(built, "digest", lambda *parts: "another-one")
        open_(he, "report")
        he.fill("A few words", "写到一半")
        he.page.evaluate("navigator.serviceWorker.ready.then(found => found.update())")
        he.sees("A new version is here: reload")
        he.page.evaluate("dispatchEvent(new Event('online'))")  # a contact, which says anew how things stand
        he.page.wait_for_timeout(1_000)
        assert he.page.locator("#words").input_value() == "写到一半"
        he.page.evaluate("globalThis.before = true")
        he.press("A new version is here: reload")
        he.page.wait_for_function("() => !globalThis.before")
        he.page.locator("main h1").wait_for()
        he.page.wait_for_function(
            "() => caches.keys().then(all => all.length === 1 && all[0] === 'field-another-one')"
        )
    assert before != ["field-another-one"]


def test_what_waits_is_sent_in_the_background_when_the_app_is_closed(town: str, browser: Browser) -> None:
    """By the service worker alone, woken as Background Sync wakes it (the event is sent by Chromium's own tools)."""
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        tools = he.page.context.new_cdp_session(he.page)
        found: dict[str, str] = {}
        tools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: found.update(
                {one["scopeURL"]: one["registrationId"] for one in told["registrations"]}
            ),
        )
        tools.send("ServiceWorker.enable")
        he.page.context.set_offline(True)
        report(he, "关掉应用之后才有信号")
        he.page.goto("about:blank")
        he.page.context.set_offline(False)
        event = {
            "origin": town,
            "registrationId": found[f"{town}/field/"],
            "tag": "send",
            "lastChance": False,
        }
        tools.send("ServiceWorker.dispatchSyncEvent", event)
        until(he.page, lambda: Case.objects.filter(text__startswith="关掉应用之后才有信号").exists())
        ready(he)
    assert Case.objects.filter(text__startswith="关掉应用之后才有信号").count() == 1


def until(page: Page, found: Callable[[], bool]) -> None:
    for _ in range(200):
        if found():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it has not come")


def test_two_telephones_of_one_account_are_told_and_the_later_one_decides(
    town: str, browser: Browser
) -> None:
    name = f"{TASK}1"
    with sat_down(browser, town, "liwangge", phone=True) as one:
        ready(one)
        one.page.context.set_offline(True)
        finish(one, name)
        with sat_down(browser, town, "liwangge", phone=True) as other:
            ready(other)
            finish(other, name)
            arrived(other.page, seconds=60)
        one.page.context.set_offline(False)
        one.page.locator(".waits[data-state=bad]").click()
        one.sees("Needs your decision")
        one.page.get_by_text(one.said(OTHERS).partition("{n}")[0]).wait_for()
        one.press("Drop mine")
        arrived(one.page, seconds=60)
    case = Case.objects.get(text=name)
    said = [entry.data["facts"].get("result", "") for entry in stream(case.pk)]
    assert sum(f"{name}已办" in words for words in said) == 1


def test_a_clock_wrong_by_a_day_is_said_and_times_are_put_right(town: str, browser: Browser) -> None:
    wrong = "const real = Date.now; Date.now = () => real() + 86400000; const D = Date;"
    wrong += "globalThis.Date = class extends D { constructor(...a) { a.length ? super(...a) : super(Date.now()); } };"
    wrong += "globalThis.Date.now = () => real() + 86400000;"
    with sat_down(browser, town, "liwangge", phone=True) as he:
        he.page.add_init_script(wrong)
        ready(he)
        report(he, "时钟错一天")
        arrived(he.page, seconds=60)
        he.go("/field/#/waiting")
        he.page.get_by_text("24.0").wait_for()
    act = Act.objects.filter(kind="report").latest("id")
    assert abs(act.said_at - act.done_at - timedelta(days=1)) < timedelta(minutes=1)
    assert abs(act.arrived_at - act.done_at) < timedelta(minutes=2)
    assert "手机时钟" in Case.objects.get(pk=act.case).text


def test_off_shift_he_is_told_and_what_he_sends_is_taken_and_his_place_is_not_kept(
    town: str, browser: Browser
) -> None:
    li, at = actor("liwangge").account or 0, now()
    facts = {"org": "urban-management", "area": "510107005", "mode": "ebike", "skills": [], "capacity": 3}
    shift = {"start": at - timedelta(hours=9), "end": at - timedelta(hours=1)}
    Shift.objects.create(id=new_id(), account=li, **facts, **shift)
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        he.sees("You are off shift.")
        report(he, "下班路上看到的")
        arrived(he.page, seconds=60)
    assert Case.objects.filter(text__startswith="下班路上看到的").exists()
    assert not Whereabouts.objects.filter(pk=li).exists()
    Shift.objects.all().delete()


def test_a_grid_redrawn_while_a_task_was_queued_loses_nothing(town: str, browser: Browser) -> None:
    name, grid = f"{TASK}2", "510107005001001"
    with sat_down(browser, town, "liwangge", phone=True) as he:
        ready(he)
        he.page.context.set_offline(True)
        finish(he, name)
        report(he, "重划期间的上报")
        new = split(grid)
        he.page.context.set_offline(False)
        arrived(he.page, seconds=60)
        here = places.grid_of(spot())
        open_(he, "report")
        he.page.locator("main .hint[role=status]").filter(has_text=places.area(here or "").name).wait_for()
    done = Case.objects.get(text=name)
    assert done.area == grid  # a case keeps the grid in which it was reported
    assert any(f"{name}已办" in entry.data["facts"].get("result", "") for entry in stream(done.pk))
    assert Case.objects.get(text__startswith="重划期间的上报").area == here and new


def spot() -> Point:
    return Point(YULIN["longitude"], YULIN["latitude"])


def split(grid: str) -> set[str]:
    """A grid becomes two, in force today; the numbers of its community's grids that are new."""
    sun, community = actor("sunpaiqian"), grid[:12]
    before = set(places.grid_shapes(community))
    west, south, east, north = places.grid_shapes(community)[grid].bounds
    line = [[(west + east) / 2, south - 0.001], [(west + east) / 2, north + 0.001]]
    draft = redrawing.begin(sun, community, "一分为二")
    redrawing.step(sun, draft.pk, {"do": "split", "grid": grid, "line": line, "name": "新网格"})
    redrawing.put_in_force(sun, draft.pk, today())
    return set(places.grid_shapes(community)) - before
