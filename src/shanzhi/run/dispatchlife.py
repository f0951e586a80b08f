"""Generated life of the dispatch: field workers with shifts around the clock, where they are, and what waits for them.

Names, shifts and places are invented; the accounts are closed to everybody (nobody knows their passwords), but for two
of the demo's people who are on shift as well.
"""

import random
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import Invalid, Problem
from shanzhi.base.geo import Point
from shanzhi.cases import actions
from shanzhi.cases.opening import Report
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.dispatch.actions import seen
from shanzhi.dispatch.actions.shifts import plan
from shanzhi.dispatch.rota import Duty
from shanzhi.dispatch.running import run
from shanzhi.orgs.actions import open_account
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.queries import actors, orgs
from shanzhi.run import words
from shanzhi.run.living import Life, place

DAYS_BACK, DAYS_ON = 1, 7
WATCHES = (0, 8, 16)  # three shifts of eight hours
TEAMS = {  # how many on each shift, what they can, how they get about, which matters wait for them
    "urban-management": (
        3,
        ("law", "lift"),
        ("ebike", "ebike", "car"),
        ("E0107", "E0108", "E0201", "E0203", "E0114"),
    ),
    "sanitation": (2, ("cart", "pump"), ("car", "ebike"), ("E0101", "E0102", "E0103")),
    "street-yulin": (2, ("pump",), ("ebike", "foot"), ("E0105", "E0111", "E0504")),
}
OURS = ("zhaochuzhi", "qianchuzhi")
SURNAMES, GIVEN = "何吕施孔曹严华金魏陶姜谢邹喻", ("勇", "丽", "军", "敏", "强", "洁", "涛", "燕", "斌", "娟")
WAITING = 5  # for each team
SAYS = "（演示数据，程序生成）"


def live(life: Life) -> None:
    """People, shifts, places and tasks that wait; then the first plan."""
    dice = random.Random(20_261)
    for org in [org for org in TEAMS if org in orgs()]:
        people = _people(org)
        plan(Actor.system(), _shifts(org, people, life.end, dice), generated=True)
        _places(life, org, people)
        _tasks(life, org, dice)
        run(org, life.end)


def _people(org: str) -> list[int]:
    """Three watches of people; their accounts are opened once."""
    count = TEAMS[org][0] * len(WATCHES)
    found = []
    for n in range(count):
        pick = (*TEAMS,).index(org) * 9 + n
        name = f"{SURNAMES[pick % len(SURNAMES)]}{GIVEN[(pick * 3) % len(GIVEN)]}（演示）"
        account = open_account(
            Actor.system(), f"gen-{org}-{n + 1}", secrets.token_urlsafe(24), name=name, staff=True,
            grants=[Grant("handler", org=org)],
        )  # fmt: skip
        found.append(account.pk)
    return found


def _shifts(org: str, people: list[int], end: datetime, dice: random.Random) -> list[Duty]:
    """Each has his watch, every day, and one day off in the week; two of the demo's people have the present hours."""
    each, skills, modes, _categories = TEAMS[org]
    midnight = end.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for n, account in enumerate(people):
        own = tuple(one for one in skills if dice.random() < 0.7)
        for day in range(-DAYS_BACK, DAYS_ON):
            start = midnight + timedelta(days=day, hours=WATCHES[n // each])
            if day and (day + n) % 7 == 3:
                continue
            span = timedelta(hours=8)
            found.append(Duty(account, org, start, start + span, modes[n % len(modes)], own, _area(org), 4))
    if org == "urban-management":
        hour = end.astimezone(BEIJING).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        for one in actors(usernames=OURS):
            found.append(
                Duty(one.id or 0, org, hour, hour + timedelta(hours=8), "ebike", ("law",), _area(org), 3)
            )
    return found


def _area(org: str) -> str:
    return "510107005" if org == "street-yulin" else "510107"


def _places(life: Life, org: str, people: list[int]) -> None:
    """Where those on shift were seen last, some minutes ago; one of them an hour ago."""
    bounds = life.yulin if org == "street-yulin" else life.bounds
    for n, who in enumerate(
        [*actors(ids=people), *(actors(usernames=OURS) if org == "urban-management" else ())]
    ):
        lon, lat = place(life, bounds)
        ago = timedelta(minutes=70 if n % 5 == 4 else life.dice.uniform(0, 8))
        try:
            seen(who, Point(lon, lat), life.dice.choice((8, 15, 30)), life.end - ago, generated=True)
        except Problem:
            continue  # not on shift now


def _opened(report: Report, end: datetime | None, part: str) -> State:
    """A case; one of five has a time agreed with the resident, where somebody works then."""
    if end is not None:
        day = (end.astimezone(BEIJING) + timedelta(days=1)).date()
        try:
            agreed = {"visit_day": day.isoformat(), "visit_part": part}
            return actions.open_case(Actor.system(), replace(report, data=agreed))
        except Invalid:
            pass
    return actions.open_case(Actor.system(), report)


def _tasks(life: Life, org: str, dice: random.Random) -> None:
    """Matters of the last hour, given to the organisation and to nobody in it yet."""
    registrar, dispatcher = (next(iter(actors(usernames=[one])), None) for one in ("wulian", "sunpaiqian"))
    if registrar is None or dispatcher is None:
        return
    for n in range(WAITING):
        lon, lat = place(life, life.yulin if org == "street-yulin" else life.bounds)
        at = life.end - timedelta(minutes=dice.uniform(8, 55))
        where = dice.choice(words.PLACES)
        report = Report(
            type="street-issue", text=f"{where}：{dice.choice(words.DETAILS)}{SAYS}", title=f"{where}巡查发现问题",
            category=TEAMS[org][3][n % len(TEAMS[org][3])], lon=lon, lat=lat, channel="field",
            external=f"demo-d-{org}-{n}", at=at,
        )  # fmt: skip
        case = _opened(report, life.end if n % 5 == 2 else None, ("morning", "afternoon")[n % 2])
        actions.move(registrar, case.id, "register", at=at + timedelta(minutes=2))
        actions.move(dispatcher, case.id, "dispatch", inputs=Inputs(org=org), at=at + timedelta(minutes=5))
