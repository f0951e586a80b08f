"""A generated month of life for the demo: said to be generated, and the same at every start (fixed seed).

Everything goes through the same actions as real work does, at times of its own, by accounts of the demo.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shapely.geometry import shape

from shanzhi.base.clock import now
from shanzhi.base.errors import Problem
from shanzhi.cases import actions, queries
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.opening import Report
from shanzhi.cases.sides import Ask
from shanzhi.cases.state import State
from shanzhi.cases.ticker import tick
from shanzhi.cases.workflow import Inputs
from shanzhi.files.actions import store
from shanzhi.orgs.actor import Actor
from shanzhi.places.queries import county, locator, outline
from shanzhi.rules.queries import categories
from shanzhi.run import desklife
from shanzhi.run.picture import picture
from shanzhi.run.staff import Staff

SEED = 510107
CASES = 600
DAYS = 30
PLACES = (
    "小区东门口",
    "菜市场旁边",
    "公交站后面",
    "学校围墙外",
    "河边步道上",
    "三号楼楼下",
    "十字路口西北角",
    "停车场入口",
)
DETAILS = (
    "已经好几天了，没有人来处理。",
    "老人和小孩经过很不方便。",
    "晚上看不清，怕有人摔倒。",
    "昨天下雨以后更严重了。",
    "楼上楼下的邻居都在说这件事。",
    "之前反映过一次，后来又出现了。",
)
RESULTS = (
    "已到现场清理完毕。",
    "已更换并加固，恢复正常使用。",
    "已与责任单位联系，当场整改。",
    "已修复，后续每天巡查一次。",
)
WORDS = {
    5: ("处理得很快，谢谢！", "很满意。"),
    4: ("解决了。", ""),
    3: ("时间有点长。", ""),
    2: ("只处理了一半。",),
    1: ("没有人联系我。",),
}


@dataclass
class Life:
    """One run of the generator: its dice, its people, its end."""

    dice: random.Random
    staff: Staff
    end: datetime
    bounds: tuple[float, float, float, float]

    def later(self, at: datetime, hours: float) -> datetime:
        """A while after `at`: `hours` on average, sometimes much longer, as in life."""
        return at + timedelta(hours=self.dice.lognormvariate(0, 0.8) * hours)


def fill(progress: Callable[[int, int], None], *, cases: int = CASES) -> int:
    """Makes the month unless there is life already; the number of cases made."""
    if queries.visible_to(Actor.system()).exists():
        return 0
    bounds = shape(outline(county())["geometry"]).bounds
    life = Life(random.Random(SEED), Staff.of_demo(), now(), bounds)
    reports = [_report(life, number) for number in range(cases)]
    for number, report in enumerate(sorted(reports, key=lambda r: r.at or life.end)):
        _live(life, report)
        progress(number + 1, cases)
    desklife.live(life.staff, life.end)
    while tick(life.end):
        pass
    return cases


def _report(life: Life, number: int) -> Report:
    dice = life.dice
    kinds = [c for c in categories().values() if c.level == 2 and c.kind in ("event", "component")]
    kind = dice.choice(kinds)
    lon, lat = _place(life)
    text = f"{dice.choice(PLACES)}：{kind.zh}。{dice.choice(DETAILS)}（演示数据，程序生成）"
    type_ = "street-issue" if dice.random() < 0.6 else "complaint"
    return Report(
        type=type_,
        person=desklife.caller(dice, number) if type_ == "complaint" else None,
        text=text,
        title=f"{dice.choice(PLACES)}{kind.zh}",
        category=kind.code,
        lon=lon,
        lat=lat,
        channel=dice.choices(("web", "hotline", "field", "sensor"), (4, 4, 3, 1))[0],
        external=f"demo-{number:05d}",
        account=life.staff.resident if dice.random() < 0.05 else None,
        at=life.end - timedelta(minutes=dice.uniform(5, DAYS * 24 * 60)),
    )


def _place(life: Life) -> tuple[float, float]:
    """A point somewhere in the district."""
    west, south, east, north = life.bounds
    while True:
        lon, lat = round(life.dice.uniform(west, east), 6), round(life.dice.uniform(south, north), 6)
        if locator().grid_at(lon, lat):
            return lon, lat


def _live(life: Life, report: Report) -> None:
    """One case through as much of its life as fits before the end."""
    state = actions.open_case(Actor.system(), report)
    at = report.at or life.end
    script = STREET if report.type == "street-issue" else COMPLAINT
    for name, role, hours in script:
        at = life.later(at, hours)
        actor = life.staff.who(role, state) or life.staff.who("registrar", state)
        if at > life.end or actor is None or life.dice.random() < 0.03:
            return
        try:
            state = _turn(life, state, name, actor, at)
        except Problem:
            return  # the rules said no (helpers not done, gone back too often): the case stays where it is
    if life.dice.random() < 0.7:
        _rate(life, state, life.later(at, 10))


STREET = (
    ("register", "registrar", 0.5),
    ("dispatch", "dispatcher", 0.7),
    ("accept", "owner", 2),
    ("resolve", "owner", 14),
    ("verify", "grid_worker", 5),
    ("confirm", "registrar", 8),
)
COMPLAINT = (
    ("dispatch", "dispatcher", 1),
    ("accept", "owner", 6),
    ("answer", "owner", 40),
    ("confirm", "registrar", 16),
)


def _turn(life: Life, state: State, name: str, actor: Actor, at: datetime) -> State:
    """One move, sometimes with a detour before it, as in life."""
    dice, case = life.dice, state.id
    if name in ("resolve", "answer") and dice.random() < 0.06:
        _extended(life, state, actor, at)
    if name == "accept" and dice.random() < 0.05:
        actions.move(actor, case, "return", inputs=Inputs(reason="不属于本单位职责（演示）"), at=at)
        raise Problem("it went back")
    done = _finish_helpers(life, state, at) if name in ("resolve", "answer") else state
    photos = (store(actor, picture(dice), name="after.png", at=at).pk,) if name == "resolve" else ()
    told = dice.choice(RESULTS) if name in ("resolve", "answer", "verify") else ""
    inputs = Inputs(result=told, photo_after=photos)
    return actions.move(actor, done.id, name, inputs=inputs, at=at)


def _extended(life: Life, state: State, actor: Actor, at: datetime) -> None:
    """An extension, asked for and decided; refused by the rules where it is too late for one."""
    try:
        actions.ask(actor, state.id, Ask("extend", "材料未到，申请延期（演示）", seconds=2 * 86_400), at=at)
    except Problem:
        return
    dispatcher = life.staff.who("dispatcher", state)
    if dispatcher is not None:
        granted = life.dice.random() < 0.8
        words = "同意" if granted else "不符合延期条件"
        actions.decide(dispatcher, state.id, "q1", granted=granted, decision=words, at=at)


def _finish_helpers(life: Life, state: State, at: datetime) -> State:
    for task in state.tasks.values():
        helper = life.staff.member(task.org)
        if helper is not None and task.status == "open":
            state = actions.finish_task(helper, state.id, task.name, result="已配合完成（演示）", at=at)
    return state


def _rate(life: Life, state: State, at: datetime) -> None:
    operator = life.staff.who("operator", state)
    if operator is None or at > life.end:
        return
    stars = life.dice.choices((5, 4, 3, 2, 1), (40, 30, 15, 8, 7))[0]
    answers = Answers(
        stars > 1 or life.dice.random() < 0.5, stars >= 3, stars, life.dice.choice(WORDS[stars])
    )
    actions.evaluate(operator, state.id, answers, source="call", at=at)
