"""How PostgreSQL answers the main pages: EXPLAIN (ANALYZE, BUFFERS) of each statement that reads a large table.

`PLANS=docs/plans.md SMALL=… CASES=… make bench NAME=desk` writes them down, at the larger number.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LARGE = ("cases_", "journal_", "insight_", "desk_done")
Plan = tuple[str, str]
HEAD = """# Query plans

How PostgreSQL answers the main pages: each statement of a page that reads a large table, with its plan, as
`EXPLAIN (ANALYZE, BUFFERS)` gave it in a district of {big:,} cases. Written by
`PLANS=docs/plans.md SMALL={small} CASES={big} make bench NAME=desk`; do not change it by hand. The times are those of
one run on a busy machine and are worth little; what counts is how many rows and pages are looked at, and that the
numbers stay the same when the years go by: the pages ("buffers") read with {small:,} cases stand beside them.
"""


def explained(page: Callable[[], Any]) -> list[Plan]:
    """The statements of a page with their plans; run once more by EXPLAIN, as they were."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with prepared() as known, CaptureQueriesContext(connection) as caught:
        page()
    found = []
    for query in caught.captured_queries:
        sql, params = query["sql"], known.get(query["sql"])
        if sql.startswith(("SELECT", "WITH")) and any(name in sql for name in LARGE):
            rows = connection.connection.execute(
                f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}", params
            ).fetchall()
            found.append((sql, "\n".join(row[0] for row in rows)))
    return found


@contextmanager
def prepared() -> Iterator[dict[str, Any]]:
    """The parameters of those statements that go past the ORM, which the log of Django leaves out."""
    from shanzhi.journal import tables

    known: dict[str, Any] = {}
    run = tables._run

    def noted(sql: str, params: Any, *more: Any) -> Any:
        known[sql] = params
        return run(sql, params, *more)

    tables._run = noted  # type: ignore[assignment]  # takes whatever the statement is asked for
    try:
        yield known
    finally:
        tables._run = run


def written(file: Path, small: int, big: int, found: dict[str, list[list[Plan]]]) -> None:
    """The plans as a page of the handbook: for each page those with few cases (counted) and with many (shown)."""
    parts = [HEAD.format(small=small, big=big)]
    for name, (few, many) in found.items():
        parts.append(f"## {name[0].upper()}{name[1:]}\n")
        for number, (sql, plan) in enumerate(many):
            before = buffers(few[number][1]) if number < len(few) else 0
            parts.append(f"{buffers(plan):,} pages of the database ({before:,} with {small:,} cases)\n")
            parts.append(f"```sql\n{shortened(sql)}\n```\n\n```text\n{cut(plan)}\n```\n")
    file.write_text("\n".join(parts))


def buffers(plan: str) -> int:
    """The pages that a whole statement has looked at: the first line of its plan that says so."""
    line = next((one for one in plan.splitlines() if "Buffers:" in one), "")
    return sum(int(n) for n in re.findall(r"(?:hit|read)=(\d+)", line))


def shortened(sql: str) -> str:
    """Without the long list of columns."""
    sql = sql.replace('"', "").replace("cases_case.", "")
    sql = re.sub(r"^SELECT (id AS|id,).{200,}? FROM cases_case", "SELECT … FROM cases_case", sql)
    return sql if len(sql) < 1_500 else f"{sql[:900]} … {sql[-400:]}"


def cut(plan: str) -> str:
    """Long conditions cut, planning left out."""
    lines = [line if len(line) < 180 else f"{line[:170]} …" for line in plan.splitlines()]
    return "\n".join(line for line in lines if not line.startswith("Planning") and "Buckets:" not in line)
