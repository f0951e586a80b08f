"""Rolling PyVRP beside our dispatch on a street's size: each minute a vehicle routing problem over what is open.

Run: ROADS=folder MESSAGES=folder make bench NAME=dispatch_rolling (SEEDS=3, WORKERS=50, AN_HOUR=85, STEPS=60). Every
minute PyVRP plans routes through all open tasks for everybody who will be free within twenty minutes, each from where
and when he will be free, without a way back, within windows that end with a share of each limit (`WITHIN`: the roads
take longer than expected); what is over it already has the rest of the day. Who is idle sets out for the first stop
of his route; the others are planned anew the next minute. The search is bounded by its steps, not by a clock, so that
what else the machine does changes nothing. Days 0 and on, the same for all.
"""

import json
import os
import sys
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.dispatch_day import COLUMNS, run, shown
from bench.dispatch_ours import Ours
from bench.dispatch_policies import Greedy, Matching, Nearest, Policy
from bench.dispatch_world import DAY, LIMITS, SPREAD, WORK, Load
from shanzhi.dispatch.board import left

SEEDS = int(os.environ.get("SEEDS", "3"))
STEPS = int(os.environ.get("STEPS", "60"))
LOAD = Load("street", float(os.environ.get("AN_HOUR", "85")), workers=int(os.environ.get("WORKERS", "50")))
SOON, SECOND = 20.0, 60
NEVER, FAR = 86_400 * 3, 10_000_000  # seconds
PRIZES = (4_000_000, 2_000_000, 1_000_000)  # what leaving a stop out costs, by urgency: more than any way


class Rolling(Policy):
    name = "rolling PyVRP"
    within = (1.0, 1.0, 1.0)  # the share of each limit within which somebody is to be there

    def minute(self) -> None:
        street = self.street
        if not street.waiting:
            return
        lasting = left(street.lasting, np.maximum(street.now - street.there, 0.0), SPREAD)
        free = np.where(street.idle, street.now, np.maximum(street.there, street.now) + lasting)
        workers = np.flatnonzero(free <= street.now + SOON)
        tasks = np.sort(np.fromiter(street.waiting, np.intp, len(street.waiting)))
        if not len(workers) or not street.idle[workers].any():
            return
        for worker, task in self.routes(workers, tasks, free):
            if street.idle[worker]:
                street.send(worker, task)

    def routes(self, workers: Any, tasks: Any, free: Any) -> list[tuple[int, int]]:
        """The first stop of each route."""
        from pyvrp import IteratedLocalSearchParams, SolveParams, solve
        from pyvrp.stop import MaxIterations

        params = SolveParams(ils=IteratedLocalSearchParams(history_length=50, exhaustive_on_best=False))
        problem = self.problem(workers, tasks, free)
        best = solve(problem, MaxIterations(STEPS), seed=1, collect_stats=False, params=params).best
        found = []
        for route in best.routes():
            stops = [one for one in route.schedule() if one.is_client()]
            if stops:
                found.append((int(workers[route.vehicle_type()]), int(tasks[stops[0].idx])))
        return found

    def problem(self, workers: Any, tasks: Any, free: Any) -> Any:
        """Everybody begins where and when he will be free and ends where he likes; seconds from now."""
        from pyvrp import Client, Depot, Location, ProblemData, VehicleType

        street, world = self.street, self.world
        count, now, urgency = len(workers), street.now, world.urgency[tasks]
        until = world.opened[tasks] + LIMITS[urgency] * np.array(self.within)[urgency] - now
        latest = np.where(until > 0, until * SECOND, NEVER).astype(int).tolist()
        masks = sorted(set(world.skills[workers].tolist()))
        clients = [
            Client(count + 1 + n, service_duration=int(WORK[world.kind[task]] * SECOND), tw_early=0,
                   tw_late=latest[n], required=False, prize=PRIZES[urgency[n]])
            for n, task in enumerate(tasks.tolist())
        ]  # fmt: skip
        types = [
            VehicleType(1, [], n, count, tw_early=int(max(free[worker] - now, 0.0) * SECOND), tw_late=NEVER,
                        profile=masks.index(int(world.skills[worker])))
            for n, worker in enumerate(workers.tolist())
        ]  # fmt: skip
        places = np.concatenate((street.at[workers], [0], world.node[tasks]))
        ways = np.rint(world.ways[places][:, places] * DAY.at(now) * SECOND).astype(np.int64)
        ways[:, count] = ways[count, :] = 0  # the end of the day is everywhere
        matrices = [self.able(ways, mask, count, tasks) for mask in masks]
        depots = [Depot(n) for n in range(count + 1)]
        where = [Location(0, 0) for _ in places]
        return ProblemData(where, clients, depots, types, matrices, matrices)

    def able(self, ways: Any, mask: int, count: int, tasks: Any) -> Any:
        """What those with these skills cannot do is out of reach."""
        found = ways.copy()
        cannot = (mask >> self.world.kind[tasks] & 1) == 0
        found[:, count + 1 + np.flatnonzero(cannot)] = FAR
        np.fill_diagonal(found, 0)
        return found


class Early(Rolling):
    """The same with a part of each limit only, so that fewer minutes go by until somebody comes."""

    name = "rolling PyVRP, early"
    within = (0.4, 0.25, 0.1)


def main() -> None:
    console = Console(file=sys.stderr, width=150)
    title = f"{LOAD.workers} workers, {LOAD.an_hour:g} an hour, {SEEDS} days, {STEPS} steps"
    table = Table(title=f"{title}, load {os.getloadavg()[0]:.0f}")
    for name in ("policy", *COLUMNS, "cpu s"):
        table.add_column(name, justify="left" if name == "policy" else "right")
    answer = {}
    for policy in (Nearest, Greedy, Matching, Rolling, Early, Ours):
        results = [run(LOAD, seed, policy) for seed in range(SEEDS)]
        columns = [shown([one.figures[n] for one in results]) for n in range(len(COLUMNS))]
        table.add_row(policy.name, *columns, f"{np.mean([one.seconds for one in results]):.1f}")
        answer[policy.name] = np.mean([one.figures for one in results], axis=0).round(3).tolist()
    console.print(table)
    ratio = round(answer[Ours.name][0] / answer[Rolling.name][0], 3)
    sys.stdout.write(
        json.dumps({"bench": "dispatch_rolling", "columns": COLUMNS, **answer, "ratio": ratio}) + "\n"
    )


if __name__ == "__main__":
    main()
