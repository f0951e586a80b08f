"""The minute of the dispatch as it runs for people: read, plan, give, keep, in PostgreSQL; and a city by its districts.

Run: make bench NAME=dispatch_minute (TEAM=200, WAITING=600, DISTRICTS=8, ROADS=folder). One team on the demo
district: in the first minute everybody is given a task, each by a move of its own; the limit is the same number of
the same moves alone. The next minutes find nothing to give. Then the city: 64 districts of 500 workers and 2,000 open
tasks (32,000 workers); DISTRICTS of them are planned in two processes, the rest is reckoned.
"""

import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from statistics import median
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench import stand
from bench.dispatch_replan import replanned, street
from shanzhi.dispatch.solving import solve

TEAM = int(os.environ.get("TEAM", "200"))
WAITING = int(os.environ.get("WAITING", "600"))
DISTRICTS = int(os.environ.get("DISTRICTS", "8"))
CITY = 64
PROCESSES = 2
QUIET = 5
ORG = "sanitation"
WEST, SOUTH, EAST, NORTH = 104.00, 30.60, 104.08, 30.66


def team() -> None:
    """People with shifts and fresh places, by SQL: none of it is measured."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO orgs_account (username, name, kind, password, is_active, email, language, large_text,
                demo_password, generation) SELECT 'b' || n, '外勤' || n, 'staff', '!', true, '', 'zh-hans', false, '', 0
                FROM generate_series(1, %s) n""",
            [TEAM],
        )
        cursor.execute(
            "INSERT INTO orgs_grant (account_id, role, area, org) SELECT id, 'handler', '', %s FROM orgs_account"
            " WHERE username ~ '^b[0-9]+$'",
            [ORG],
        )
        cursor.execute(
            """INSERT INTO dispatch_shift (id, account, org, area, start, "end", mode, skills, capacity, generated)
            SELECT gen_random_uuid(), id, %s, '510107', now() - interval '1 hour', now() + interval '7 hours', 'ebike',
                '["cart", "pump"]', 3, true FROM orgs_account WHERE username ~ '^b[0-9]+$'""",
            [ORG],
        )
        cursor.execute(
            """INSERT INTO dispatch_whereabouts (account, lon, lat, accuracy, at, until, generated)
            SELECT account, %s + random() * %s, %s + random() * %s, 10, now(), now() + interval '8 hours', true
            FROM dispatch_shift""",
            [WEST, EAST - WEST, SOUTH, NORTH - SOUTH],
        )


def waiting() -> list[Any]:
    """Cases that have come to the team."""
    from shanzhi.cases import actions
    from shanzhi.cases.opening import Report
    from shanzhi.cases.workflow import Inputs
    from shanzhi.orgs.queries import actors

    chance = np.random.default_rng(7)
    registrar, dispatcher = (actors(usernames=[one])[0] for one in ("wulian", "sunpaiqian"))
    made = []
    for n in range(WAITING):
        report = Report(
            type="street-issue", text="bench", category="E0101", external=f"bench-{n}", channel="bench",
            lon=float(chance.uniform(WEST, EAST)), lat=float(chance.uniform(SOUTH, NORTH)), area="510107001001001",
        )  # fmt: skip
        case = actions.open_case(dispatcher, report)
        actions.move(registrar, case.id, "register")
        made.append(actions.move(dispatcher, case.id, "dispatch", inputs=Inputs(org=ORG)))
    return made


def minutes(cases: list[Any]) -> dict[str, float]:
    """The first minute, the same moves alone, and minutes in which nothing changes."""
    from shanzhi.base.clock import now
    from shanzhi.cases import actions, queries
    from shanzhi.cases.workflow import Inputs
    from shanzhi.dispatch.models import Run, Shift
    from shanzhi.dispatch.running import PLATFORM, run

    first = timed(lambda: run(ORG, now()))
    given = Run.objects.get(org=ORG).given
    states = queries.states_of([case.id for case in cases])
    free = [state for state in states.values() if state["person"] is None][:given]
    account = Shift.objects.values_list("account", flat=True)[0]

    def alone() -> None:
        for state in free:
            actions.move(PLATFORM, state.id, "assign", inputs=Inputs(person=account), seen=state["version"])

    bare = timed(alone)
    for state in free:
        actions.move(PLATFORM, state.id, "release")
    quiet = [timed(lambda n=n: run(ORG, now() + timedelta(minutes=n))) for n in range(1, QUIET + 1)]
    return {"first": first, "given": given, "bare": bare, "moved": len(free), "quiet": median(quiet)}


def timed(work: Any) -> float:
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)


def district(_: int) -> float:
    """Seconds of a core for one district."""
    workers, tasks, word = street()
    replanned(workers, tasks, word, solve)  # the matrix of the roads is kept by each process
    begin = time.process_time()
    replanned(workers, tasks, word, solve)
    return time.process_time() - begin


def main() -> None:
    with ProcessPoolExecutor(PROCESSES) as pool:
        spent = list(pool.map(district, range(DISTRICTS)))
    stand.home()
    stand.district()
    team()
    found = minutes(waiting())
    each = found["first"] / max(found["given"], 1)
    ratio = each / (found["bare"] / max(found["moved"], 1))
    table = Table(title=f"{TEAM} workers, {WAITING} tasks that wait; load {os.getloadavg()[0]:.0f}")
    for name in ("", "ms", "cases", "ms a case"):
        table.add_column(name, justify="right")
    table.add_row("first minute: read, plan, give, keep", *_row(found["first"], found["given"]))
    table.add_row("the same moves alone", *_row(found["bare"], found["moved"]))
    table.add_row(f"a minute with nothing to give (median of {QUIET})", f"{found['quiet']:.0f}", "0", "")
    console = Console(file=sys.stderr)
    console.print(table)
    core = median(spent)
    console.print(
        f"a district of 500 by 2,000: {1000 * core:.0f} ms of a core (median of {DISTRICTS} in {PROCESSES} processes); "
        f"{CITY} districts, reckoned: {CITY * core:.0f} s of a core, {CITY * core / 16:.1f} s on 16"
    )
    answer = {
        "bench": "dispatch_minute",
        **{k: round(v, 1) for k, v in found.items()},
        "district_s": round(core, 3),
    }
    sys.stdout.write(json.dumps({**answer, "ratio": round(ratio, 2)}) + "\n")


def _row(ms: float, cases: float) -> tuple[str, str, str]:
    return f"{ms:.0f}", f"{cases:.0f}", f"{ms / max(cases, 1):.1f}"


if __name__ == "__main__":
    main()
