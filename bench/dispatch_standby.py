"""Ours with stand-by places: idle people are asked to wait where urgent tasks would find nobody in time."""

import heapq
from functools import cache
from typing import Any

import numpy as np

from bench.dispatch_ours import Ours
from bench.dispatch_policies import Street
from bench.dispatch_world import DAY, HOURS, LIMITS, LOADS, NOISE, SHARES, START, WORK, World, day, ways
from shanzhi.dispatch.standby import Ground, stands

LEG = 3.0  # minutes that somebody walks to where he stands by before he may be called away
EVERY = 5.0  # minutes between two looks at who stands where
KNOWN = range(1000, 1010)  # days that are over: where tasks arose then is all that is known of today's


class Walked(Street):
    """A street on which idle people may be asked to wait elsewhere; their walks count as travel and as work."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.stood = 0.0  # minutes walked to places to stand by
        self.walks = 0
        self.roads = np.random.default_rng(len(world))

    def walk(self, worker: int, goal: int) -> None:
        """Some minutes on the way to where he is to stand; then he is free to go elsewhere."""
        ways_, at = self.world.ways, int(self.at[worker])
        along = (ways_[at] <= LEG) & (ways_[at] + ways_[:, goal] <= ways_[at, goal] + 1e-3)
        step = int(np.where(along, ways_[:, goal], np.inf).argmin())
        step = goal if step == at else step  # no crossing within a leg
        way = float(ways_[at, step]) * DAY.at(self.now)
        self.idle[worker], self.at[worker] = False, step
        self.there[worker] = self.expected[worker] = self.now + way
        self.lasting[worker] = 0.0
        self.end[worker] = self.now + self._gone(worker, way)
        heapq.heappush(self.ends, (self.end[worker], worker))

    def begin(self, worker: int, place: int) -> None:
        """His day begins where he is to stand; the way there counts."""
        self._gone(worker, float(self.world.ways[self.at[worker], place]))
        self.at[worker] = place

    def _gone(self, worker: int, way: float) -> float:
        real = way * float(np.exp(self.roads.normal(-(NOISE**2) / 2, NOISE)))
        self.stood += real
        self.worked[worker] += real
        return real


@cache
def known(workers: int, on_foot: bool) -> Any:
    """Urgent tasks an hour at each node by kind, from days that are over."""
    load = next(one for one in LOADS if (one.workers, one.on_foot) == (workers, on_foot))
    found = np.zeros((len(ways(on_foot)), len(WORK)))
    for seed in KNOWN:
        world = day(load, seed)
        np.add.at(found, (world.node, world.kind), SHARES[0])
    return found / (len(KNOWN) * HOURS)


class Standing(Ours):
    """Ours, and whoever is idle may be asked to stand by elsewhere."""

    name = "Shanzhi, standing by"
    within = 20.0  # minutes, of the thirty: roads take longer than expected
    worth = (
        600.0 * 8.0
    )  # minutes of walking for one urgent task an hour in reach: its breach, for eight hours

    def __init__(self, street: Walked) -> None:
        super().__init__(street)
        self.on = street
        self.goal = np.full(len(street.idle), -1)
        self.demand = known(len(street.idle), self.world.ways is ways(True))
        self.places = np.flatnonzero(self.demand.sum(axis=1) > 0)
        self.looked = -np.inf

    def minute(self) -> None:
        super().minute()
        now = self.street.now
        if now - self.looked >= EVERY and now < START + 60 * HOURS - LIMITS[0]:
            self.looked = now
            self.stand()

    def stand(self) -> None:
        """Looks at who covers what, and asks as few as possible to walk."""
        street, places = self.on, self.places
        self.look()
        self.goal[~street.idle & (street.lasting > 0)] = -1  # sent to a task: he stands nowhere
        walking = self.goal >= 0
        at = np.where(walking, self.goal, street.at)
        wait = np.where(walking, 0.0, np.maximum(self.free - street.now, 0.0))
        times = DAY.at(street.now)
        ground = Ground(
            wait, (self.world.ways[at][:, places] * times).astype(np.float64), self.can > 0, self.demand[places],
            [(self.world.ways[places][:, places] * times).astype(np.float64)], np.zeros(len(wait), np.intp),
        )  # fmt: skip
        movable = street.idle & ~walking & (self.next < 0)
        found = stands(ground, movable, limit=self.within, worth=self.worth)
        for one in found:
            street.walks += 1
            if street.now == START:
                street.begin(one.worker, int(places[one.place]))
            else:
                self.goal[one.worker] = places[one.place]
                self.step(one.worker)

    def step(self, worker: int) -> None:
        goal = int(self.goal[worker])
        if goal < 0 or not self.on.idle[worker]:
            return
        if self.on.at[worker] == goal:
            self.goal[worker] = -1
        else:
            self.on.walk(worker, goal)

    def freed(self, worker: int) -> None:
        if self.on.lasting[worker] > 0:
            self.goal[worker] = -1
        super().freed(worker)
        self.step(worker)
