"""One run as plain values: from what was seen to who goes where, in words. Pure.

The engine (`matching.plan`) knows rows and columns; here they become people and cases again. What is already with
somebody by hand is his and is planned around; what the runs have given, and nobody has begun, may still change hands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

import numpy as np

from shanzhi.dispatch import explain
from shanzhi.dispatch.board import Indices, Numbers, Task, Worker, arrays
from shanzhi.dispatch.explain import ASIDE, Phrase
from shanzhi.dispatch.matching import Plan, Solver, Word, plan, reasons
from shanzhi.dispatch.setting import Setting
from shanzhi.dispatch.solving import solve
from shanzhi.dispatch.standing import Hand, Matter
from shanzhi.dispatch.travel import Straight, Times

AT_ONCE = 1.0  # who is free within so many minutes is sent now


class Facts(Protocol):
    """What `reading.Seen` holds."""

    @property
    def hands(self) -> Sequence[Hand]: ...
    @property
    def matters(self) -> Sequence[Matter]: ...
    @property
    def pins(self) -> frozenset[tuple[UUID, int]]: ...
    @property
    def forbids(self) -> frozenset[tuple[UUID, int]]: ...
    @property
    def given(self) -> Mapping[UUID, tuple[int, ...]]: ...


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody who is to go to a case: when he is there, and why he; `now` when he can set out at once."""

    account: int
    travel: float
    arrival: float
    why: tuple[Phrase, ...]
    now: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run says: who goes to each case, why others stay, and what is with people already."""

    going: dict[UUID, tuple[Going, ...]] = field(default_factory=dict)
    left: dict[UUID, Phrase] = field(default_factory=dict)
    over: frozenset[UUID] = frozenset()  # was given to somebody whose shift is over, and nobody else can
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    """The board: the people and the cases that take part, by their rows and columns."""

    hands: list[Hand]
    matters: list[Matter]
    left: dict[UUID, Phrase]


def run(
    seen: Facts, found: Setting, now: float, roads: Mapping[str, Times], *, solver: Solver = solve
) -> Outcome:
    """Who goes where next, from what was seen at minute `now`."""
    table = _table(seen)
    if not table.matters:
        return Outcome(left=table.left)
    workers = [hand.worker for hand in table.hands if hand.worker is not None]
    tasks = [_task(one, table.hands) for one in table.matters]
    weights = found.weighed
    people, things = arrays(workers, tasks, [one.name for one in weights.urgencies])
    travel = minutes(table.hands, people.places, things.places, roads, now)
    word = _word(seen, table)
    current = _current(seen, table)
    made = plan(people, things, travel, now, weights, current=current, word=word, solver=solver)
    why = reasons(made, people, things, travel, now, weights, word)
    left = {table.matters[n].id: explain.left(reason) for n, reason in why.items()}
    if made.failed:
        return Outcome(left={**table.left, **left}, failed=True)
    going = _going(made, table, workers, tasks, word, now, seen.given)
    return Outcome(going, {**left, **table.left}, _over(seen, table, going))


def _table(seen: Facts) -> _Table:
    """Those who take part; a case that lies with somebody who is not here is left where it is, and says so."""
    hands = [hand for hand in seen.hands if hand.worker is not None]
    here = {hand.account for hand in seen.hands}
    taking, left = [], {}
    for one in seen.matters:
        if not one.waiting:
            continue
        by_hand = one.person is not None and one.person not in seen.given.get(one.id, ())
        if one.task is None:
            left[one.id] = Phrase(ASIDE["no_place"])
        elif by_hand and one.person not in here:
            left[one.id] = Phrase(ASIDE["off_shift"])
        else:
            taking.append(one)
    return _Table(hands, taking, left)


def _task(one: Matter, hands: Iterable[Hand]) -> Task:
    """The task, its area named as the one of somebody who knows it: his grid, or his street."""
    assert one.task is not None
    known = {hand.worker.area for hand in hands if hand.worker and hand.worker.area}
    area = max((code for code in known if one.task.area.startswith(code)), key=len, default="")
    return replace(one.task, area=area)


def minutes(
    hands: Sequence[Hand], origins: Numbers, goals: Numbers, roads: Mapping[str, Times], now: float
) -> Numbers:
    """Minutes from everybody to everything, each as he gets about."""
    found = np.zeros((len(origins), len(goals)))
    for mode in {hand.mode for hand in hands}:
        rows = [n for n, hand in enumerate(hands) if hand.mode == mode]
        times = roads.get(mode) or next(iter(roads.values()))
        found[rows] = times.between(origins[rows], goals, now) / 60
    return found


def straight(found: Setting) -> dict[str, Times]:
    """Travel times without a graph of roads."""
    return {name: Straight(mode.speed, found.detour, found.day) for name, mode in found.modes.items()}


def _word(seen: Facts, table: _Table) -> Word:
    """Pins: the dispatcher's, and what lies with somebody by hand. Forbids: his, and who has his hands full."""
    rows = {hand.account: n for n, hand in enumerate(table.hands)}
    columns = {one.id: n for n, one in enumerate(table.matters)}
    pins = {(rows[w], columns[c]) for c, w in seen.pins if w in rows and c in columns}
    forbids = {(rows[w], columns[c]) for c, w in seen.forbids if w in rows and c in columns}
    for column, one in enumerate(table.matters):
        if one.person in rows and one.person not in seen.given.get(one.id, ()):
            pins.add((rows[one.person], column))
    for row, hand in enumerate(table.hands):
        if hand.worker is not None and hand.worker.open >= hand.capacity:
            forbids |= {
                (row, column)
                for column, one in enumerate(table.matters)
                if hand.account not in (one.person, *seen.given.get(one.id, ())) and (row, column) not in pins
            }
    return Word(sorted(pins), sorted(forbids - pins))


def _current(seen: Facts, table: _Table) -> Indices:
    """The task that the last runs gave each, or -1."""
    found = np.full(len(table.hands), -1, np.intp)
    columns = {one.id: n for n, one in enumerate(table.matters)}
    rows = {hand.account: n for n, hand in enumerate(table.hands)}
    for case, accounts in seen.given.items():
        for account in accounts:
            if case in columns and account in rows:
                found[rows[account]] = columns[case]
    return found


def _going(
    made: Plan,
    table: _Table,
    workers: Sequence[Worker],
    tasks: Sequence[Task],
    word: Word,
    now: float,
    given: Mapping[UUID, tuple[int, ...]],
) -> dict[UUID, tuple[Going, ...]]:
    found: dict[UUID, tuple[Going, ...]] = {}
    for row, column in made.pairs:
        hand, one = table.hands[row], table.matters[column]
        lies = hand.account in (one.person, *given.get(one.id, ()))
        going = Going(
            hand.account,
            float(made.costs.travel[row, column]),
            float(made.costs.arrival[row, column]),
            tuple(explain.chosen(made, (row, column), workers, tasks, word, lies_with_him=lies)),
            max(workers[row].free, workers[row].start) <= now + AT_ONCE,
        )
        found[one.id] = (*found.get(one.id, ()), going)
    return found


def _over(seen: Facts, table: _Table, going: Mapping[UUID, object]) -> frozenset[UUID]:
    """What the runs gave to somebody who has gone home, and nobody else takes now."""
    here = {hand.account for hand in seen.hands}
    return frozenset(
        one.id
        for one in table.matters
        if one.person is not None and one.person not in here and one.id not in going
    )
