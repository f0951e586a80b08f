"""What a desk and a leader wait for, with few cases and with many: the time must not grow with the years.

Run: make bench NAME=desk (SMALL=100000 CASES=10000000). Two districts of their own, each with its database: one with
few cases, one with many. Each page is asked for in process, with the permission filter on, in turns here and there,
so that whatever else the machine does weighs on both; after two to warm up the median counts. The limit is the same
page over few cases. 100,000 cases fill only seven days, so for 30 days the screen is compared with a third district
that has just these 30 (MONTH=420000, at 14,000 a day as everywhere): the same days with the same cases in both, and
only what lies before them differs. HOMES names a folder in which the districts stay (and are found again); else they
are removed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

SMALL, BIG = int(os.environ.get("SMALL", "30000")), int(os.environ.get("CASES", "200000"))
MONTH = int(os.environ.get("MONTH", "420000"))
TIMES = int(os.environ.get("TIMES", "15"))
PAGES = {
    "my tasks": ("zhaochuzhi", "/desk/?tab=mine"),
    "what waits for us": ("zhaochuzhi", "/desk/?tab=queue"),
    "what waits for the centre": ("sunpaiqian", "/desk/?tab=queue"),
    "all that an office may see": ("zhaochuzhi", "/desk/?tab=all"),
    "all that the centre may see": ("sunpaiqian", "/desk/?tab=all"),
    "a filtered list": ("sunpaiqian", "/desk/?tab=all&area=510107005&state=handling&order=due"),
    "a list of closed ones": ("sunpaiqian", "/desk/?tab=all&area=510107005&category=E0107&open=closed"),
    "a search": ("sunpaiqian", "/desk/?tab=all&words=小区井盖"),
    "an office's search": ("zhaochuzhi", "/desk/?tab=all&words=小区井盖"),
    "the map": ("sunpaiqian", "/desk/map/cases?tab=all&box=103.9,30.55,104.15,30.72"),
    "the screen, two days": ("shenji", "/screen/?first={yesterday}&last={today}"),
    "the screen, 7 days": ("shenji", "/screen/?days=7"),
    "the screen, 30 days": ("shenji", "/screen/?days=30"),
    "a case": ("sunpaiqian", "/desk/cases/{case}"),
    "what goes on nearby": ("wangdama", "/nearby"),
}


class District:
    """A district in a process of its own, which answers how long a page took."""

    def __init__(self, folder: Path, number: int) -> None:
        self.number = number
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.desk", str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"SHANZHI_HOME": str(folder), "DATABASE_URL": ""},
        )  # fmt: skip
        self.answer()

    def answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the district with {self.number:,} cases has ended")
        return json.loads(line)

    def ask(self, what: str) -> Any:
        assert self.process.stdin
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(120)


def filled(number: int) -> None:
    """The district of SHANZHI_HOME: filled if it is new, else brought up to date."""
    from bench import stand, years

    os.environ["DJANGO_SETTINGS_MODULE"] = "shanzhi.settings"
    import django

    django.setup()
    mark = Path(os.environ["SHANZHI_HOME"]) / "filled"
    if mark.exists():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return
    begin = time.perf_counter()
    stand.district()
    years.grow(number)
    mark.write_text(str(number))
    Console(stderr=True).print(f"filled in {time.perf_counter() - begin:.0f} s: {years.sizes()}")


def inside(number: int) -> None:
    """Within the process of a district: measures what it is asked for."""
    filled(number)
    pages = Pages()
    say("ready")
    for line in sys.stdin:
        say(pages.explained(line[1:].strip()) if line[0] == "?" else pages.took(line.strip()))


def say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Pages:
    """The pages of a district, as somebody sees them."""

    def __init__(self) -> None:
        from django.conf import settings

        from shanzhi.base.clock import BEIJING, now
        from shanzhi.cases.models import Case
        from shanzhi.web.tests.demo import signed_in

        settings.ALLOWED_HOSTS = ["*"]
        self.clients = {who: signed_in(who) for who in {who for who, _path in PAGES.values()}}
        today = now().astimezone(BEIJING)
        self.days = {"today": f"{today:%Y-%m-%d}", "yesterday": f"{today - timedelta(days=1):%Y-%m-%d}"}
        found = Case.objects.filter(open=True, state="handling", number__gt=900_000_000).order_by("number")
        self.cases = list(found.values_list("id", flat=True)[: TIMES + 2])
        self.turn = 0

    def took(self, name: str) -> float:
        """Milliseconds for one page; another case each time."""
        who, path = PAGES[name]
        self.turn += 1
        address = path.format(case=self.cases[self.turn % len(self.cases)], **self.days)
        begin = time.perf_counter()
        answer = self.clients[who].get(address)
        took = (time.perf_counter() - begin) * 1000
        assert answer.status_code == 200, (name, answer.status_code)
        return took

    def explained(self, name: str) -> list[tuple[str, str]]:
        """The statements of a page that read large tables, each with its plan."""
        from bench.plans import explained

        return explained(lambda: self.took(name))


def compared(small: District, big: District, month: District) -> dict[str, tuple[float, float]]:
    """For each page the median milliseconds in both districts; over 30 days beside the one that fills them."""
    found = {}
    only = os.environ.get("PAGES", "")
    for name in PAGES:
        if only and only not in name:
            continue
        times: tuple[list[float], list[float]] = ([], [])
        pair = (month if "30 days" in name else small, big)
        for turn in range(TIMES + 2):
            for district, kept in zip(pair, times, strict=True):
                took = district.ask(name)
                if turn > 1:
                    kept.append(took)
        found[name] = (median(times[0]), median(times[1]))
    return found


def main() -> None:
    kept = os.environ.get("HOMES", "")
    homes = Path(kept or tempfile.mkdtemp(prefix="shanzhi-bench-"))
    try:
        small, big = (District(homes / str(number), number) for number in (SMALL, BIG))
        month = District(homes / str(MONTH), MONTH) if BIG > MONTH > SMALL else small
        show(compared(small, big, month))
        if plans := os.environ.get("PLANS"):
            from bench.plans import written

            written(
                Path(plans), SMALL, BIG, {name: [d.ask(f"?{name}") for d in (small, big)] for name in PAGES}
            )
        for district in {small, big, month}:
            district.end()
    finally:
        if not kept:
            shutil.rmtree(homes, ignore_errors=True)


def show(found: dict[str, tuple[float, float]]) -> None:
    table = Table("page", f"{SMALL:,}", f"{BIG:,}", "ratio", title="desk: milliseconds")
    ratios = {name: round(big / small, 2) for name, (small, big) in found.items()}
    for name, (small, big) in found.items():
        table.add_row(name, f"{small:.1f}", f"{big:.1f}", f"{ratios[name]:.2f}")
    Console(stderr=True).print(table)
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
    inside(int(sys.argv[1])) if len(sys.argv) > 1 else main()
