"""What it costs that a worker goes to a task, and that a task is left open for now; all in minutes of travel. Pure.

    cost(w, t)  = travel + wait(t) * (arrival - now) + lateness(sure) + stranger + load - change
    leave(t)    = keep * usual * (1 + surplus) * (1 + few / could) + grow * (now - opened) + wait(t) * (later - now)
                  + lateness(later) + 10,000 where an appointment would be over by then
    wait(t)     = wait[u] + spare * surplus / (1 + surplus)
    surplus     = max(0, hands / 3 - 1)
    sure        = arrival + (free - now) / 2
    later       = soonest + ahead
    lateness(a) = breach[u] * (clip((a - due + margin) / margin, 0, 1) + max(0, a - due) / limit)

`usual` is the median of the shortest ways to the open tasks, `hands` how many idle people there are for each task,
when everybody is shared among the tasks that he could do at once. Beyond three for each task hands are to spare:
one goes far, and a minute that a resident waits counts for more. Else a task that is much farther than the others
waits for somebody to come by, the longer the less, and the less the fewer there are who `could` do it soon: in a
team of ten nobody comes by who is much nearer. Where a clock is at stake, who is still at work is not trusted to
the minute: he is reckoned to need half as long again (`sure`). `soonest` is when somebody could be there at all:
where ways are long, nobody is spared for a clock that then nobody meets. For a task for two, the second counts. A
pair is worth its cost less what leaving the task would cost; only pairs that are worth something are made. Skill,
shift, appointment and the dispatcher's word are no costs: what they forbid is not allowed at any price.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from shanzhi.dispatch.board import Flags, Indices, Numbers, Tasks, Workers

FAR = 1e5  # minutes: no way leads there
LEAST_WAY = 1.0  # minutes
ENOUGH = 3.0  # idle people for each task, beyond which hands are to spare
LEAST_LIMIT = 1.0  # minutes; a task that was due when it came still has a margin
OVERRUN = 0.5  # where a clock is at stake, work under way is taken to last longer by so much than expected
MISSED = 10_000.0  # minutes of travel that one would go to keep an appointment


@dataclass(frozen=True, slots=True)
class Urgency:
    """How pressing a task is (紧急程度), in minutes of travel that one would go to spare it."""

    name: str
    wait: float = 0.05  # for each minute until somebody is there
    breach: float = 40.0  # for a clock that is breached
    margin: float = 0.5  # the last part of the clock, in which it presses


@dataclass(frozen=True, slots=True)
class Weights:
    """What a district weighs; `urgencies` from the most to the least pressing."""

    urgencies: tuple[Urgency, ...] = (
        Urgency("urgent", 2.0, 600.0, 0.8),
        Urgency("soon", 0.1, 80.0),
        Urgency("usual"),
    )
    horizon: float = 20.0  # who will be free within so many minutes is thought of already
    ahead: float = 15.0  # how much later than now possible somebody comes when a task is left open
    keep: float = 1.25  # how many usual ways one goes for a task that has just come, where many could go
    few: float = 50.0  # where so many could go, one goes twice as far: nobody comes by who is much nearer
    grow: float = 0.05  # by how much that grows with each minute it waits
    spare: float = 0.5  # what a minute of waiting is worth besides, the more hands are to spare
    stranger: float = 0.5  # for a grid that is not one's own
    load: float = 1.0  # for each hour worked more than the others
    change: float = 1.0  # what another plan than the last must spare
    early: float = 10.0  # how long somebody may wait at the door for an appointment

    def __post_init__(self) -> None:
        numbers = (
            self.horizon,
            self.ahead,
            self.keep,
            self.few,
            self.spare,
            self.grow,
            self.stranger,
            self.load,
            self.change,
            self.early,
        )
        if not self.urgencies or min(numbers) < 0 or any(not 0 < one.margin <= 1 for one in self.urgencies):
            raise ValueError("weights are not negative, a margin is a share, and one urgency is needed")


@dataclass(frozen=True, slots=True)
class Whole:
    """What the whole street says about the tasks of a board that shows only a part of its workers or tasks."""

    usual: float
    hands: Numbers  # idle people for each task
    could: Numbers  # how many could do each task soon, each counted for all that he could do
    soonest: Numbers  # when anybody could be there


@dataclass(frozen=True, slots=True)
class Costs:
    """One row a worker, one column a task: minutes of travel and of arrival, the cost, and what is allowed."""

    travel: Numbers
    arrival: Numbers
    pair: Numbers
    leave: Numbers  # of each task
    allowed: Flags
    usual: float
    soonest: Numbers  # when anybody could be at each task

    @property
    def worth(self) -> Numbers:
        """What making a pair spares, as a negative number; 0 where it spares nothing or is not allowed."""
        return np.where(self.allowed, np.minimum(self.pair - self.leave, 0.0), 0.0)


Hindrance = Literal["skill", "shift", "appointment", "busy", "way", "forbidden"]


def costs(
    workers: Workers,
    tasks: Tasks,
    travel: Numbers,
    now: float,
    weights: Weights,
    *,
    current: Indices | None = None,
    forbidden: Flags | None = None,
    whole: Whole | None = None,
) -> Costs:
    """Everything about each pair; `current` is the task that the last run gave each worker, or -1."""
    travel = np.minimum(travel, FAR)
    ready, there, arrival = moments(workers, tasks, travel, now)
    allowed = ~_hindered(workers, tasks, ready, there, arrival, now, weights)
    if forbidden is not None:
        allowed &= ~forbidden
    soonest = least(arrival, allowed, tasks.people)
    if whole is None:
        usual, hands = usual_way(least(travel, allowed, tasks.people)), idle(allowed, ready <= now)
        could = allowed.sum(axis=0).astype(np.float64)
    else:
        usual, hands, could = whole.usual, whole.hands, whole.could
        soonest = np.minimum(soonest, whole.soonest)
    wait = np.array([one.wait for one in weights.urgencies])[tasks.urgency]
    surplus = np.maximum(hands / ENOUGH - 1.0, 0.0)
    wait = wait + weights.spare * surplus / (1.0 + surplus)
    pair = (
        travel + (arrival - now) * wait + lateness(tasks, arrival + OVERRUN * (ready - now)[:, None], weights)
    )
    pair += weights.stranger * ((tasks.area >= 0) & (workers.area[:, None] != tasks.area))
    pair += load(workers, weights)[:, None]
    if current is not None:
        kept = np.flatnonzero(current >= 0)
        pair[kept, current[kept]] -= weights.change
    few = weights.few / np.maximum(could, 1.0)
    leave = leaving(tasks, soonest, wait, usual * (1.0 + surplus) * (1.0 + few), now, weights)
    return Costs(travel, arrival, pair, leave, allowed, usual, soonest)


def idle(allowed: Flags, ready: Flags) -> Numbers:
    """How many idle people there are for each task, when each is shared among the tasks that he could do."""
    could = allowed[ready].astype(np.float64)
    found: Numbers = (1.0 / np.maximum(could.sum(axis=1), 1.0)) @ could
    return found


def least(values: Numbers, allowed: Flags, people: Indices) -> Numbers:
    """The least of each column that is allowed, of a task for two the second; infinite where there are not so many."""
    among = np.where(allowed, values, np.inf)
    found: Numbers = among.min(axis=0, initial=np.inf)
    for column in np.flatnonzero(people > 1).tolist():
        enough = len(among) >= people[column]
        found[column] = np.sort(among[:, column])[people[column] - 1] if enough else np.inf
    return found


def usual_way(ways: Numbers) -> float:
    """The median of the shortest ways to the tasks that somebody can do; never less than a minute."""
    known = ways[np.isfinite(ways)]
    return max(float(np.median(known)), LEAST_WAY) if len(known) else LEAST_WAY


def leaving(
    tasks: Tasks, soonest: Numbers, wait: Numbers, ways: Numbers, now: float, weights: Weights
) -> Numbers:
    """What it costs to leave each task open for now; `soonest` is when anybody could be there, `wait` what a minute of
    waiting is worth, `ways` how far one would go for it at most."""
    later = np.where(np.isfinite(soonest), np.maximum(soonest, now), now) + weights.ahead
    waited = np.maximum(now - tasks.opened, 0.0)
    found: Numbers = weights.keep * ways + weights.grow * waited + wait * (later - now)
    found += lateness(tasks, later, weights)
    found += MISSED * (later > tasks.latest)
    return found


def moments(workers: Workers, tasks: Tasks, travel: Numbers, now: float) -> tuple[Numbers, Numbers, Numbers]:
    """When each worker can leave, when he would be at each task, and when its appointment lets him begin."""
    ready = np.maximum(np.maximum(workers.free, workers.start), now)
    there = ready[:, None] + travel
    return ready, there, np.maximum(there, tasks.earliest)


def lateness(tasks: Tasks, arrival: Numbers, weights: Weights) -> Numbers:
    """Nothing while there is time; then up to the cost of a breach; after it more with every hour."""
    limit = np.maximum(tasks.due - tasks.opened, LEAST_LIMIT)
    margin = limit * np.array([one.margin for one in weights.urgencies])[tasks.urgency]
    found = np.zeros(arrival.shape)
    latest = arrival.max(axis=0, initial=-np.inf) if arrival.ndim == 2 else arrival
    pressing = np.flatnonzero((latest > tasks.due - margin) & np.isfinite(tasks.due))  # mostly a few
    if len(pressing):
        breach = np.array([one.breach for one in weights.urgencies])[tasks.urgency[pressing]]
        over = arrival[..., pressing] - tasks.due[pressing]
        late = np.clip(over / margin[pressing] + 1.0, 0.0, 1.0) + np.maximum(over, 0.0) / limit[pressing]
        found[..., pressing] = breach * late
    return found


def load(workers: Workers, weights: Weights) -> Numbers:
    """Who has worked more than the others of his shift costs more, who less, less."""
    if not len(workers):
        return np.zeros(0)
    found: Numbers = weights.load * (workers.worked - workers.worked.mean()) / 60.0
    return found


def hindrances(
    workers: Workers, tasks: Tasks, travel: Numbers, now: float, weights: Weights
) -> dict[Hindrance, Flags]:
    """Why a pair is not allowed, one array for each reason."""
    ready, there, arrival = moments(workers, tasks, np.minimum(travel, FAR), now)
    return {
        "skill": (workers.skills[:, None] & tasks.skills) != tasks.skills,
        "shift": (workers.end[:, None] < arrival + tasks.minutes)
        | (workers.start > now + weights.horizon)[:, None],
        "way": travel >= FAR,
        "appointment": (arrival > tasks.latest) | (tasks.earliest - there > weights.early),
        "busy": np.broadcast_to((ready > now + weights.horizon)[:, None], travel.shape),
    }


def _hindered(
    workers: Workers,
    tasks: Tasks,
    ready: Numbers,
    there: Numbers,
    arrival: Numbers,
    now: float,
    weights: Weights,
) -> Flags:
    """Whether any of the hindrances holds, with less work: a run asks this for a million pairs."""
    found: Flags = (workers.skills[:, None] & tasks.skills) != tasks.skills
    found |= (workers.end[:, None] - tasks.minutes < arrival) | (there - ready[:, None] >= FAR)
    found |= (ready > now + weights.horizon)[:, None]
    if np.isfinite(tasks.latest).any() or np.isfinite(tasks.earliest).any():
        found |= (arrival > tasks.latest) | (tasks.earliest - there > weights.early)
    return found
