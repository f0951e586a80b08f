"""A month at the generated complaint desk: callers to be called back, whistles, matters that nobody owns, and
cases that are left out of the ranking. Said to be generated, like the rest of the demo."""

import random
from datetime import datetime, timedelta

from django.db.models import Q

from shanzhi.base.errors import Problem
from shanzhi.cases import actions, queries
from shanzhi.cases.opening import Report
from shanzhi.cases.workflow import Inputs
from shanzhi.hotline.actions import excluding, recalling, whistling
from shanzhi.hotline.actions.keeping import refresh
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import actors
from shanzhi.residents.actions import contact
from shanzhi.run.staff import Staff

UNOWNED = (
    ("H1002", "建议在小区门口增设非机动车停放点", "urban-management", "510107005"),
    ("H1002", "建议延长社区图书室开放时间", "culture-tourism", "510107004"),
    ("H1002", "建议给老旧小区楼道装感应灯", "housing-transport", "510107005"),
    ("H1001", "咨询老年证办理需要带什么材料", "civil-affairs", "510107010"),
    ("H1001", "咨询居住证续签在哪里办", "police", "510107005"),
    ("H1003", "表扬社区工作人员帮忙找到走失老人", "community-affairs", "510107007"),
)
WHISTLES = (
    ("510107005", "law_enforcement", "夜市占道经营反复，请联合执法", 60, True),
    ("510107005", "emergency", "老楼外墙砖脱落，有砸人危险", 5, False),
    ("510107005", "joint", "背街小巷环境综合整治", 200, True),
)
OUTCOMES = ("no_answer", "busy", "no_answer", "later")
NAMES = "王李张刘陈杨赵黄周吴"


def caller(dice: random.Random, number: int) -> str:
    """Somebody who called: an invented name and a number of a range that nobody is given, kept encrypted."""
    name = f"{dice.choice(NAMES)}女士" if number % 2 else f"{dice.choice(NAMES)}先生"
    return str(contact(Actor.system(), name=name, phone=f"1700000{number % 10_000:04d}"))


def live(staff: Staff, end: datetime) -> None:
    """What happens at the desk besides the cases of the month; `staff` are the people of the demo."""
    dice = random.Random(12345)
    refresh(queries.visible_to(Actor.system()).filter(type="complaint").values_list("id", flat=True))
    _unowned(dice, end)
    for area, kind, text, hours, ended in WHISTLES:
        _whistle(staff, area, kind, text, end - timedelta(hours=hours), ended)
    _calls(dice, end)
    _left_out(staff)


def _one(username: str) -> Actor | None:
    return next(iter(actors(usernames=[username])), None)


def _unowned(dice: random.Random, end: datetime) -> None:
    """The centre names a lead for what the list names nobody for."""
    dispatcher = _one("sunpaiqian")
    if dispatcher is None:
        return
    for number, (category, text, org, area) in enumerate(UNOWNED):
        at = end - timedelta(hours=dice.uniform(30, 500))
        report = Report(
            type="complaint", text=f"{text}（演示数据，程序生成）", category=category, area=area,
            channel="hotline", external=f"demo-u{number}", person=caller(dice, 5_000 + number), at=at,
        )  # fmt: skip
        case = actions.open_case(Actor.system(), report)
        later = at + timedelta(minutes=dice.uniform(10, 100))
        actions.move(dispatcher, case.id, "dispatch", inputs=Inputs(org=org), at=later)


def _whistle(staff: Staff, area: str, kind: str, text: str, at: datetime, ended: bool) -> None:
    """A street whistles; departments muster, most of them in time, and act."""
    leader = _one("zhangdudao")
    if leader is None:
        return
    case = whistling.blow(leader, area, kind, f"{text}（演示数据，程序生成）", at=at)
    for number, task in enumerate(list(case.tasks.values())):
        helper = staff.member(task.org)
        if helper is None or (not ended and number == 3):
            continue
        there = at + timedelta(minutes=15 * (number + 1))
        state = actions.finish_task(helper, case.id, task.name, result="已报到，带队 3 人（演示）", at=there)
        acting = next((t for t in state.tasks.values() if t.org == task.org and t.status == "open"), None)
        if acting is not None and (ended or number == 0):
            done = there + timedelta(hours=2)
            actions.finish_task(helper, case.id, acting.name, result="已现场处置完毕（演示）", at=done)
            if ended:
                whistling.rate(leader, case.id, acting.name, 5 - number % 3, words="配合到位（演示）")
    if ended:
        inputs = Inputs(result="联合处置完成，转日常巡查（演示）")
        actions.move(leader, case.id, "close", inputs=inputs, at=at + timedelta(hours=30))


def _calls(dice: random.Random, end: datetime) -> None:
    """Some call-backs were tried in vain already."""
    operator = _one("hejiexian")
    waiting = queries.visible_to(Actor.system()).filter(type="complaint", state="answered")
    for case in list(waiting.order_by("number").values_list("id", flat=True))[:12]:
        if operator is None:
            return
        try:
            recalling.call(
                operator, case, dice.choice(OUTCOMES), at=end - timedelta(hours=dice.uniform(1, 30))
            )
        except Problem:
            continue  # nobody to be called about this one


def _left_out(staff: Staff) -> None:
    """A few cases are asked to be left out; some of it is decided."""
    dispatcher = _one("sunpaiqian")
    rated = Q(type="complaint", open=False)
    for number, row in enumerate(queries.listed(Actor.system(), filters=rated, limit=6)):
        handler = staff.member(row["org"])
        if handler is None or dispatcher is None:
            continue
        try:
            asked = excluding.propose(handler, row["id"], "outside_powers", "属市级事权，已转办（演示）")
        except Problem:
            continue
        if number % 2:
            excluding.decide(dispatcher, asked.pk, granted=number != 3, decision="经复核（演示）")
