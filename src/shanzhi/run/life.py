"""A generated month of life for the demo: said to be generated, and the same at every start (fixed seed).

Everything goes through the same actions as real work does, at times of its own, by accounts of the demo; the
cases live side by side and clocks are acted on as time goes by. Only what the system itself draws (the seeds
of surveys) differs from start to start.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from shanzhi.base.clock import BEIJING
from shanzhi.cases import queries
from shanzhi.cases.opening import Report
from shanzhi.cases.ticker import tick
from shanzhi.orgs.actor import Actor
from shanzhi.rules.queries import categories
from shanzhi.run import desklife, dispatchlife, fieldlife, gridlife, scenes, servicelife, words
from shanzhi.run.living import Life, live_side_by_side, place

CASES = 500
DAYS = 30
PART = 50  # cases: what the bar counts for each of the other parts of the month


def fill(progress: Callable[[int, int], None], *, cases: int = CASES) -> int:
    """Makes the month unless there is life already; the number of cases made."""
    if queries.visible_to(Actor.system()).exists():
        return 0
    life = Life.of_demo()
    others: list[Callable[[], object]] = [
        lambda: scenes.stage(life),
        lambda: desklife.live(life.staff, life.end),
        lambda: servicelife.live(life.end),
        lambda: fieldlife.live(life.end),
        lambda: _tick_until(life.end),
        lambda: dispatchlife.live(life),
        lambda: gridlife.live(life.end.astimezone(BEIJING).date()),
    ]
    whole = cases + PART * len(others)
    reports = [_report(life, number) for number in range(cases)]
    live_side_by_side(life, reports, lambda done, _: progress(done, whole))
    for number, live in enumerate(others, 1):
        live()
        progress(cases + PART * number, whole)
    return cases


def _tick_until(end: datetime) -> None:
    while tick(end):
        pass


def _report(life: Life, number: int) -> Report:
    dice = life.dice
    kinds = [c for c in categories().values() if c.level == 2 and c.kind in ("event", "component")]
    kind = dice.choice(kinds)
    lon, lat = place(life, life.yulin if dice.random() < 0.2 else life.bounds)
    where = dice.choice(words.PLACES)
    type_ = "street-issue" if dice.random() < 0.6 else "complaint"
    return Report(
        type=type_,
        person=desklife.caller(dice, number) if type_ == "complaint" else None,
        text=f"{where}：{kind.zh}。{dice.choice(words.DETAILS)}（演示数据，程序生成）",
        title=f"{where}{kind.zh}",
        category=kind.code,
        lon=lon,
        lat=lat,
        channel=dice.choices(("web", "hotline", "field", "sensor"), (4, 4, 3, 1))[0],
        external=f"demo-{number:05d}",
        account=dice.choice(life.staff.residents) if dice.random() < 0.04 and life.staff.residents else None,
        at=life.end - timedelta(minutes=dice.uniform(5, DAYS * 24 * 60)),
    )
