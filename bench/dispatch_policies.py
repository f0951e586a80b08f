"""The simulation of `dispatch_day`, and the policies it compares, told of arrivals, of who is free, of minutes."""

import heapq
from collections import deque
from math import inf
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench.dispatch_world import DAY, START, WORK, World

SOON = 8.0


class Street:
    """Workers and tasks as the day goes: who is where, what waits, who went where and when."""

    def __init__(self, world: World) -> None:
        self.world = world
        count = len(world.home)
        self.at = world.home.copy()
        self.idle = np.ones(count, bool)
        self.expected = np.full(count, float(START))  # when the planner expects him to be free
        self.there = np.full(count, float(START))  # when he was, or is expected to be, at the place
        self.lasting = np.zeros(count)  # how long the work there was expected to last
        self.worked = np.zeros(count)
        self.waiting: set[int] = set()
        self.arrived = np.full(len(world), np.nan)
        self.travel = np.zeros(len(world))
        self.who = np.full(len(world), -1)
        self.ends: list[tuple[float, int]] = []
        self.end = np.full(count, float(START))  # when he will be free in truth, which no planner sees
        self.out_of_reach = np.zeros(len(world), bool)
        self.now = float(START)

    def can(self, kind: int) -> Any:
        return (self.world.skills >> np.uint64(kind) & np.uint64(1)).astype(bool)

    def send(self, worker: int, task: int) -> None:
        """Somebody who is free sets out for a task that waits."""
        world = self.world
        assert self.idle[worker] and task in self.waiting
        way = float(world.ways[self.at[worker], world.node[task]]) * DAY.at(self.now)
        real = way * world.noise[task]
        self.waiting.discard(task)
        self.arrived[task], self.travel[task], self.who[task] = self.now + real, real, worker
        self.idle[worker] = False
        self.expected[worker] = self.now + way + WORK[world.kind[task]]
        self.there[worker], self.lasting[worker] = self.now + way, WORK[world.kind[task]]
        self.at[worker] = world.node[task]
        self.worked[worker] += real + world.work[task]
        self.end[worker] = self.now + real + float(world.work[task])
        heapq.heappush(self.ends, (self.end[worker], worker))

    def reach(self, task: int) -> bool:
        """Whether anybody who can, from where he stands or will next be free, would be there in time in truth."""
        world, able = self.world, np.flatnonzero(self.can(int(self.world.kind[task])))
        way = world.ways[self.at[able], world.node[task]] * (DAY.at(self.now) * world.noise[task])
        return bool((np.maximum(self.end[able], self.now) + way).min() <= world.due[task])

    def nearest(self, task: int) -> int:
        """The nearest who is free and can; -1 for nobody."""
        free = np.flatnonzero(self.idle & self.can(int(self.world.kind[task])))
        if not len(free):
            return -1
        return int(free[self.world.ways[self.at[free], self.world.node[task]].argmin()])


class Policy:
    """Told of what happens; sends people."""

    name = ""

    def __init__(self, street: Street) -> None:
        self.street, self.world = street, street.world

    def came(self, task: int) -> None: ...

    def freed(self, worker: int) -> None: ...

    def minute(self) -> None: ...


def simulate(
    world: World, policy: Any, *, last: float = START + 60 * 48, on: type[Street] = Street
) -> tuple[Street, Any]:
    """The day until everything is done (people stay on), or two days are over."""
    street = on(world)
    mind = policy(street)
    coming, tick = 0, float(START)
    while coming < len(world) or street.ends or (street.waiting and tick < last):
        arrival = float(world.opened[coming]) if coming < len(world) else inf
        end = street.ends[0][0] if street.ends else inf
        street.now = min(arrival, end, tick)
        if street.now == tick:
            mind.minute()
            tick += 1.0
        elif street.now == arrival:
            street.waiting.add(coming)
            street.out_of_reach[coming] = not street.reach(coming)
            coming += 1
            mind.came(coming - 1)
        else:
            _, worker = heapq.heappop(street.ends)
            street.idle[worker] = True
            mind.freed(worker)
    return street, mind


class OwnGrid(Policy):
    """Each grid's own worker, or the one who does such tasks there for him; nobody else, in order of coming."""

    name = "own grid, rigid"

    def __init__(self, street: Street) -> None:
        super().__init__(street)
        self.mine: dict[int, deque[int]] = {n: deque() for n in range(len(self.world.home))}

    def owner(self, task: int) -> int:
        return int(self.world.deputy[self.world.grid_of[self.world.node[task]], self.world.kind[task]])

    def came(self, task: int) -> None:
        owner = self.owner(task)
        if self.street.idle[owner]:
            self.street.send(owner, task)
        else:
            self.mine[owner].append(task)

    def freed(self, worker: int) -> None:
        if self.mine[worker]:
            self.street.send(worker, self.mine[worker].popleft())


class Queue(Policy):
    """Whoever is chosen goes at once; what finds nobody waits, and who becomes free takes the first he can do."""

    def __init__(self, street: Street) -> None:
        super().__init__(street)
        self.heaps: list[list[tuple[float, int]]] = [[] for _ in range(6)]

    def key(self, task: int) -> float:
        return float(self.world.opened[task])

    def choose(self, task: int) -> int:
        return self.street.nearest(task)

    def came(self, task: int) -> None:
        worker = self.choose(task)
        if worker >= 0:
            self.street.send(worker, task)
        else:
            heapq.heappush(self.heaps[self.world.kind[task]], (self.key(task), task))

    def freed(self, worker: int) -> None:
        mask = int(self.world.skills[worker])
        heads = [(heap[0], kind) for kind, heap in enumerate(self.heaps) if heap and mask >> kind & 1]
        if heads:
            self.street.send(worker, heapq.heappop(self.heaps[min(heads)[1]])[1])


class Nearest(Queue):
    name = "nearest free"


class Deadline(Queue):
    name = "nearest, earliest deadline"

    def key(self, task: int) -> float:
        return float(self.world.due[task])


class RoundRobin(Queue):
    name = "round robin"

    def __init__(self, street: Street) -> None:
        super().__init__(street)
        self.turn = 0

    def choose(self, task: int) -> int:
        free = np.flatnonzero(self.street.idle & self.street.can(int(self.world.kind[task])))
        if not len(free):
            return -1
        later = free[free >= self.turn]
        chosen = int(later[0] if len(later) else free[0])
        self.turn = (chosen + 1) % len(self.street.idle)
        return chosen


class Overflow(Queue):
    """The grid's own worker if he is free, else the nearest; who becomes free first takes what his grid waits for."""

    name = "own grid, overflowing"

    def owner(self, task: int) -> int:
        return int(self.world.deputy[self.world.grid_of[self.world.node[task]], self.world.kind[task]])

    def choose(self, task: int) -> int:
        owner = self.owner(task)
        return owner if self.street.idle[owner] else self.street.nearest(task)

    def freed(self, worker: int) -> None:
        own = [task for task in self.street.waiting if self.owner(task) == worker]
        if not own:
            super().freed(worker)
            return
        task = min(own)
        heap = self.heaps[self.world.kind[task]]
        heap.remove((self.key(task), task))
        heapq.heapify(heap)
        self.street.send(worker, task)


class Greedy(Policy):
    """The shortest way first: a task takes the nearest who is free, who becomes free the nearest task."""

    name = "greedy pairs"

    def came(self, task: int) -> None:
        worker = self.street.nearest(task)
        if worker >= 0:
            self.street.send(worker, task)

    def freed(self, worker: int) -> None:
        street, world = self.street, self.world
        open_ = np.fromiter(street.waiting, np.intp, len(street.waiting))
        able = open_[(world.skills[worker] >> world.kind[open_].astype(np.uint64) & np.uint64(1)) > 0]
        if len(able):
            street.send(worker, int(able[world.ways[street.at[worker], world.node[able]].argmin()]))


class Matching(Policy):
    """Each minute the exact assignment of open tasks to who is free within eight minutes: as many as can be,
    with the least waiting and travel. Who is not free yet goes when he is, if the next minute still says so."""

    name = "plain matching"

    def __init__(self, street: Street) -> None:
        super().__init__(street)
        self.next = np.full(len(street.idle), -1)

    def soon(self) -> tuple[Any, Any]:
        """Who is free within some minutes, and when."""
        street = self.street
        free = np.where(street.idle, street.now, np.maximum(street.expected, street.now + 0.5))
        return np.flatnonzero(free <= street.now + SOON), free

    def minute(self) -> None:
        street, world = self.street, self.world
        self.next[:] = -1
        if not street.waiting:
            return
        workers, free = self.soon()
        tasks = np.sort(np.fromiter(street.waiting, np.intp, len(street.waiting)))
        able = (world.skills[workers][:, None] >> world.kind[tasks].astype(np.uint64) & np.uint64(1)) > 0
        way = world.ways[street.at[workers][:, None], world.node[tasks]] * DAY.at(street.now)
        cost = np.where(able, way + (free[workers] - street.now)[:, None] - 1e4, 0.0)
        rows, columns = linear_sum_assignment(cost)
        for row, column in zip(rows, columns, strict=True):
            if cost[row, column] < 0:
                worker, task = int(workers[row]), int(tasks[column])
                if street.idle[worker]:
                    street.send(worker, task)
                else:
                    self.next[worker] = task

    def freed(self, worker: int) -> None:
        task = int(self.next[worker])
        if task >= 0 and task in self.street.waiting:
            self.street.send(worker, task)
        self.next[worker] = -1


PEERS = (OwnGrid, Overflow, RoundRobin, Nearest, Deadline, Greedy, Matching)
