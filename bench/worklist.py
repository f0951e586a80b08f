"""The work list of a clerk with 170 kinds of services among a million applications, beside its own bare query.

Run: make bench NAME=worklist (APPLICATIONS=1000000). A district of its own, removed afterwards. One real application
is sent through the platform; the others are copies of it and of its case, spread over 340 generated kinds, twenty
organisations for half of them, and three years, one in ten still open. Generated, and of no use but for measuring.
Measured are the statements of the page with the permission filter on; the bare query asks for the same rows by what
they are, and nothing else. The list is asked for in turns with it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import services, stand

MANY = int(os.environ.get("APPLICATIONS", "1000000"))
TIMES = int(os.environ.get("TIMES", "41"))
KINDS, ORGS = 340, 40
GOAL_QUERIES, GOAL = 10, 1.5
TABS = {"open": "verdict = '' ORDER BY sent_at", "done": "verdict <> '' ORDER BY sent_at DESC"}

FILL = """
CREATE TEMP TABLE spread AS SELECT i, gen_random_uuid() AS id, 'G' || i %% {kinds} AS item, o.key AS org, o.area,
    now() - i * interval '95 seconds' AS at, i / {kinds} %% 10 = 0 AS open
FROM generate_series(1, {many}) i JOIN (SELECT row_number() OVER (ORDER BY key) - 1 AS n, key, area FROM orgs_org
    WHERE open ORDER BY key LIMIT {orgs}) o ON o.n = i %% {kinds} %% {orgs};
INSERT INTO cases_case ({case_columns}) SELECT {case_values} FROM spread s, cases_case t WHERE t.id = '{case}';
INSERT INTO cases_clock ({clock_columns}) SELECT {clock_values} FROM spread s, cases_clock t
    WHERE t.case_id = '{case}' AND s.open;
INSERT INTO services_application ({app_columns}) SELECT {app_values} FROM spread s, services_application t
    WHERE t.case_id = '{case}';
"""
TABLES = "cases_case, cases_clock, services_application"
INDICES = f"""SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid::regclass::text = ANY(string_to_array('{TABLES}', ', ')) AND NOT indisunique"""
BARE = """SELECT case_id, item, item_version, person, channel, org, area, sent_at, decided_at, verdict, by,
    supplement_at, accepted_at, drawn_at, "right" FROM services_application
    WHERE org = ANY(%s) AND {tab} LIMIT 51"""


def fill() -> None:
    """A real application, and its copies."""
    from django.db import connection

    from shanzhi.cases.models import Case, ClockRow
    from shanzhi.orgs.actor import Actor
    from shanzhi.services.actions.applying import Asked, apply
    from shanzhi.services.models import Application

    [person] = services.people(1)
    said = {"payee": "social_card", "told_by": "sms"}
    case = apply(Actor.system(), Asked("MZ-001", person, answers=said, consent="样例", anyway=True)).id
    changed = {"case": {"id": "s.id", "number": "800000000 + s.i", "org": "s.org", "opened_at": "s.at",
                        "open": "s.open", "state": "CASE WHEN s.open THEN t.state ELSE 'granted' END",
                        "closed_at": "CASE WHEN NOT s.open THEN s.at + interval '1 day' END",
                        "due_at": "CASE WHEN s.open THEN s.at + interval '30 days' END"},
               "clock": {"case_id": "s.id", "next_at": "NULL"},
               "app": {"case_id": "s.id", "item": "s.item", "person": "gen_random_uuid()", "org": "s.org",
                       "sent_at": "s.at", "started_at": "s.at", "once": "false",
                       "verdict": "CASE WHEN s.open THEN '' ELSE 'granted' END",
                       "decided_at": "CASE WHEN NOT s.open THEN s.at + interval '1 day' END"}}  # fmt: skip
    given: dict[str, Any] = {"many": MANY, "kinds": KINDS, "orgs": ORGS, "case": case}
    for name, model in (("case", Case), ("clock", ClockRow), ("app", Application)):
        columns = [str(field.column) for field in model._meta.concrete_fields]
        given[f"{name}_columns"] = ", ".join(f'"{column}"' for column in columns)
        given[f"{name}_values"] = ", ".join(changed[name].get(c, f't."{c}"') for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(INDICES)
        indices = cursor.fetchall()
        for name, _ in indices:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(FILL.format(**given).replace("%%", "%"))
        for _, definition in indices:  # after the rows, as a restore would do
            cursor.execute(definition)
        cursor.execute(f"VACUUM ANALYZE {TABLES}")


def kinds() -> None:
    """The generated kinds of services, in the catalogue."""
    from shanzhi.services.models import ItemRow
    from shanzhi.services.pack import row_of
    from shanzhi.services.queries import catalogue

    real = list(catalogue.current().values())
    made = [real[n % len(real)].model_copy(update={"code": f"G{n}", "version": 1}) for n in range(KINDS)]
    ItemRow.objects.bulk_create(ItemRow(**row_of(one) | {"code": one.code, "version": 1}) for one in made)
    catalogue._versions.cache_clear()
    catalogue._current.cache_clear()


def clerk() -> tuple[Any, list[str]]:
    """Somebody who works for half of the organisations, and so for half of the kinds."""
    from shanzhi.journal.tables import run
    from shanzhi.orgs.actor import Actor, Grant

    found = [key for (key,) in run("SELECT key FROM orgs_org WHERE open ORDER BY key LIMIT %s", [ORGS])]
    mine = found[::2]
    return Actor("account", 999, "样例", tuple(Grant("handler", "", org) for org in mine)), mine


def milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def measured(tab: str) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from shanzhi.cases import queries as cases
    from shanzhi.journal.tables import run
    from shanzhi.services.queries import applications

    who, mine = clerk()

    def bare() -> Any:
        return run(BARE.format(tab=TABS[tab]), [mine], prepare=False)

    def page() -> Any:
        rows = applications.work(who, tab=tab, limit=51)
        cases.states_of([row["case"] for row in rows[:50]])
        return rows

    assert [row["case"] for row in page()] == [row[0] for row in bare()]
    times: dict[str, list[float]] = {"bare": [], "list": [], "with its cases": []}
    for _ in range(TIMES):
        times["bare"].append(milliseconds(bare))
        times["list"].append(milliseconds(lambda: applications.work(who, tab=tab, limit=51)))
        times["with its cases"].append(milliseconds(page))
    with CaptureQueriesContext(connection) as counted:
        page()
    return {name: median(each) for name, each in times.items()} | {"queries": len(counted)}


def main() -> None:
    stand.home()
    stand.district()
    began = time.perf_counter()
    fill()
    kinds()
    Console(stderr=True).print(f"filled in {time.perf_counter() - began:.0f} s")
    found = {tab: measured(tab) for tab in TABS}
    table = Table("list", "bare, ms", "list, ms", "with its cases, ms", "queries", "ratio", title="worklist")
    for tab, one in found.items():
        table.add_row(
            tab, f"{one['bare']:.2f}", f"{one['list']:.2f}", f"{one['with its cases']:.2f}",
            f"{one['queries']:.0f}", f"{one['list'] / one['bare']:.2f}",
        )  # fmt: skip
    Console(stderr=True).print(table)
    line = {"bench": "worklist", "ratio": round(max(one["list"] / one["bare"] for one in found.values()), 2),
            "goal": GOAL, "queries": max(one["queries"] for one in found.values()), "goal_queries": GOAL_QUERIES,
            "applications": MANY, "kinds": KINDS // 2,
            "ms": {tab: {name: round(ms, 2) for name, ms in one.items()} for tab, one in found.items()}}  # fmt: skip
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
