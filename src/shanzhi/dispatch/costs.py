"""What it costs that a worker goes to a task, and that a task is left open for now; all in minutes of travel. Pure.

    cost(w, t)  = travel + wait[u] * (arrival - now) + lateness(arrival) + stranger + load - change
    leave(t)    = keep * usual * (1 + idle / open) + grow * (now - opened) + wait[u] * ahead + lateness(now + ahead)
    lateness(a) = breach[u] * (clip((a - due + margin) / margin, 0, 1) + max(0, a - due) / limit)

`idle` are the workers who could go at once, `open` the tasks of the run, `usual` is the median of the shortest ways to
them: while hands are idle one goes far; when tasks queue, one that is much farther than the others waits for somebody
to come by, the longer the less. A pair is worth its cost less what leaving
the task would cost; only pairs that are worth something are made. Skill, shift, appointment and the dispatcher's word
are no costs: what they forbid is not allowed at any price.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from shanzhi.dispatch.board import Flags, Indices, Numbers, Tasks, Workers

FAR = 1e5  # minutes: no way leads there
LEAST_WAY = 1.0  # minutes
LEAST_LIMIT = 1.0  # minutes; a task that was due when it came still has a margin


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
    ahead: float = 15.0  # how much later somebody comes when a task is left open now
    keep: float = 2.0  # how many usual ways one goes for a task that has just come, when nobody is idle
    grow: float = 0.05  # by how much that grows with each minute it waits
    stranger: float = 0.5  # for a grid that is not one's own
    load: float = 1.0  # for each hour worked more than the others
    change: float = 1.0  # what another plan than the last must spare
    early: float = 10.0  # how long somebody may wait at the door for an appointment

    def __post_init__(self) -> None:
        numbers = (
            self.horizon,
            self.ahead,
            self.keep,
            self.grow,
            self.stranger,
            self.load,
            self.change,
            self.early,
        )
        if not self.urgencies or min(numbers) < 0 or any(not 0 < one.margin <= 1 for one in self.urgencies):
            raise ValueError("weights are not negative, a margin is a share, and one urgency is needed")


@dataclass(frozen=True, slots=True)
class Costs:
    """One row a worker, one column a task: minutes of travel and of arrival, the cost, and what is allowed."""

    travel: Numbers
    arrival: Numbers
    pair: Numbers
    leave: Numbers  # of each task
    allowed: Flags
    usual: float

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
    queue: int | None = None,
    usual: float | None = None,
) -> Costs:
    """Everything about each pair; `current` is the task that the last run gave each worker, or -1; `queue` and
    `usual` are what they are on the whole street where the board shows only a part of it."""
    travel = np.minimum(travel, FAR)
    ready, there, arrival = moments(workers, tasks, travel, now)
    allowed = ~_hindered(workers, tasks, ready, there, arrival, now, weights)
    if forbidden is not None:
        allowed &= ~forbidden
    wait = np.array([one.wait for one in weights.urgencies])[tasks.urgency]
    pair = travel + (arrival - now) * wait + lateness(tasks, arrival, weights)
    pair += weights.stranger * ((tasks.area >= 0) & (workers.area[:, None] != tasks.area))
    pair += load(workers, weights)[:, None]
    if current is not None:
        kept = np.flatnonzero(current >= 0)
        pair[kept, current[kept]] -= weights.change
    slack = (allowed & (ready <= now)[:, None]).sum(axis=0) / max(len(tasks), queue or 0, 1)
    usual = usual_way(travel, allowed) if usual is None else usual
    leave = leaving(tasks, wait, usual * (1 + slack), now, weights)
    return Costs(travel, arrival, pair, leave, allowed, usual)


def usual_way(travel: Numbers, allowed: Flags) -> float:
    """The median over the tasks of the shortest way that somebody has to it; never less than a minute."""
    if not allowed.any():
        return LEAST_WAY
    nearest = np.where(allowed, travel, np.inf).min(axis=0)
    return max(float(np.median(nearest[np.isfinite(nearest)])), LEAST_WAY)


def leaving(tasks: Tasks, wait: Numbers, ways: Numbers, now: float, weights: Weights) -> Numbers:
    """What it costs to leave each task open for now; `ways` is how far one would go for it at most."""
    later = np.full(len(tasks), now + weights.ahead)
    waited = np.maximum(now - tasks.opened, 0.0)
    return (
        weights.keep * ways + weights.grow * waited + wait * weights.ahead + lateness(tasks, later, weights)
    )


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
