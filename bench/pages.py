"""What a page costs over HTTP: a real server, a signed-in session, the permission filter on, 100,000 cases.

Run: make bench NAME=pages (CASES=100000 SECONDS=8). The processor time is read from the system for the server's
processes and for PostgreSQL's, before and after, so that what else the machine does counts little; the time that
this bench itself takes to ask is not in it. The peer is Signalen, whose list of 20 took 220 ms of processor; the
goal for a list page is 10 ms. HOMES as in the bench `desk`.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

CASES, SECONDS = int(os.environ.get("CASES", "30000")), float(os.environ.get("SECONDS", "6"))
ASKING = 4  # connections
WARM = 60  # answers before it counts: each worker loads what it keeps with its first ones
GOAL = 10.0
PAGES = {
    "a list: what waits for us": ("zhaochuzhi", "/desk/?tab=queue"),
    "a list: all that the centre may see": ("sunpaiqian", "/desk/?tab=all"),
    "a list: filtered": ("sunpaiqian", "/desk/?tab=all&area=510107005&state=handling&order=due"),
    "a case": ("sunpaiqian", "/desk/cases/{case}"),
    "a case, for its handler": ("zhaochuzhi", "/desk/cases/{own}"),
    "a list for machines (API, 25 cases)": ("key", "/api/v1/cases?limit=25"),
    "a case for machines": ("key", "/api/v1/cases/{case}"),
}


def main() -> None:
    from bench import stand

    kept = os.environ.get("HOMES", "")
    home = Path(kept) / str(CASES) if kept else Path(tempfile.mkdtemp(prefix="shanzhi-bench-"))
    os.environ |= {
        "SHANZHI_HOME": str(home),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "shanzhi.settings",
    }
    try:
        from bench.desk import filled

        filled(CASES)
        asking = Asking()
        with stand.server() as port:
            show({name: asking.measured(port, name) for name in PAGES})
    finally:
        from django.conf import settings
        from django.db import connections

        from shanzhi.run import embedded

        connections.close_all()
        embedded.stop(settings.HOME.pg)
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


class Asking:
    """Sessions and a key of the demo's people, and cases to ask for."""

    def __init__(self) -> None:
        from bench import stand
        from shanzhi.cases.models import Case
        from shanzhi.web.tests.demo import signed_in

        people = {who for who, _path in PAGES.values()} - {"key"}
        self.heads = {who: f"Cookie: sessionid={signed_in(who).cookies['sessionid'].value}" for who in people}
        self.heads["key"] = f"Authorization: Bearer {stand.key_for([('dispatcher', '510107', '')])}"
        generated = Case.objects.filter(open=True, state="handling", number__gt=900_000_000).order_by(
            "number"
        )
        own = generated.filter(org="urban-management")
        self.cases = {"case": list(generated.values_list("id", flat=True)[:200]),
                      "own": list(own.values_list("id", flat=True)[:200])}  # fmt: skip

    def requests(self, name: str) -> Iterator[bytes]:
        who, path = PAGES[name]
        for turn in count():
            ids = {what: found[turn % len(found)] for what, found in self.cases.items()}
            yield (
                f"GET {path.format(**ids)} HTTP/1.1\r\nHost: localhost\r\n{self.heads[who]}\r\n"
                "Accept: text/html\r\nAccept-Language: zh-CN\r\n\r\n"
            ).encode()

    def measured(self, port: int, name: str) -> dict[str, float]:
        """Pages a second, and milliseconds of processor a page: the server's and PostgreSQL's."""
        from bench import stand

        warm = 0.0
        while warm < WARM:
            warm += 2 * stand.load(port, [self.requests(name) for _ in range(ASKING)], 2)[0]
        before = (used(server()), used(database()))
        rate, bad = stand.load(port, [self.requests(name) for _ in range(ASKING)], SECONDS)
        after = (used(server()), used(database()))
        stand.complain(bad)
        pages = rate * SECONDS
        return {"rate": rate, **{
            what: (late - early) / pages * 1000
            for what, early, late in zip(("server", "database"), before, after, strict=True)
        }}  # fmt: skip


def server() -> list[Any]:
    """The processes of the server that this bench has started."""
    return [p for p in psutil.Process().children(recursive=True) if "postgres" not in p.name()]


def database() -> list[Any]:
    """The processes of PostgreSQL that work in this bench's data."""
    from django.conf import settings

    from shanzhi.run import postmaster

    pid = postmaster.alive(settings.HOME.pg)
    assert pid
    main_ = psutil.Process(pid)
    return [main_, *main_.children()]


def used(processes: list[Any]) -> float:
    """Seconds of processor so far, those of children that have ended included."""
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # it ended between being found and being asked
            total += sum(process.cpu_times()[:4])
    return total


def show(found: dict[str, dict[str, float]]) -> None:
    table = Table(
        "page", "a second", "server, ms", "PostgreSQL, ms", "together, ms", title="pages: processor time"
    )
    cost = {name: one["server"] + one["database"] for name, one in found.items()}
    for name, one in found.items():
        table.add_row(
            name, f"{one['rate']:.0f}", f"{one['server']:.1f}", f"{one['database']:.1f}", f"{cost[name]:.1f}"
        )
    Console(stderr=True).print(table)
    worst = max(ms for name, ms in cost.items() if name.startswith("a list:"))
    line = {"bench": "pages", "ratio": round(worst / GOAL, 2), "goal": 1, "cases": CASES,
            "cpu_ms": {name: round(ms, 1) for name, ms in cost.items()},
            "a_second": {name: round(one["rate"]) for name, one in found.items()}}  # fmt: skip
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
