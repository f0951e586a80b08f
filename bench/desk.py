"""What a desk and a leader wait for, with few cases and with many: the time must not grow with the years.

Run: make bench NAME=desk (SMALL=100000 BIG=1000000). Each page is asked for in process, with the permission
filter on, fifteen times after two to warm up; the median counts. The limit is the same page over few cases.
The screen counts what was reported in its period, so both are asked for the same two days.
"""

import json
import os
import sys
import time
from datetime import timedelta
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import stand, years

SMALL, BIG = int(os.environ.get("SMALL", "30000")), int(os.environ.get("BIG", "300000"))
TIMES = 15
PAGES = {
    "my tasks": ("zhaochuzhi", "/desk/?tab=mine"),
    "what waits for us": ("zhaochuzhi", "/desk/?tab=queue"),
    "a filtered list": ("sunpaiqian", "/desk/?tab=all&area=510107005&state=handling&order=due"),
    "a search": ("sunpaiqian", "/desk/?tab=all&words=小区井盖"),
    "the map": ("sunpaiqian", "/desk/map/cases?tab=all&box=103.9,30.55,104.15,30.72"),
    "the screen, two days": ("shenji", "/screen/?first={yesterday}&last={today}"),
    "a case": ("sunpaiqian", "/desk/cases/{case}"),
}


def measured(clients: dict[str, Any], case: str) -> dict[str, float]:
    """Milliseconds for each page."""
    from shanzhi.base.clock import BEIJING, now

    today = now().astimezone(BEIJING)
    days = {"today": f"{today:%Y-%m-%d}", "yesterday": f"{today - timedelta(days=1):%Y-%m-%d}"}
    found = {}
    for name, (who, path) in PAGES.items():
        times = []
        for turn in range(TIMES + 2):
            begin = time.perf_counter()
            answer = clients[who].get(path.format(case=case, **days))
            assert answer.status_code == 200, (name, answer.status_code)
            if turn > 1:
                times.append(time.perf_counter() - begin)
        found[name] = median(times) * 1000
    return found


def main() -> None:
    stand.home()
    stand.district()
    from django.conf import settings

    from shanzhi.insight.jobs import refresh
    from shanzhi.web.tests.demo import signed_in

    settings.ALLOWED_HOSTS = ["*"]
    case = years.template()
    refresh([case.id])
    clients = {who: signed_in(who) for who in {who for who, _path in PAGES.values()}}
    results = []
    for number in (SMALL, BIG):
        begin = time.perf_counter()
        years.grow(number, case)
        Console(stderr=True).print(
            f"{number:,} cases, {number * years.ENTRIES:,} entries in {time.perf_counter() - begin:.0f} s"
        )
        results.append(measured(clients, str(case.id)))
    small, big = results
    table = Table("page", f"{SMALL:,}", f"{BIG:,}", "ratio", title="desk: milliseconds")
    for name in PAGES:
        table.add_row(name, f"{small[name]:.1f}", f"{big[name]:.1f}", f"{big[name] / small[name]:.2f}")
    Console(stderr=True).print(table)
    ratios = {name: round(big[name] / small[name], 2) for name in PAGES}
    line = {
        "bench": "desk",
        "ratio": max(ratios.values()),
        "goal": 1.5,
        "small": SMALL,
        "big": BIG,
        "ratios": ratios,
    }
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
