"""A nine-hour day of a district's workers, many times: who is sent where, by our dispatch and by seven other policies.

Run: ROADS=folder MESSAGES=folder make bench NAME=dispatch_day (SEEDS=2, LOADS=light,overload,…, ONLY=policies; 20
seeds for the figures; CAPACITY=1 looks for the most tasks an hour of which at most 2 % are late; STRANGER=1 for what
one's own grid is worth at several weights; ROWS=file keeps each day as a line and takes it from there while the code
that made it is the same). Every policy meets the same days: tasks, minutes of work and delays on the roads come from
the seed alone. Means over the days, with the half width of a 95 % interval of the mean (Student). People stay until
all is done. Response is from report to arrival; *in reach*: urgent and late, though somebody who can, from where he
was when it was reported or would be free next, would in truth have been in time. Our weights were tuned on days 100
and above, never on those shown here.
"""

import hashlib
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy import stats

from bench import dispatch_ours, dispatch_policies, dispatch_standby, dispatch_world
from bench.dispatch_ours import Ours
from bench.dispatch_policies import PEERS, Matching, Nearest, Overflow, Policy, Street, simulate
from bench.dispatch_standby import Standing, Walked
from bench.dispatch_world import HOURS, LIMITS, LOADS, START, Load, day, profile, roads
from shanzhi.dispatch import board, costs, matching, solving, standby

ROWS = os.environ.get("ROWS", "")
SEEDS = int(os.environ.get("SEEDS", "2"))
CHOSEN = [
    one
    for one in LOADS
    if one.name in os.environ.get("LOADS", ",".join(load.name for load in LOADS)).split(",")
]
COLUMNS = (
    "travel", "response", "urgent response", "urgent late %", "in reach %", "late %", "Gini", "own grid %",
)  # fmt: skip
LATE = COLUMNS.index("late %")
END, AFTER = (
    START + 60 * HOURS,
    30.0,
)  # what comes in the last minute of the day is begun within the urgent limit
MOST, STEP = 1_600, 25  # tasks an hour up to which, and in steps of how many, capacity is looked for
ONLY = os.environ.get("ONLY", "")  # names of policies with semicolons between them, else all
POLICIES = [one for one in (*PEERS, Ours, Standing) if not ONLY or one.name in ONLY.split(";")]
STRANGERS = (0.0, 0.5, 2.0, 5.0, 10.0, 20.0)


@dataclass(frozen=True)
class Result:
    """The figures of one day under one policy, in the order of COLUMNS, and the processor's seconds."""

    figures: tuple[float, ...]
    seconds: float
    changes: float = 0.0  # of what a run said for later, how much the next run said otherwise
    put_off: float = 0.0  # % late, or not begun half an hour after the day's end
    mild: float = 0.0  # % of the mildest tasks begun by the day's end


def run(load: Load, seed: int, policy: type[Policy]) -> Result:
    """One day under one policy, from the file of rows if it is there."""
    made = made_by(policy)  # type: ignore[arg-type]  # a class can be hashed, whatever its instances can
    key = json.dumps([made, *asdict(load).values(), seed, policy.name])
    if (row := kept().get(key)) is None:
        row = asdict(simulated(load, seed, policy))
        kept()[key] = row
        if ROWS:
            with Path(ROWS).open("a") as file:
                file.write(json.dumps([key, row]) + "\n")
    return Result(**{**row, "figures": tuple(row["figures"])})


@cache
def kept() -> dict[str, Any]:
    lines = Path(ROWS).read_text().splitlines() if ROWS and Path(ROWS).exists() else []
    return dict(map(json.loads, lines))


@cache
def made_by(policy: Any) -> str:
    """What the figures of a policy hang on: the code, our weights, the roads and the messages."""
    modules = [dispatch_world, dispatch_policies, sys.modules[policy.__module__]]
    if issubclass(policy, Ours):
        modules += [dispatch_ours, board, costs, matching, solving]
    if issubclass(policy, Standing):
        modules += [dispatch_standby, standby]
    text = "".join(Path(str(one.__file__)).read_text() for one in modules)
    weights = repr(policy.weights) if issubclass(policy, Ours) else ""
    found = hashlib.sha256((text + weights + roads(False)[1] + profile()[2]).encode())
    return found.hexdigest()[:12]


def simulated(load: Load, seed: int, policy: type[Policy]) -> Result:
    world = day(load, seed)
    begin = time.process_time()
    on = Walked if issubclass(policy, Standing) else Street
    street, mind = simulate(world, policy, on=on)
    seconds = time.process_time() - begin
    came = np.where(np.isnan(street.arrived), np.inf, street.arrived)  # never: late, however long
    response, late, urgent = came - world.opened, came > world.due, world.urgency == 0
    own = world.grid_of[world.node] == street.who
    reached = late & ~street.out_of_reach
    travel = (street.travel.sum() + getattr(street, "stood", 0.0)) / len(world)
    figures = (
        travel, response.mean(), response[urgent].mean(), 100 * late[urgent].mean(),
        100 * reached[urgent].mean(), 100 * late.mean(), gini(street.worked), 100 * own.mean(),
    )  # fmt: skip
    put_off, mild = late | (came > END + AFTER), came[world.urgency == len(LIMITS) - 1] <= END
    same, changed = getattr(mind, "kept", 0), getattr(mind, "changed", 0)
    changes = changed / max(same + changed, 1)
    return Result(
        tuple(map(float, figures)), seconds, changes, float(100 * put_off.mean()), float(100 * mild.mean())
    )


def gini(worked: Any) -> float:
    """0: all have worked as long; 1: one has done everything."""
    ordered, count = np.sort(worked), len(worked)
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * ordered.sum()))


def shown(values: list[float]) -> str:
    """A mean and the half width of its interval."""
    if len(values) < 2:
        return f"{values[0]:.2f}"
    half = float(stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return f"{np.mean(values):.2f} ± {half:.2f}"


def strangers(load: Load, console: Console) -> dict[float, list[float]]:
    """How much of the work stays in one's own grid, and what it costs, by the weight of a grid that is not."""
    table = Table(title=f"{load.name}: what one's own grid is worth, minutes of travel; {SEEDS} days")
    for name in ("stranger", *COLUMNS):
        table.add_column(name, justify="right")
    found = {}
    for worth in STRANGERS:
        policy = type("Ours", (Ours,), {"weights": replace(Ours.weights, stranger=worth)})
        results = [run(load, seed, policy).figures for seed in range(SEEDS)]
        found[worth] = np.mean(results, axis=0).round(3).tolist()
        table.add_row(f"{worth:g}", *(shown([one[n] for one in results]) for n in range(len(COLUMNS))))
    console.print(table)
    return found


def capacity(policy: type[Policy], strict: bool) -> tuple[int, float, float, float]:
    """The most tasks an hour of which at most 2 % are late over the days (`strict`: or are put off until after the
    day); then the share put off, the share of the mildest that are begun within the day, and the response there."""
    low, high, best = 500 // STEP, MOST // STEP + 1, (0.0, 0.0, 0.0)
    while high - low > 1:
        middle = (low + high) // 2
        load = replace(LOADS[0], an_hour=float(STEP * middle))
        found = [run(load, seed, policy) for seed in range(SEEDS)]
        late = np.mean([one.put_off if strict else one.figures[LATE] for one in found])
        low, high = (middle, high) if late <= 2 else (low, middle)
        if late <= 2:
            best = (
                float(np.mean([one.put_off for one in found])),
                float(np.mean([one.mild for one in found])),
                float(np.mean([one.figures[1] for one in found])),
            )
    return STEP * low, *best


def capacities(console: Console) -> dict[str, Any]:
    table = Table(title=f"most tasks an hour with at most 2 % late, {SEEDS} days, looked for up to {MOST}")
    heads = ("policy", "late counts", "an hour", "put off %", "mild begun in the day %", "response")
    for name in heads:
        table.add_column(name, justify="left" if name == "policy" else "right")
    found: dict[str, Any] = {}
    for strict in (True, False):
        for policy in (Overflow, Nearest, Matching, Ours):
            most, *rest = capacity(policy, strict)
            found.setdefault("strict" if strict else "late", {})[policy.name] = [most, *rest]
            counted = "late or put off" if strict else "late"
            table.add_row(policy.name, counted, str(most), *(f"{one:.2f}" for one in rest))
            console.print(f"{policy.name}, {counted}: {most}")
    console.print(table)
    return found


def compared(load: Load, console: Console) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for policy in POLICIES:
        found[policy.name] = [run(load, seed, policy) for seed in range(SEEDS)]
    table = Table(title=f"{load.name}: {load.an_hour:.0f} an hour, {load.workers} workers, {SEEDS} days")
    for name in ("policy", *COLUMNS, "cpu s"):
        table.add_column(name, justify="left" if name == "policy" else "right")
    for name, results in found.items():
        rows = [shown([one.figures[n] for one in results]) for n in range(len(COLUMNS))]
        table.add_row(name, *rows, f"{np.mean([one.seconds for one in results]):.1f}")
    console.print(table)
    if Ours.name in found:
        changes = np.mean([one.changes for one in found[Ours.name]])
        console.print(f"our plan for those not yet free: {100 * changes:.1f} % said otherwise a minute later")
    return found


def main() -> None:
    console = Console(file=sys.stderr, width=150)
    console.print(
        f"{roads(False)[1]}, {len(roads(False)[0].nodes)} nodes; {profile()[2]}; load {os.getloadavg()[0]:.1f}"
    )
    if os.environ.get("STRANGER"):
        found = {load.name: strangers(load, console) for load in CHOSEN}
        sys.stdout.write(json.dumps({"bench": "dispatch_day", "columns": COLUMNS, "stranger": found}) + "\n")
        return
    if os.environ.get("CAPACITY"):
        sys.stdout.write(json.dumps({"bench": "dispatch_day", "capacity": capacities(console)}) + "\n")
        return
    tables = {load.name: compared(load, console) for load in CHOSEN}
    answer: dict[str, Any] = {
        name: {policy: np.mean([one.figures for one in results], axis=0).round(3).tolist()
               for policy, results in found.items()}
        for name, found in tables.items()
    }  # fmt: skip
    busy = answer.get("overload") or next(iter(answer.values()))
    if not {Ours.name, Nearest.name} <= busy.keys():
        sys.stdout.write(json.dumps({"bench": "dispatch_day", "columns": COLUMNS, **answer}) + "\n")
        return
    ratio = round(busy[Ours.name][0] / busy[Nearest.name][0], 3)
    sys.stdout.write(
        json.dumps({"bench": "dispatch_day", "columns": COLUMNS, **answer, "ratio": ratio}) + "\n"
    )


if __name__ == "__main__":
    main()
