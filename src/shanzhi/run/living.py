"""How a generated case lives: step by step with detours, beside all the others, in the order of time."""

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shapely.geometry import shape

from shanzhi.base.clock import now
from shanzhi.base.errors import Problem
from shanzhi.cases import actions
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.opening import Report
from shanzhi.cases.sides import Ask
from shanzhi.cases.state import State
from shanzhi.cases.ticker import tick
from shanzhi.cases.workflow import Inputs
from shanzhi.files.actions import store
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import street_office
from shanzhi.places.queries import county, locator, outline
from shanzhi.run import words
from shanzhi.run.picture import picture
from shanzhi.run.staff import Staff

SEED = 510107
TICK = timedelta(hours=4)
Bounds = tuple[float, float, float, float]
YULIN = "510107005"  # the street that some of the demo's people work for: a fifth of what happens is there


@dataclass(frozen=True, slots=True)
class Step:
    """A move, who makes it, and how many hours after the one before on average."""

    move: str
    role: str
    hours: float


STREET = (
    Step("register", "registrar", 0.5),
    Step("dispatch", "dispatcher", 0.7),
    Step("accept", "owner", 1),
    Step("resolve", "owner", 5),
    Step("verify", "grid_worker", 5),
    Step("confirm", "registrar", 8),
)
COMPLAINT = (
    Step("dispatch", "dispatcher", 1),
    Step("accept", "owner", 3),
    Step("answer", "owner", 14),
    Step("confirm", "registrar", 16),
)
SCRIPTS = {"street-issue": STREET, "complaint": COMPLAINT}
RATE = Step("rate", "operator", 10)
DONE = {"street-issue": STREET[3:5], "complaint": COMPLAINT[2:3]}


@dataclass
class Life:
    """One run of the generator: its dice, its people, its end."""

    dice: random.Random
    staff: Staff
    end: datetime
    bounds: Bounds
    yulin: Bounds

    @classmethod
    def of_demo(cls) -> "Life":
        around = [shape(outline(code)["geometry"]).bounds for code in (county(), YULIN)]
        return cls(random.Random(SEED), Staff.of_demo(), now(), *around)

    def later(self, at: datetime, hours: float) -> datetime:
        """A while after `at`: `hours` on average, sometimes much longer, as in life."""
        return at + timedelta(hours=self.dice.lognormvariate(0, 0.8) * hours)

    def stalls(self, at: datetime) -> bool:
        """Whether a case is left lying: seldom in former weeks, where somebody has looked after it since."""
        return self.dice.random() < (0.07 if at > self.end - timedelta(days=2) else 0.005)


def live_side_by_side(life: Life, reports: list[Report], progress: Callable[[int, int], None]) -> None:
    """All the cases, in the order of time, clocks included."""
    due = [(report.at or life.end, number, lived(life, report)) for number, report in enumerate(reports)]
    heapq.heapify(due)
    ticked, ended = min((at for at, *_ in due), default=life.end), 0
    while due:
        at, number, case = heapq.heappop(due)
        while ticked + TICK < at:
            ticked += TICK
            tick(ticked)
        then = next(case, None)
        if then is None:
            ended += 1
            progress(ended, len(reports))
        else:
            heapq.heappush(due, (then, number, case))


def place(life: Life, bounds: Bounds) -> tuple[float, float]:
    """A point of the district somewhere within bounds."""
    west, south, east, north = bounds
    while True:
        lon, lat = round(life.dice.uniform(west, east), 6), round(life.dice.uniform(south, north), 6)
        if locator().grid_at(lon, lat):
            return lon, lat


def lived(life: Life, report: Report) -> Iterator[datetime]:
    """One case through as much of its life as fits before the end; yields the time of what comes next."""
    state = actions.open_case(Actor.system(), report)
    at = report.at or life.end
    steps, met = deque(SCRIPTS[report.type]), set[str]()
    if life.dice.random() < 0.7:
        steps.append(RATE)
    while steps:
        step = steps.popleft()
        if step.move not in met:
            met.add(step.move)
            step, *more = detour(life.dice, report.type, step)
            steps.extendleft(reversed(more))
        at = life.later(at, step.hours)
        if at > life.end or life.stalls(at):
            return
        yield at
        try:
            state = turn(life, state, step, at)
        except Problem:
            return  # the rules said no (gone back too often): the case stays where it is
        if step.move == "refuse":
            return


def detour(dice: random.Random, type_: str, step: Step) -> list[Step]:
    """The step, sometimes with others before it, as in life."""
    chance = dice.random()
    match step.move:
        case "register" | "dispatch" if chance < 0.02:
            return [Step("refuse", "registrar", 3)]
        case "accept" if chance < 0.06:
            return [Step("return", "owner", 2), Step("dispatch", "dispatcher", 1.5), step]
        case "resolve" | "answer" if chance < 0.06:
            return [Step("extend", "owner", 8), step]
        case "verify" if chance < 0.06:
            return [Step("fail", "grid_worker", 4), DONE[type_][0], step]
        case "confirm" if chance < 0.05:
            return [Step("rework", "operator", 12), *DONE[type_], step]
    return [step]


def turn(life: Life, state: State, step: Step, at: datetime) -> State:
    """One step of a case. Raises a Problem when the rules say no."""
    actor = life.staff.who(step.role, state) or life.staff.who("registrar", state)
    if actor is None:
        raise Problem()
    if step.move == "rate":
        return _rated(life, state, actor, at)
    if step.move == "extend":
        return _extended(life, state, actor, at)
    if step.move in ("resolve", "answer"):
        state = _helped(life, state, at)
    return actions.move(actor, state.id, step.move, inputs=_inputs(life, state, step.move, actor, at), at=at)


def _inputs(life: Life, state: State, move: str, actor: Actor, at: datetime) -> Inputs:
    dice = life.dice
    if move == "dispatch":
        office = street_office(state["area"])
        helpers = (dice.choice((office, "urban-management", "water")),) if dice.random() < 0.2 else ()
        return Inputs(org=office if state["bounces"] else "", helpers=helpers)
    if move in words.REASONS:
        return Inputs(reason=dice.choice(words.REASONS[move]))
    told = dice.choice(words.RESULTS) if move in ("resolve", "answer", "verify") else ""
    photos = (store(actor, picture(dice), name="after.png", at=at).pk,) if move == "resolve" else ()
    return Inputs(result=told, photo_after=photos)


def _extended(life: Life, state: State, actor: Actor, at: datetime) -> State:
    try:
        after = actions.ask(actor, state.id, Ask("extend", words.EXTENSION, seconds=2 * 86_400), at=at)
    except Problem:  # too late for one
        return state
    dispatcher, name = life.staff.who("dispatcher", state), max(after.requests)
    if dispatcher is None:
        return after
    granted = life.dice.random() < 0.8
    decision = words.GRANTED if granted else words.REFUSED
    return actions.decide(dispatcher, state.id, name, granted=granted, decision=decision, at=at)


def _helped(life: Life, state: State, at: datetime) -> State:
    """Whoever helps is done by now."""
    for task in state.tasks.values():
        helper = life.staff.member(task.org)
        if helper is not None and task.status == "open":
            state = actions.finish_task(helper, state.id, task.name, result=words.HELPED, at=at)
    return state


def _rated(life: Life, state: State, operator: Actor, at: datetime) -> State:
    stars = life.dice.choices((5, 4, 3, 2, 1), (40, 30, 15, 8, 7))[0]
    contacted = stars > 1 or life.dice.random() < 0.5
    answers = Answers(contacted, stars >= 3, stars, life.dice.choice(words.RATED[stars]))
    return actions.evaluate(operator, state.id, answers, source="call", at=at)
