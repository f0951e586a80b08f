"""From the last keystroke to filled fields: the fragment of proposals beside a bare round trip to the same server.

Run: make bench NAME=operator (CASES=2000, ROUNDS=200). A real server, a real session of an operator, a model
trained on the examples of the demo pack, open and closed cases of every kind. The limit is a bare round trip as the
same operator: the desk's grids of an empty box, which asks who is signed in, runs one statement and answers nothing.
Both are asked in turn over one kept connection, so that what else the machine does falls on both. The pause before
the page asks (250 ms) is not part of it: it waits for the typist.
"""

import http.client
import json
import os
import sys
import time
from random import Random
from statistics import median
from typing import Any
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table

from bench import stand

CASES = int(os.environ.get("CASES", "2000"))
ROUNDS = int(os.environ.get("ROUNDS", "200"))
GOAL = 8
BARE = "/desk/map/grids?box=0,0,0.01,0.01"
ENDS = ("，请尽快处理", "，已经好几天了", "，麻烦派人来看一下", "，打过两次电话了", "")


def filled(count: int) -> list[str]:
    """Opens cases of the pack's examples at places of the district, half of them closed; the texts."""
    from datetime import timedelta

    from shanzhi.base.clock import now
    from shanzhi.cases import actions
    from shanzhi.cases.models import Case
    from shanzhi.cases.opening import Report
    from shanzhi.learning.queries import examples
    from shanzhi.orgs.actor import Actor
    from shanzhi.places.queries import areas, county

    chance, system = Random(7), Actor.system()
    known = examples()
    communities = [c for street in areas().children(county()) for c in areas().children(street.code)]
    reports, texts = [], []
    for _ in range(count):
        one, place = chance.choice(known), chance.choice(communities)
        text = f"{place.name}{one.text.text}{chance.choice(ENDS)}"
        at = now() - timedelta(hours=chance.uniform(0, 24 * 60))
        report = Report(
            "complaint", text, category=one.label, channel="hotline", at=at, lon=place.lon, lat=place.lat
        )
        reports.append(report)
        texts.append(text)
    for start in range(0, count, 200):
        actions.open_many(system, reports[start : start + 200])
    ids = list(Case.objects.order_by("opened_at").values_list("id", flat=True)[: count // 2])
    Case.objects.filter(id__in=ids).update(open=False, state="closed", closed_at=now(), due_at=None)
    return texts


def asker(port: int, cookie: str, token: str) -> Any:
    """Asks over one kept connection; milliseconds and the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    head = {
        "Cookie": f"sessionid={cookie}; csrftoken={token}",
        "X-CSRFToken": token,
        "Accept-Language": "zh-hans",
    }

    def ask(method: str, path: str, body: str = "") -> tuple[float, bytes]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        begin = time.perf_counter()
        connection.request(method, path, body or None, {**head, **kind})
        answer = connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - begin) * 1000
        assert answer.status == 200, (path, answer.status, content[:300])
        return took, content

    return ask


def share(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def measured(ask: Any, texts: list[str]) -> tuple[list[float], list[float], float]:
    """Times of the bare page and of the fragment, in turn; and how often a category was filled in."""
    chance, bare, filled_in, hits = Random(11), [], [], 0
    for turn in range(ROUNDS + 30):
        text = chance.choice(texts)
        typed = text[: chance.randint(6, len(text))]
        body = urlencode({"text": typed, "type": "complaint", "own": ""})
        one, _ = ask("GET", BARE)
        other, html = ask("POST", "/desk/report/proposals", body)
        if turn >= 30:
            bare.append(one)
            filled_in.append(other)
            hits += b'data-fill="category" value=""' not in html
    return bare, filled_in, hits / ROUNDS


def main() -> None:
    stand.home()
    stand.district()
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string

    from shanzhi.learning import queries
    from shanzhi.learning.actions import learn
    from shanzhi.web.tests.demo import signed_in

    settings.ALLOWED_HOSTS = ["*"]
    learn("system", queries.CATEGORY, queries.examples())
    texts = filled(CASES)
    cookie = signed_in("hejiexian").cookies["sessionid"].value
    with stand.server() as port:
        bare, fragment, hits = measured(asker(port, cookie, _get_new_csrf_string()), texts)
    ratio = share(fragment, 0.95) / share(bare, 0.95)
    table = Table("what", "median", "p95", title=f"operator: milliseconds, {CASES:,} cases, {ROUNDS} rounds")
    for name, times in (("a bare round trip", bare), ("filled fields", fragment)):
        table.add_row(name, f"{median(times):.1f}", f"{share(times, 0.95):.1f}")
    Console(stderr=True).print(table)
    line = {
        "bench": "operator", "ratio": round(ratio, 2), "goal": GOAL,
        "medians": round(median(fragment) / median(bare), 2), "filled": round(hits, 3), "cases": CASES,
        "ms": {"bare": round(share(bare, 0.95), 1), "filled": round(share(fragment, 0.95), 1)},
    }  # fmt: skip
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
