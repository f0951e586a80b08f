"""What the dispatch looks for each minute: appointments that nobody came to, among a city's open cases.

Run: make bench NAME=appointments (CASES=100000). Open cases of the kind that is dispatched, copies of one real case,
all waiting for somebody; three in a hundred have an appointment, spread over two weeks before and after today.
Measured is `dispatch.jobs.missed`'s own statement by EXPLAIN (ANALYZE, BUFFERS), with the index that is for it and,
by turns in the same tables, without it. Beside it what the index costs: its size, and a move of a case that has an
appointment, with and without.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import stand

MANY = int(os.environ.get("CASES", "100000"))
TURNS, MOVES = 9, 60
INDEX = "cases_open_agreed"
FILL = """INSERT INTO cases_case ({columns}) SELECT {values} FROM generate_series(1, {many}) i, cases_case t
    WHERE t.id = '{case}'"""


def fill() -> None:
    """A real case that waits, and its copies; their journals are none, and nobody moves them."""
    from django.db import connection

    from shanzhi.cases.models import Case
    from shanzhi.cases.tests.district import brought_to

    case = brought_to("dispatched").id
    agreed = """CASE WHEN i % 33 = 0 THEN jsonb_build_object('visit_day', (current_date - 14 + i / 33 % 29)::text,
        'visit_part', (ARRAY['morning', 'afternoon', 'evening'])[1 + i % 3]) ELSE '{}'::jsonb END"""
    changed = {
        "id": "gen_random_uuid()", "number": "800000000 + i", "external": "'b' || i", "data": agreed,
        "opened_at": "now() - i * interval '13 seconds'",
    }  # fmt: skip
    columns = [str(field.column) for field in Case._meta.concrete_fields]
    values = [changed.get(column, f't."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(columns=names, values=", ".join(values), many=MANY, case=case))
        cursor.execute("VACUUM ANALYZE cases_case")


def looked() -> tuple[str, Any]:
    """The statement of a look, as the platform asks it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from shanzhi.base.clock import now
    from shanzhi.dispatch.actions.appointments import over

    with CaptureQueriesContext(connection) as caught:
        found = list(over(now()))
    [statement] = [one["sql"] for one in caught.captured_queries if "cases_case" in one["sql"]]
    return statement, len(found)


def explained(statement: str) -> tuple[float, int, str]:
    """Milliseconds, pages and the plan."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    took = float(re.findall(r"Execution Time: ([\d.]+)", plan)[-1])
    pages = sum(int(n) for n in re.findall(r"Buffers: shared hit=(\d+)", plan)[:1])
    return took, pages, plan


def moved() -> float:
    """Milliseconds of a move of a case that has an appointment, median."""
    from shanzhi.base.clock import now
    from shanzhi.cases.tests.district import actor, brought_to, step

    day = f"{(now() + timedelta(days=3)).date()}"
    case = brought_to("dispatched", data={"visit_day": day, "visit_part": "morning"})
    person = actor("zhaochuzhi").account
    took = []
    for n in range(MOVES):
        begin = perf_counter()
        if n % 2:
            step(case.id, "sunpaiqian", "release")
        else:
            step(case.id, "sunpaiqian", "assign", person=person)
        took.append(1000 * (perf_counter() - begin))
    return median(took)


def by_turns(work: Callable[[], Any]) -> tuple[list[Any], list[Any], str]:
    """The same with and without the index, by turns; and how large it is."""
    from django.db import connection

    with_, without, size = [], [], ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_indexdef(%s::regclass), pg_size_pretty(pg_relation_size(%s::regclass))",
            [INDEX] * 2,
        )
        definition, size = cursor.fetchone() or ("", "")
        for _turn in range(TURNS):
            with_.append(work())
            cursor.execute(f"DROP INDEX {INDEX}")
            without.append(work())
            cursor.execute(definition)
            cursor.execute("VACUUM cases_case")
    return with_, without, size


def main() -> None:
    stand.home()
    stand.district()
    fill()
    statement, found = looked()
    with_, without, size = by_turns(lambda: explained(statement))
    moves, bare, _size = by_turns(moved)
    table = Table("look", "ms, median", "pages", "a move, ms")
    for name, rows, cost in (("with the index", with_, moves), ("without", without, bare)):
        table.add_row(name, f"{median(row[0] for row in rows):.2f}", str(rows[-1][1]), f"{median(cost):.2f}")
    console = Console(file=sys.stderr, width=160)
    console.print(table)
    console.print(with_[-1][2], markup=False)
    console.print(without[-1][2], markup=False)
    line = {
        "bench": "appointments", "cases": MANY, "over": found, "ms": round(median(row[0] for row in with_), 2),
        "without_ms": round(median(row[0] for row in without), 2), "index": size,
        "move_ratio": round(median(moves) / median(bare), 3),
    }  # fmt: skip
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
