"""Planned rounds beside the best known: Gehring-Homberger instances with 1,000 customers through `rounds`.

Run: VRPTW=folder make bench NAME=dispatch_static (SECONDS=10, SEED=1, ONLY=C1_10_1,…). The folder has `*.vrp` in
VRPLIB's format and `*.sol` with the best known cost; distances are DIMACS's, ten times Euclid's, cut, and rounds may
be as many as there are vehicles: what counts is distance. SECONDS are of one core's time, so that what else the
machine does falls on nobody; one seed. The distance of the answer is reckoned here again from its visits, with every
window and load checked.
"""

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from shanzhi.dispatch.rounds import Rounds, Stop, Walker, rounds

SECONDS = float(os.environ.get("SECONDS", "10"))
SEED = int(os.environ.get("SEED", "1"))
GOAL = 1.5


@dataclass(frozen=True)
class Instance:
    name: str
    ways: Any
    stops: list[Stop]
    walkers: list[Walker]
    best: float


def read(path: Path) -> Instance:
    """An instance: sections of numbers below a head of `KEY : value`."""
    head: dict[str, str] = {}
    sections: dict[str, list[list[float]]] = {}
    rows: list[list[float]] = []
    for line in path.read_text().splitlines():
        key, colon, value = line.partition(":")
        if colon:
            head[key.strip()] = value.strip()
        elif line.strip().endswith("_SECTION"):
            rows = sections.setdefault(line.strip(), [])
        elif line.strip() and line.strip() != "EOF":
            rows.append([float(part) for part in line.split()])
    places = np.array(sections["NODE_COORD_SECTION"])[:, 1:]
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    ways = np.floor(10 * apart).astype(np.int64)
    need = {int(row[0]) - 1: int(row[1]) for row in sections["DEMAND_SECTION"]}
    window = {
        int(row[0]) - 1: (int(10 * row[1]), int(10 * row[2])) for row in sections["TIME_WINDOW_SECTION"]
    }
    service = 10 * int(float(head["SERVICE_TIME"]))
    stops = [Stop(str(n), n, service, *window[n], load=need[n]) for n in range(1, len(places))]
    carries = int(head["CAPACITY"])
    walkers = [Walker(f"w{n}", 0, 0, *window[0], carries=carries) for n in range(int(head["VEHICLES"]))]
    cost = next(line for line in path.with_suffix(".sol").read_text().splitlines() if line.startswith("Cost"))
    return Instance(path.stem, ways, stops, walkers, 10 * float(cost.split()[-1]))


def checked(found: Rounds, instance: Instance) -> int:
    """The distance of the answer; raises AssertionError where it breaks a window, a load or forgets a stop."""
    stops = {stop.id: stop for stop in instance.stops}
    total, capacity = 0, instance.walkers[0].carries
    for one in found.rounds:
        at, free = 0, 0
        assert capacity is not None and sum(stops[visit.stop].load for visit in one.visits) <= capacity
        for visit in one.visits:
            stop = stops.pop(visit.stop) if visit.stop in stops else None
            assert stop is not None and stop.earliest <= visit.at <= stop.latest
            assert visit.at >= free + instance.ways[at, stop.place] or at == 0
            total += int(instance.ways[at, stop.place])
            at, free = stop.place, visit.at + stop.seconds
        total += int(instance.ways[at, 0])
    assert not stops and not found.missed
    return total


@dataclass(frozen=True)
class Measured:
    """Distance, gap to the best known in percent, number of rounds, seconds by the clock and of the core."""

    cost: int
    gap: float
    rounds: int
    took: float
    processor: float


def measured(instance: Instance) -> Measured:
    began, processor = time.perf_counter(), time.process_time()
    found = rounds(
        instance.ways,
        instance.stops,
        instance.walkers,
        budget=SECONDS,
        seed=SEED,
        must=True,
        clock=time.process_time,
    )
    took, processor = time.perf_counter() - began, time.process_time() - processor
    cost = checked(found, instance)
    return Measured(cost, 100 * (cost / instance.best - 1), len(found.rounds), took, processor)


def main() -> None:
    folder, only = os.environ.get("VRPTW", ""), os.environ.get("ONLY", "")
    console = Console(file=sys.stderr)
    if not folder:
        console.print("VRPTW names no folder with instances: nothing to measure")
        return
    table = Table(title=f"1,000 customers, {SECONDS:.0f} s each, load {os.getloadavg()[0]:.0f}")
    for name in ("instance", "best known", "ours", "gap %", "rounds", "s", "cpu s"):
        table.add_column(name, justify="right")
    gaps = {}
    for path in sorted(Path(folder).glob("*.vrp")):
        if only and path.stem not in only.split(","):
            continue
        instance = read(path)
        one = measured(instance)
        gaps[instance.name] = one.gap
        console.print(f"{instance.name} {one.gap:.2f} %, {one.rounds} rounds")
        table.add_row(
            instance.name, f"{instance.best:.0f}", str(one.cost), f"{one.gap:.2f}", str(one.rounds),
            f"{one.took:.1f}", f"{one.processor:.1f}",
        )  # fmt: skip
    mean = float(np.mean(list(gaps.values())))
    console.print(table)
    console.print(f"mean gap {mean:.2f} % (goal {GOAL} % at 60 s a core)")
    sys.stdout.write(
        json.dumps({"bench": "dispatch_static", "seconds": SECONDS, "gaps": gaps, "ratio": 1 + mean / 100})
        + "\n"
    )


if __name__ == "__main__":
    main()
