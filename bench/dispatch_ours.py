"""Shanzhi's dispatch as a policy of `dispatch_day`: the product's own `plan`, each minute and at each event."""

from functools import partial
from typing import Any

import numpy as np

from bench.dispatch_policies import Policy, Street
from bench.dispatch_world import DAY, SPREAD, START, WORK
from shanzhi.dispatch.board import Tasks, Workers, left
from shanzhi.dispatch.costs import Weights, Whole
from shanzhi.dispatch.matching import Plan, Word, plan
from shanzhi.dispatch.solving import solve

SOLVER = partial(solve, exact=60_000, nearest=32)  # hundreds by thousands each minute of 54 days
FEW = 24


class Ours(Policy):
    name = "Shanzhi"
    weights = Weights()
    spread = SPREAD

    def __init__(self, street: Street) -> None:
        super().__init__(street)
        self.next = np.full(len(street.idle), -1)
        self.held: dict[int, int] = {}  # task -> worker of the last run
        self.kept = self.changed = 0
        self.usual = 1.0
        self.soonest: dict[int, float] = {}
        self.can = np.stack([street.can(kind) for kind in range(len(WORK))], axis=1).astype(float)

    def look(self) -> Any:
        """When each will be free: who is at work, by how long such work still lasts."""
        street, now = self.street, self.street.now
        lasting = left(street.lasting, np.maximum(now - street.there, 0.0), self.spread)
        self.free = np.where(street.idle, now, np.maximum(street.there, now) + lasting)
        return self.free <= now + self.weights.horizon

    def board(self, workers: Any, tasks: Any) -> tuple[Workers, Tasks, Any]:
        street, world = self.street, self.world
        never = np.full(len(tasks), np.inf)
        people = Workers(
            workers, world.places[street.at[workers]], world.skills[workers], self.free[workers],
            np.full(len(workers), float(START)), np.full(len(workers), np.inf), street.worked[workers], workers,
        )  # fmt: skip
        things = Tasks(
            tasks, world.places[world.node[tasks]], np.uint64(1) << world.kind[tasks].astype(np.uint64),
            world.urgency[tasks], world.opened[tasks], world.due[tasks], WORK[world.kind[tasks]],
            np.ones(len(tasks), np.intp), -never, never, world.grid_of[world.node[tasks]],
        )  # fmt: skip
        way = world.ways[street.at[workers][:, None], world.node[tasks]] * DAY.at(street.now)
        return people, things, way.astype(np.float64)

    def run(self, workers: Any, tasks: Any, current: Any = None) -> Plan:
        people, things, way = self.board(workers, tasks)
        whole = None
        if current is None:  # parts are judged by the last run over all
            soonest = np.array([self.soonest.get(task, np.inf) for task in np.asarray(tasks).tolist()])
            whole = Whole(self.usual, *self.hands(tasks), soonest)
        return plan(
            people, things, way, self.street.now, self.weights, current=current, solver=SOLVER, whole=whole,
            word=self.word(workers, tasks),
        )  # fmt: skip

    def word(self, workers: Any, tasks: Any) -> Word:
        """What the dispatcher says: nothing."""
        return Word()

    def hands(self, tasks: Any) -> tuple[Any, Any]:
        """Where only a part is planned, of the whole street: idle people for each task, by the kinds that wait, and
        how many could do it soon."""
        waiting = np.fromiter(self.street.waiting, np.intp, len(self.street.waiting))
        kinds, could = self.world.kind[tasks], self.can[self.street.idle]
        each = could @ np.bincount(self.world.kind[waiting], minlength=len(WORK))
        soon = self.can[self.free <= self.street.now + self.weights.horizon].sum(axis=0)
        return ((1 / np.maximum(each, 1)) @ could)[kinds], soon[kinds]

    def follow(self, found: Plan, workers: Any, tasks: Any) -> None:
        """Who is free sets out; for the others it is what they will do next, if nothing better comes."""
        for row, column in found.pairs:
            worker, task = int(workers[row]), int(tasks[column])
            if self.street.idle[worker]:
                self.street.send(worker, task)
            else:
                self.next[worker], self.held[task] = task, worker

    def minute(self) -> None:
        street = self.street
        before, self.held = self.held, {}
        self.next[:] = -1
        if not street.waiting:
            return
        workers = np.flatnonzero(self.look())
        tasks = np.sort(np.fromiter(street.waiting, np.intp, len(street.waiting)))
        place = {int(worker): n for n, worker in enumerate(workers)}
        current = np.full(len(workers), -1)
        for column, task in enumerate(tasks.tolist()):
            if before.get(task, -1) in place:
                current[place[before[task]]] = column
        found = self.run(workers, tasks, current)
        self.usual = found.costs.usual
        self.soonest = dict(zip(tasks.tolist(), found.costs.soonest.tolist(), strict=True))
        had = np.flatnonzero(current >= 0)
        self.kept += int((found.task_of[had] == current[had]).sum())
        self.changed += int((found.task_of[had] != current[had]).sum())
        self.follow(found, workers, tasks)

    def came(self, task: int) -> None:
        """A newcomer is placed at once: an urgent one among all, with what they hold, else among those who have
        nothing yet."""
        street, world = self.street, self.world
        could = self.look() & street.can(int(world.kind[task]))
        urgent = world.urgency[task] == 0
        workers = np.flatnonzero(could if urgent else could & (self.next < 0))
        if len(workers) > FEW:  # the nearest in time; the others would not be chosen
            there = self.free[workers] + world.ways[street.at[workers], world.node[task]]
            workers = workers[np.argpartition(there, FEW)[:FEW]]
        if len(workers) and urgent:
            self.again(workers, {task})
        elif len(workers):
            self.follow(self.run(workers, np.array([task])), workers, [task])

    def freed(self, worker: int) -> None:
        self.urgent(worker)
        if not self.street.idle[worker]:
            return
        task, self.next[worker] = int(self.next[worker]), -1
        if task >= 0 and task in self.street.waiting:
            self.held.pop(task, None)
            self.street.send(worker, task)
            return
        open_ = np.array(sorted(self.street.waiting - self.held.keys()), np.intp)
        if len(open_):
            self.look()
            self.follow(self.run(np.array([worker]), open_), [worker], open_)

    def urgent(self, worker: int) -> None:
        """While urgent tasks wait, who becomes free and those who hold them are planned anew, with what they hold."""
        urgent = {task for task in self.street.waiting if self.world.urgency[task] == 0}
        if not urgent:
            return
        workers = np.unique([worker, *(self.held[task] for task in urgent if task in self.held)])
        self.again(workers, urgent)

    def again(self, workers: Any, tasks: set[int]) -> None:
        """Plans anew who of these does what, of these tasks and of what they hold."""
        held = self.next[workers]
        open_ = np.array(sorted(tasks | set(held[held >= 0].tolist()) & self.street.waiting), np.intp)
        for task in open_.tolist():
            self.held.pop(task, None)
        self.next[workers] = -1
        self.look()
        self.follow(self.run(workers, open_), workers, open_)
