"""Appointments, tasks for two and the dispatcher's word within the simulated day: is what was promised kept?

Run: ROADS=folder MESSAGES=folder make bench NAME=dispatch_promises (SEEDS=3, LOADS=light,busy,overload). The day of
`dispatch_day`, in which by lot 6 % of the tasks that are not urgent have an appointment (an hour that begins one to
four hours after the report; nobody begins before it), 4 % need two (work begins when both are there), 2 % are pinned
by the dispatcher to somebody who can, 2 % are forbidden to the three who live nearest. Every pair of each minute is
explained and every task that waits has its reason, as on the product's page. Beside it the same day without this. An
appointment is missed by the plan when who was sent could not be expected in time, or nobody was sent; by the road when
only its noise, which no plan sees, made him late.
"""

import heapq
import json
import os
import sys
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.dispatch_ours import Ours
from bench.dispatch_policies import Street, simulate
from bench.dispatch_world import DAY, LOADS, WORK, World, day
from shanzhi.dispatch import explain
from shanzhi.dispatch.board import Task, Tasks, Worker, Workers
from shanzhi.dispatch.matching import Plan, Word, reasons

SEEDS = int(os.environ.get("SEEDS", "3"))
CHOSEN = os.environ.get("LOADS", "light,busy,overload").split(",")
APPOINTED, FOR_TWO, PINNED, FORBIDDEN = 0.06, 0.04, 0.02, 0.02
COLUMNS = (
    "appointments", "missed by the plan", "by the road", "for two", "never done", "first waits, min", "pins",
    "broken", "urgent late %", "response of the others", "their travel", "response without", "travel without", "said",
)  # fmt: skip


@dataclass(frozen=True)
class Promised(World):
    """The day with what was promised; `pinned` is a worker or -1, `barred` workers of each task."""

    earliest: Any
    latest: Any
    people: Any
    pinned: Any
    barred: dict[int, tuple[int, ...]]

    @property
    def plain(self) -> Any:
        barred = np.isin(np.arange(len(self)), list(self.barred))
        return ~np.isfinite(self.latest) & (self.people == 1) & (self.pinned < 0) & ~barred


def promised(world: World, seed: int) -> Promised:
    """By lot, from a seed of its own: the day itself stays as it is."""
    chance, count = np.random.default_rng((seed, 11)), len(world)
    lot = chance.random((4, count))
    begin = world.opened + chance.uniform(60, 240, count)
    agreed = (lot[0] < APPOINTED) & (world.urgency > 0)
    earliest, latest = np.where(agreed, begin, -np.inf), np.where(agreed, begin + 60, np.inf)
    pinned, barred = np.full(count, -1), {}
    for task in np.flatnonzero((lot[2] < PINNED) & (lot[1] >= FOR_TWO)).tolist():
        pinned[task] = chance.choice(_able(world, task))
    for task in np.flatnonzero((lot[3] < FORBIDDEN) & (pinned < 0)).tolist():
        able = _able(world, task)
        near = world.ways[world.home[able], world.node[task]].argsort()[:3]
        barred[task] = tuple(able[near].tolist())
    day_ = {one.name: getattr(world, one.name) for one in fields(World)}
    day_["due"] = np.where(agreed, np.maximum(world.due, latest), world.due)
    return Promised(**day_, earliest=earliest, latest=latest, people=1 + (lot[1] < FOR_TWO).astype(int),
                    pinned=pinned, barred=barred)  # fmt: skip


def _able(world: World, task: int) -> Any:
    return np.flatnonzero(world.skills >> np.uint64(world.kind[task]) & np.uint64(1))


class Town(Street):
    """Work begins when all who are needed are there, and not before the appointment."""

    world: Promised

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        self.expected_at = np.full(len(world), np.inf)  # when the plan thinks that work begins
        self.alone = np.zeros(len(world))  # how long the first waits for the second
        self.sent: dict[int, tuple[int, ...]] = {}

    def send(self, worker: int, task: int) -> None:
        self.together((worker,), task)

    def together(self, workers: tuple[int, ...], task: int) -> None:
        """Those who are free set out for a task that waits, as many as it needs."""
        world = self.world
        assert task in self.waiting and len(set(workers)) == len(workers) == world.people[task]
        self.waiting.discard(task)
        ways = world.ways[self.at[list(workers)], world.node[task]] * DAY.at(self.now)
        there = self.now + ways * world.noise[task]
        begin = max(float(there.max()), float(world.earliest[task]))
        self.expected_at[task] = max(self.now + float(ways.max()), float(world.earliest[task]))
        self.alone[task], self.sent[task] = float(np.ptp(there)), workers
        self.arrived[task], self.who[task] = begin, workers[0]
        for worker, way in zip(workers, ways.tolist(), strict=True):
            self.travel[task] += way * world.noise[task]
            self._off(worker, task, way, begin)

    def _off(self, worker: int, task: int, way: float, begin: float) -> None:
        assert self.idle[worker]
        world = self.world
        self.idle[worker] = False
        self.at[worker] = world.node[task]
        self.there[worker], self.lasting[worker] = self.expected_at[task], WORK[world.kind[task]]
        self.expected[worker] = self.expected_at[task] + WORK[world.kind[task]]
        self.worked[worker] += way * world.noise[task] + world.work[task]
        self.end[worker] = begin + float(world.work[task])
        heapq.heappush(self.ends, (self.end[worker], worker))


class Keeper(Ours):
    """Ours, with the dispatcher's word, and with words for everything it says."""

    name = "Shanzhi, with promises"
    street: Town
    world: Promised

    def __init__(self, street: Town) -> None:
        super().__init__(street)
        self.said = 0

    def look(self) -> Any:
        """As in the product, everybody is on the board: a pin holds for who is busy, too."""
        return np.ones(len(super().look()), bool)

    def board(self, workers: Any, tasks: Any) -> tuple[Workers, Tasks, Any]:
        people, things, way = super().board(workers, tasks)
        world, tasks = self.world, np.asarray(tasks)
        things = replace(
            things, people=world.people[tasks], earliest=world.earliest[tasks], latest=world.latest[tasks]
        )
        return people, things, way

    def word(self, workers: Any, tasks: Any) -> Word:
        rows = {int(worker): n for n, worker in enumerate(workers)}
        pins, forbids = [], []
        for column, task in enumerate(np.asarray(tasks).tolist()):
            if (pin := int(self.world.pinned[task])) in rows:
                pins.append((rows[pin], column))
            elif pin >= 0:  # a part without him: it waits for him
                forbids += [(row, column) for row in rows.values()]
            forbids += [(rows[one], column) for one in self.world.barred.get(task, ()) if one in rows]
        return Word(pins, forbids)

    def follow(self, found: Plan, workers: Any, tasks: Any) -> None:
        teams: dict[int, list[int]] = {}
        for row, column in found.pairs:
            teams.setdefault(int(tasks[column]), []).append(int(workers[row]))
        for task, team in teams.items():
            if self.street.idle[team].all():
                self.street.together(tuple(team), task)
                continue
            for worker in team:  # it is given when all can set out
                self.next[worker], self.held[task] = task, worker

    def came(self, task: int) -> None:
        if self.world.plain[task]:
            super().came(task)

    def freed(self, worker: int) -> None:
        task = int(self.next[worker])
        if task in self.street.waiting and self.world.people[task] > 1:
            self.next[self.next == task] = -1  # the next minute says who goes with him
            self.held.pop(task, None)
        super().freed(worker)

    def run(self, workers: Any, tasks: Any, current: Any = None) -> Plan:
        found = super().run(workers, tasks, current)
        if current is not None:
            self.said += self.words(found, workers, tasks)
        return found

    def words(self, found: Plan, workers: Any, tasks: Any) -> int:
        """What the product says of each pair and of each task that waits."""
        street, now = self.street, self.street.now
        people, things, way = self.board(workers, tasks)
        word = self.word(workers, tasks)
        hands = [
            Worker(str(w), 0.0, 0.0, area=str(w), open=int(not street.idle[w])) for w in workers.tolist()
        ]
        matters = [
            Task(str(t), 0.0, 0.0, frozenset({str(self.world.kind[t])}), due=float(self.world.due[t]))
            for t in tasks.tolist()
        ]
        said = [
            explain.sentence(explain.chosen(found, pair, hands, matters, word), str) for pair in found.pairs
        ]
        left = reasons(found, people, things, way, now, self.weights, word)
        assert all(said) and set(left) == set(range(len(tasks))) - {column for _, column in found.pairs}
        return len(said) + len([explain.left(reason).said(str) for reason in left.values()])


def figures(street: Town, mind: Keeper, without: Street) -> tuple[float, ...]:
    """The figures of one day, in the order of COLUMNS; raises AssertionError where one began early or came alone."""
    world = street.world
    came = np.where(np.isnan(street.arrived), np.inf, street.arrived)
    agreed, two, pinned = np.isfinite(world.latest), world.people > 1, world.pinned >= 0
    missed, planned = came > world.latest, street.expected_at > world.latest
    broken = [t for t, team in street.sent.items() if world.pinned[t] >= 0 and world.pinned[t] not in team]
    broken += [t for t, team in street.sent.items() if set(team) & set(world.barred.get(t, ()))]
    early = came[agreed] < world.earliest[agreed]
    assert not early.any() and all(len(team) == world.people[t] for t, team in street.sent.items())
    urgent, plain = world.urgency == 0, world.plain
    return (
        agreed.sum(), (missed & planned).sum(), (missed & ~planned).sum(), two.sum(), np.isinf(came[two]).sum(),
        street.alone[two].mean() if two.any() else 0.0, pinned.sum(), len(broken),
        100 * (came > world.due)[urgent].mean(), (came - world.opened)[plain].mean(), street.travel[plain].mean(),
        (without.arrived - world.opened)[plain].mean(), without.travel[plain].mean(), mind.said,
    )  # fmt: skip


def main() -> None:
    console = Console(file=sys.stderr, width=170)
    answer: dict[str, Any] = {}
    for load in LOADS:
        if load.name not in CHOSEN:
            continue
        table = Table(title=f"{load.name}: {SEEDS} days, sums of counts, means of the rest")
        for name in ("day", *COLUMNS):
            table.add_column(name, justify="right")
        rows = []
        for seed in range(SEEDS):
            world = promised(day(load, seed), seed)
            street, mind = simulate(world, Keeper, on=Town)
            assert isinstance(street, Town)
            rows.append(figures(street, mind, simulate(day(load, seed), Ours)[0]))
            table.add_row(str(seed), *(f"{one:.2f}".removesuffix(".00") for one in rows[-1]))
        console.print(table)
        answer[load.name] = np.round(rows, 3).tolist()
    sys.stdout.write(json.dumps({"bench": "dispatch_promises", "columns": COLUMNS, **answer}) + "\n")


if __name__ == "__main__":
    main()
