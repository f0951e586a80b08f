"""One run of the dispatch for a whole district: 500 workers, 2,000 open tasks, beside the bare exact assignment.

Run: make bench NAME=dispatch_replan (WORKERS=500, TASKS=2000, TURNS=9, ROADS=folder). From plain values to the plan
with travel times, costs, pins, forbids and the reasons for what is left; in turns with SciPy's `linear_sum_assignment`
alone on the same matrix, and with the sparsified answer, whose cost stands beside the exact one. Processor time of
this process, one thread.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.optimize import linear_sum_assignment

from bench.dispatch_world import roads
from shanzhi.dispatch.board import Task, Worker, arrays
from shanzhi.dispatch.costs import Weights
from shanzhi.dispatch.matching import Plan, Word, plan, reasons
from shanzhi.dispatch.solving import solve

WORKERS = int(os.environ.get("WORKERS", "500"))
TASKS = int(os.environ.get("TASKS", "2000"))
TURNS = int(os.environ.get("TURNS", "9"))
GOAL = 300
SKILLS = ("pump", "lift", "talk", "meter", "camera", "ladder")
WEIGHTS = Weights()
NAMES = [one.name for one in WEIGHTS.urgencies]


def street() -> tuple[list[Worker], list[Task], Word]:
    chance = np.random.default_rng(3)
    low, high = (side(roads(False)[0].nodes, axis=0) for side in (np.min, np.max))
    places = chance.uniform(low, high, (WORKERS + TASKS, 2))
    workers = [
        Worker(f"w{n}", float(places[n][0]), float(places[n][1]),
               frozenset(chance.choice(SKILLS, 3, replace=False).tolist()),
               float(chance.choice([600.0, 604.0, 611.0])), 540.0, 1080.0, float(chance.uniform(0, 60)), f"g{n}")
        for n in range(WORKERS)
    ]  # fmt: skip
    tasks = []
    for n in range(TASKS):
        urgency = int(chance.choice(3, p=(0.1, 0.3, 0.6)))
        opened, limit = 600.0 - float(chance.uniform(0, 60)), (30.0, 120.0, 480.0)[urgency]
        lon, lat = places[WORKERS + n].tolist()
        skill = frozenset({str(chance.choice(SKILLS))})
        tasks.append(
            Task(f"t{n}", lon, lat, skill, NAMES[urgency], opened, opened + limit, area=f"g{n % WORKERS}")
        )
    return workers, tasks, Word([(0, 0), (1, 1)], [(2, 2), (3, 3)])


def replanned(workers: list[Worker], tasks: list[Task], word: Word, solver: Any) -> tuple[Plan, int]:
    """All that a run does, from plain values to reasons."""
    people, things = arrays(workers, tasks, NAMES)
    way = roads(False)[0].between(people.places, things.places, 600.0) / 60
    found = plan(people, things, way, 600.0, WEIGHTS, word=word, solver=solver)
    return found, len(reasons(found, people, things, way, 600.0, WEIGHTS, word))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    answer = work()
    return 1000 * (time.process_time() - begin), answer


def main() -> None:
    workers, tasks, word = street()
    sparse = partial(solve, exact=0)
    _ = roads(False)[0].matrix
    found, left = replanned(workers, tasks, word, solve)
    worth = found.costs.worth
    times: dict[str, list[float]] = {
        "whole run, exact": [],
        "whole run, sparsified": [],
        "bare assignment": [],
    }
    for _turn in range(TURNS):
        times["whole run, exact"].append(timed(lambda: replanned(workers, tasks, word, solve))[0])
        times["bare assignment"].append(timed(lambda: linear_sum_assignment(worth))[0])
        times["whole run, sparsified"].append(timed(lambda: replanned(workers, tasks, word, sparse))[0])
    exact, near = solve(worth), solve(worth, exact=0)
    table = Table(
        title=f"{WORKERS} workers, {TASKS} tasks ({roads(False)[1]}), load {os.getloadavg()[0]:.0f}"
    )
    for name in ("", "ms of a core, median", "least", "most"):
        table.add_column(name, justify="right")
    for name, values in times.items():
        table.add_row(name, *(f"{one:.0f}" for one in (median(values), min(values), max(values))))
    console = Console(file=sys.stderr)
    console.print(table)
    short = 100 * (1 - near.worth / exact.worth)
    console.print(f"{len(found.pairs)} sent, {left} left with a reason; goal {GOAL} ms")
    console.print(
        f"sparsified: {short:.3f} % less worth than exact, by its own bound at most {100 * near.gap:.3f} %"
    )
    middle = {name: median(values) for name, values in times.items()}
    ratio = middle["whole run, exact"] / middle["bare assignment"]
    answer = {"bench": "dispatch_replan", "ms": middle, "worse %": short, "bound %": 100 * near.gap}
    sys.stdout.write(json.dumps({**answer, "ratio": round(ratio, 2)}) + "\n")


if __name__ == "__main__":
    main()
