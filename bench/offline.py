"""500 reports with a photo each, queued without a signal, over a link that breaks at random 50 times.

Run: make bench NAME=offline. The real server, the real app in a telephone-sized Chromium. Half of the breaks cut a
request off before it arrives, half after the server has done it and before its answer is back. Beside it, in the same
run, 100 reports over a link that does not break: what a report costs then is the limit. `ratio` is the time a report
takes over the broken link, in times of that.
"""

import json
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Geolocation, Page, ViewportSize, sync_playwright
from rich.console import Console
from rich.table import Table
from tests.linkfaults import Link, arrived, drawn, reported

from bench import stand

WHOLE, BREAKS, CALM, SEED = 500, 50, 100, 20261125
SPOT: Geolocation = {"longitude": 104.061964, "latitude": 30.635818}
CHROMIUM = "/usr/bin/chromium"


def telephone(browser: Browser, port: int) -> tuple[BrowserContext, Page]:
    """A grid worker who has signed in and opened the app."""
    look: ViewportSize = {"width": 360, "height": 760}
    context = browser.new_context(
        viewport=look, locale="zh-CN", geolocation=SPOT, permissions=["geolocation"]
    )
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/accounts/login/?next=/field/")
    page.locator('form:has(input[value="liwangge"]) button').click()
    page.locator(".waits[data-state=good]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return context, page


def sent(context: BrowserContext, page: Page, first: int, last: int) -> float:
    """Reports made without a signal, then sent; the seconds from the signal on."""
    context.set_offline(True)
    reported(page, first, last)
    began = time.monotonic()
    context.set_offline(False)
    arrived(page, seconds=1_800)
    return time.monotonic() - began


def found(first: int, last: int) -> tuple[int, int, bool, int]:
    """How many of these reports are cases, how many twice, whether in order, and how many have their photo."""
    from shanzhi.cases.models import Case
    from shanzhi.field.models import Act
    from shanzhi.files.models import StoredFile

    # by arrival: numbers of cases are taken in blocks by each process of the server
    came = {case: n for n, case in enumerate(Act.objects.order_by("id").values_list("case", flat=True))}
    rows = list(Case.objects.filter(text__startswith="排队上报").values_list("pk", "text"))
    rows.sort(key=lambda row: came[row[0]])
    numbers = [(pk, n) for pk, text in rows if first <= (n := int(text[5:9])) < last]
    photos = StoredFile.objects.filter(case__in=[pk for pk, _ in numbers]).count()
    order = [n for _, n in numbers]
    return len(set(order)), len(order) - len(set(order)), order == sorted(order), photos


def main() -> None:
    stand.home()
    stand.district()
    link = Link(drawn(2 * WHOLE, BREAKS, SEED))
    with stand.server() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context, page = telephone(browser, port)
        calm = sent(context, page, WHOLE, WHOLE + CALM)
        link.over(context)
        broken = sent(context, page, 0, WHOLE)
        browser.close()
    import os

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    cases, twice, ordered, photos = found(0, WHOLE)
    told(calm, broken, link, (cases, twice, ordered, photos))


def told(calm: float, broken: float, link: Link, what: tuple[int, int, bool, int]) -> None:
    cases, twice, ordered, photos = what
    each, each_calm = broken / WHOLE, calm / CALM
    table = Table(
        "link", "reports", "breaks before / after", "arrived", "twice", "in order", "photos", "s a report"
    )
    table.add_row("does not break", str(CALM), "0 / 0", "", "", "", "", f"{each_calm:.2f}")
    breaks = f"{link.broken['before']} / {link.broken['after']}"
    row = (str(WHOLE), breaks, str(cases), str(twice), "yes" if ordered else "NO", str(photos), f"{each:.2f}")
    table.add_row("breaks", *row)
    Console(file=sys.stderr).print(table)
    whole = cases == WHOLE and not twice and ordered and photos == WHOLE
    line = {
        "bench": "offline", "ratio": round(each / each_calm, 2), "whole": whole, "reports": cases, "twice": twice,
        "ordered": ordered, "photos": photos, "breaks": sum(link.broken.values()), "seconds": round(broken),
    }  # fmt: skip
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    Path("var").mkdir(exist_ok=True)
    main()
