"""One run of the dispatch: who goes where next, from all open tasks and all workers on shift. Pure.

Hard: skill, shift, appointment, what the dispatcher forbids, and both people of a task for two. A pin is kept as
long as it is possible at all; a pinned task is never given to anybody else. Everything else is weighed in `costs`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import numpy as np

from shanzhi.dispatch.board import Flags, Indices, Numbers, Tasks, Workers
from shanzhi.dispatch.costs import Costs, Hindrance, Weights, Whole, costs, hindrances
from shanzhi.dispatch.solving import Pairs, solve

PINNED = 1e6  # a pair that the dispatcher wants is worth more than all others together
REPAIRS = 4  # how often a run is repeated without the tasks for two that found only one

Reason = Literal["nobody", "later", "partner", "pinned", "solver"] | Hindrance
Pair = tuple[int, int]  # a worker and a task, by their places on the board
Solver = Callable[[Numbers], Pairs]


@dataclass(frozen=True, slots=True)
class Word:
    """What the dispatcher said: these pairs, and never those."""

    pins: Sequence[Pair] = ()
    forbids: Sequence[Pair] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The task of each worker (-1: none), and what was reckoned on the way."""

    task_of: Indices
    costs: Costs
    failed: bool = False  # the solver found nothing
    bound: float = 0.0
    worth: float = 0.0
    halves: frozenset[int] = field(default=frozenset())  # tasks for two that found only one

    @property
    def pairs(self) -> list[Pair]:
        return [(int(w), int(self.task_of[w])) for w in np.flatnonzero(self.task_of >= 0)]


def plan(
    workers: Workers,
    tasks: Tasks,
    travel: Numbers,
    now: float,
    weights: Weights,
    *,
    current: Indices | None = None,
    whole: Whole | None = None,
    word: Word = Word(),
    solver: Solver = solve,
) -> Plan:
    """The cheapest assignment at this minute; `travel` in minutes, `current` is what the last run said."""
    flags = _flags(travel.shape, word.forbids)
    reckoned = costs(workers, tasks, travel, now, weights, current=current, forbidden=flags, whole=whole)
    worth = _with_pins(reckoned, tasks, word, weights.ahead)
    nobody = np.full(len(workers), -1, np.intp)
    slots = np.repeat(np.arange(len(tasks)), tasks.people)
    dropped: set[int] = set()
    for attempt in count(1):
        try:
            found = solver(worth if len(slots) == len(tasks) else worth[:, slots])
        except (ValueError, ArithmeticError, MemoryError):
            return Plan(nobody, reckoned, failed=True)
        task_of = nobody.copy()
        task_of[found.rows] = slots[found.columns]
        halves = _halves(task_of, tasks)
        if not halves:
            return Plan(task_of, reckoned, False, found.bound, found.worth, frozenset(dropped))
        dropped |= halves if attempt < REPAIRS else set(np.flatnonzero(tasks.people > 1).tolist())
        worth[:, list(dropped)] = 0.0
    raise AssertionError("each attempt leaves out one task more")


def _flags(shape: tuple[int, ...], pairs: Sequence[Pair]) -> Flags | None:
    if not pairs:
        return None
    found = np.zeros(shape, np.bool_)
    rows, columns = zip(*pairs, strict=True)
    found[list(rows), list(columns)] = True
    return found


def _with_pins(reckoned: Costs, tasks: Tasks, word: Word, ahead: float) -> Numbers:
    """Who is pinned does only that, or before an appointment what is done in time; what is pinned as often as it
    needs people is nobody else's."""
    worth = reckoned.worth
    if not word.pins:
        return worth
    rows, columns = (np.array(side, np.intp) for side in zip(*word.pins, strict=True))
    wanted = np.zeros(worth.shape, np.bool_)
    wanted[rows, columns] = True
    full = wanted.sum(axis=0) >= tasks.people
    worth[:, full] = 0.0
    until = np.full(len(worth), np.inf)  # by when each must be done with something else
    np.minimum.at(until, rows, tasks.earliest[columns] - reckoned.travel[rows, columns] - ahead)
    bound = np.unique(rows)
    worth[bound] = np.where(reckoned.arrival[bound] + tasks.minutes <= until[bound, None], worth[bound], 0.0)
    kept = wanted & reckoned.allowed
    worth[kept] = reckoned.pair[kept] - reckoned.leave[np.nonzero(kept)[1]] - PINNED
    return worth


def _halves(task_of: Indices, tasks: Tasks) -> set[int]:
    """Tasks that got somebody, but not enough."""
    if not (tasks.people > 1).any():
        return set()
    got = np.bincount(task_of[task_of >= 0], minlength=len(tasks))
    return set(np.flatnonzero((got > 0) & (got < tasks.people)).tolist())


def reasons(
    found: Plan,
    workers: Workers,
    tasks: Tasks,
    travel: Numbers,
    now: float,
    weights: Weights,
    word: Word = Word(),
) -> dict[int, Reason]:
    """Why each task that nobody got was left: the first hindrance after which nobody remained."""
    open_ = np.setdiff1d(np.arange(len(tasks)), found.task_of)
    if found.failed or not len(workers):
        return {int(task): "solver" if found.failed else "nobody" for task in open_}
    against = hindrances(workers, tasks, travel, now, weights)
    flags = _flags(travel.shape, word.forbids)
    if flags is not None:
        against["forbidden"] = flags
    pinned = {task for _, task in word.pins}
    return {
        int(task): "pinned" if task in pinned else _reason(against, int(task), int(task) in found.halves)
        for task in open_
    }


def _reason(against: dict[Hindrance, Flags], task: int, half: bool) -> Reason:
    left = np.ones(len(next(iter(against.values()))), np.bool_)
    order: tuple[Hindrance, ...] = ("skill", "forbidden", "way", "shift", "appointment", "busy")
    for name in order:
        if name in against:
            left &= ~against[name][:, task]
            if not left.any():
                return name
    return "partner" if half else "later"
