"""Every main page, as the person who uses it: no violation of WCAG 2.2 AA, fits, and is light enough.

Checked by axe-core in light on a desktop (Chinese) and in dark with large letters on a telephone (English).
Pictures of all of them are left under `var/screens`.
"""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from shanzhi.base.clock import BEIJING, now
from shanzhi.cases import actions, search
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.sides import Ask
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import actor, brought_to, opened, step
from shanzhi.desk import jobs as desk
from shanzhi.dispatch.running import run as run_dispatch
from shanzhi.dispatch.tests.town import ORG, on_shift
from shanzhi.grids import actions as redrawing
from shanzhi.hotline.actions import excluding, whistling
from shanzhi.hotline.actions import keeping as hotline
from shanzhi.insight import contesting
from shanzhi.insight import jobs as insight
from shanzhi.insight.periods import last_days
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.orgs import posted
from shanzhi.orgs.actor import Actor
from shanzhi.places.history import today
from shanzhi.services.actions import drafting, members, policies, repinning
from shanzhi.services.queries import applications
from shanzhi.services.tests.people import registered
from shanzhi.services.tests.test_applying import filled
from shanzhi.services.tests.test_repinning import from_75
from tests import town as stage
from tests.town import browser

__all__ = ["browser"]
pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ROOT / "var" / "screens"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: dict[str, dict[str, Any]] = {
    "zh-desktop": {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"},
    "en-phone-dark-large": {
        "viewport": {"width": 360, "height": 760}, "locale": "en", "color_scheme": "dark", "reduced_motion": "reduce"
    },
}  # fmt: skip
PAGES = {
    "": ["/", "/report", "/track", "/nearby", "/nearby/{new}", "/nearby/{closed}", "/subscribe", "/accounts/login/"],
    "linchuangkou": [
        "/services", "/services/MZ-001", "/services/guide?words=低保", "/services/letter", "/desk/services/counter",
    ],
    "xufuwu": [
        "/desk/services", "/desk/services/manage", "/desk/services/policies", "/desk/services/policies/{policy}",
    ],
    "zhengminzheng": ["/desk/services/{waiting}", "/desk/services/{waiting}/repin"],
    "wangdama": [
        "/my", "/my/{mine}", "/my/{agreed}", "/my/telling",
        "/services/applications/{asked}", "/services/applications/{asked}/asked",
        "/services/drafts/{form}", "/services/drafts/{form}/check", "/services/drafts/{family}/members/family",
        "/services/drafts/{family}/members/family/1",
    ],
    "hejiexian": ["/desk/report", "/desk/hotline", "/desk/hotline/callbacks", "/desk/hotline/callbacks/{complaint}"],
    "zhangdudao": ["/desk/hotline/whistles", "/desk/hotline/whistles/{whistle}"],
    "wulian": [
        "/desk/?tab=all", "/desk/cases/{mine}", "/desk/cases/{new}", "/desk/bulk?case={new}", "/desk/today",
        "/desk/inbox", "/desk/map?tab=all", "/desk/people/zhaochuzhi",
    ],
    "sunpaiqian": [
        "/desk/approvals", "/desk/?tab=all&words=油烟&order=new", "/desk/hotline/list", "/desk/hotline/exclusions",
        "/desk/hotline/exclusions/{complaint}", "/desk/dispatch?org=urban-management",
        "/desk/dispatch/shifts?org=urban-management", "/desk/dispatch/rounds?org=street-yulin",
        "/desk/grids", "/desk/grids/510107005001001",
        "/desk/grids/redrawing/{draft}",
        "/desk/grids/staff", "/desk/grids/gaps", "/desk/performance/people", "/desk/performance?behind=handled",
        "/desk/cases/{agreed}",
    ],
    "shenji": [
        "/screen/", "/screen/wall", "/screen/leagues", "/screen/cases?figure=open", "/desk/surveys",
        "/screen/ranking", "/screen/ranking/cases?rate=resolution&side=all",
    ],
    "admin": [
        "/admin/", "/admin/outbox", "/admin/accounts", "/admin/clients", "/admin/packs", "/admin/look", "/admin/rules",
        "/admin/rules/urgency/2", "/admin/rules/urgency/2/try?on=2026-11-25&category=E0301&text=工地",
        "/admin/rules/urgency/2/edit",
    ],
}  # fmt: skip
MOST_KB = 150  # of what a page loads, compressed, without the map


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with stage.district(django_db_blocker, life) as url:
        yield url


IDS: dict[str, str] = {}  # of what the addresses speak of


def life() -> None:
    """A little of everything."""
    mine, new = brought_to("answered"), opened(public=True)
    closed = brought_to("closed", public=True)
    asked = brought_to("registered")
    actions.ask(actor("wulian"), asked.id, Ask("void", "重复上报"))
    for n, username in enumerate(("zhaochuzhi", "qianchuzhi")):
        on_shift(username, 0.5 + n)
    brought_to("dispatched")
    day = f"{(now().astimezone(BEIJING) + timedelta(days=3)).date()}"
    agreed = brought_to("dispatched", data={"visit_day": day, "visit_part": "afternoon"})
    run_dispatch(ORG, now())
    grids_of(actor("sunpaiqian"))
    complaint, whistle = complained(), whistling.blow(actor("zhangdudao"), "510107005", "emergency", "危墙")
    entries = [entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry", [])]
    for keep in (insight.keep, search.keep, desk.keep):
        keep(entries)
    righted(closed.id)
    excluding.propose(actor("hanyulin"), complaint.id, "unreasonable", "已依法终结")
    found = {
        "mine": mine,
        "new": new,
        "complaint": complaint,
        "whistle": whistle,
        "closed": closed,
        "agreed": agreed,
    }
    IDS.update({name: str(one.id) for name, one in found.items()} | served())
    IDS["draft"] = str(redrawing.begin(actor("sunpaiqian"), "510107005001", "一分为二").pk)


def grids_of(boss: Actor) -> None:
    """People posted to a community, one of them away for some days."""
    day = today()
    for username in ("liwangge", "zhaochuzhi"):
        posted.post(boss, actor(username).account or 0, "510107005001", day - timedelta(days=9))
    posted.leave(boss, actor("liwangge").account or 0, day + timedelta(days=2), day + timedelta(days=4))
    posted.leave(boss, actor("zhaochuzhi").account or 0, day + timedelta(days=2), day + timedelta(days=4))


def righted(case: UUID) -> None:
    """Numbers that 赵处置 contests: one is put right, one case is left out, one waits for an answer."""
    zhao, sun, month = actor("zhaochuzhi"), actor("sunpaiqian"), last_days(today(), 30)
    made = contesting.contest(zhao, "handled", month, "有两件记在同事名下")
    contesting.answer(sun, made.pk, left_out=True, words="台账核实", right=contesting.Right(5))
    contesting.contest(zhao, "handled_on_time", month, "系统停机两天")
    contesting.contest(zhao, "rework", month, "不是同一件事", case)


def served() -> dict[str, str]:
    """Two applications that a newer rule asks more of, one of them put on to it; forms half filled in; a policy."""
    who, clerk = actor("wangdama"), actor("zhengminzheng")
    sent = {}
    for username, name in (("wangdama", "asked"), ("chenjumin", "waiting")):
        registered(username, age=79)
        sent[name] = drafting.send(actor(username), filled(username).pk, consent="同意", anyway=True)
    from_75(exit_barred=False)
    plan = repinning.proposed(clerk, applications.opened(clerk, sent["asked"]))
    assert plan is not None
    repinning.repin(clerk, sent["asked"], to=plan.pins.ref, reason="标准已调整")
    draft, family = drafting.begin(who, "MZ-004"), drafting.begin(who, "MZ-002")
    row = {"relation": "self", "birth_date": "1946-01-01", "income": "800"}
    members.put(who, family.pk, "family", row, place=None, seen=0)
    policy = policies.look_for(actor("xufuwu"), "MZ-004", purpose="应享尽享", basis="个人信息保护法第十三条")
    ids = {**sent, "form": draft.pk, "family": family.pk, "policy": policy.pk}
    return {name: str(id_) for name, id_ in ids.items()}


def complained() -> State:
    """A complaint that was closed and rated by a call, and one whose reporter is to be called."""
    for confirmed in (True, False):
        case = opened(type="complaint", category="E0504")
        step(case.id, "sunpaiqian", "dispatch")
        step(case.id, "hanyulin", "accept")
        step(case.id, "hanyulin", "answer", result="已劝离")
        if confirmed:
            step(case.id, "wulian", "confirm")
            actions.evaluate(actor("hejiexian"), case.id, Answers(True, False, 2), source="call")
        hotline.refresh([case.id])
    return case


def signed_in(page: Page, url: str, username: str) -> None:
    if username:
        page.goto(f"{url}/accounts/login/")
        page.locator(f'form:has(input[value="{username}"]) button').click()
        page.wait_for_load_state()


def violations(page: Page) -> list[str]:
    """What axe-core finds, a line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


def shown(page: Page, path: str) -> None:
    """The page with what it draws; where that is a map, its pieces come one by one."""
    page.goto(path, wait_until="load")
    drawn = page.locator(".map:not([hidden]), .chart").all()
    for one in drawn:
        one.wait_for(state="visible")
    if drawn:
        page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("username", PAGES)
def test_pages_have_no_violation_and_fit(town: str, browser: Browser, username: str, look: str) -> None:
    context = browser.new_context(**LOOKS[look])
    if "large" in look:
        context.add_cookies([{"name": "size", "value": "large", "url": town}])
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    signed_in(page, town, username)
    SCREENS.mkdir(parents=True, exist_ok=True)
    for path in (one.format(**IDS) for one in PAGES[username]):
        shown(page, town + path)
        name = re.sub(r"[^a-z]+", "-", re.sub(r"[0-9a-f-]{36}", "", path)).strip("-") or "home"
        page.screenshot(path=SCREENS / f"{look}-{name}.png", full_page=True)
        complaints += [f"{path}: {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            complaints.append(f"{path}: one has to scroll sideways")
    context.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("", "/"),
        ("", "/report"),
        ("", "/nearby"),
        ("wangdama", "/my/{mine}"),
        ("wulian", "/desk/?tab=all"),
        ("wulian", "/desk/cases/{mine}"),
        ("shenji", "/screen/"),
        ("shenji", "/screen/wall"),
    ],  # fmt: skip
)
def test_pages_are_light(town: str, browser: Browser, username: str, path: str) -> None:
    page, sizes = browser.new_page(), dict[str, int]()
    signed_in(page, town, username)
    page.on(
        "response", lambda got: sizes.setdefault(got.url, len(gzip.compress(got.body())) if got.ok else 0)
    )
    page.goto(town + path.format(**IDS))
    page.wait_for_load_state("networkidle")
    page.close()
    heavy = {address: size for address, size in sizes.items() if "/map" not in address}
    assert sum(heavy.values()) < MOST_KB * 1024, heavy
