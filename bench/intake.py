"""New cases a second through the real API, beside the same rows inserted by pgbench, in one run.

Run: make bench NAME=intake. Each request is authenticated, validated, placed in its grid, judged by the
urgency and responsibility rules, given its clocks and written with its journal entry, its reporter's
encrypted record and its receipt. The limit inserts rows of the same tables and sizes, one transaction each.
"""

import itertools
import json
import random
from collections.abc import Iterator
from uuid import uuid4

from bench import stand

SECONDS = 10
BULK = 500


def body(dice: random.Random) -> dict[str, object]:
    return {
        "type": "street-issue",
        "text": "菜市场东门口的人行道上堆了很多垃圾，已经三天没有人来清理，天热气味很大，老人小孩经过很不方便。",
        "category": dice.choice(["E0101", "E0102", "E0103", "E0104", "C0101", "C0102"]),
        "lon": round(dice.uniform(104.02, 104.06), 6),
        "lat": round(dice.uniform(30.63, 30.64), 6),
        "contact": {"name": "王大妈", "phone": f"138{dice.randrange(10**8):08d}"},
    }


def single(key: str, seed: int) -> Iterator[bytes]:
    dice = random.Random(seed)
    for _ in itertools.count():
        content = json.dumps(body(dice), ensure_ascii=False).encode()
        yield stand.post("/api/v1/intake/reports", content, key, f"Idempotency-Key: {uuid4()}\r\n")


def bulk(key: str, seed: int) -> Iterator[bytes]:
    dice = random.Random(seed)
    prepared = json.dumps({"reports": [body(dice) for _ in range(BULK)]}, ensure_ascii=False).encode()
    for _ in itertools.count():
        yield stand.post("/api/v1/intake/reports/bulk", prepared, key, f"Idempotency-Key: {uuid4()}\r\n")


TABLES = (
    "residents_person",
    "cases_case",
    "cases_clock",
    "cases_reporter",
    "journal_entry",
    "journal_receipt",
)


def script() -> str:
    """A pgbench script that inserts one case's rows, taken from a case that the server has just written."""
    from shanzhi.journal.tables import run

    [(case, person, number, entry, key)] = run(
        """SELECT r.case_id::text, r.person::text, c.number::text, e.id::text, t.key FROM cases_reporter r
        JOIN cases_case c ON c.id = r.case_id JOIN journal_entry e ON e.stream = c.id
        JOIN journal_receipt t ON t.answer->>'id' = c.id::text WHERE r.person IS NOT NULL LIMIT 1""",
        [],
    )
    where = {
        "residents_person": f"id = '{person}'",
        "cases_case": f"id = '{case}'",
        "journal_entry": f"stream = '{case}'",
        "journal_receipt": f"key = '{key}'",
    }
    inserts = [line for table in TABLES for line in _inserts(table, where.get(table, f"case_id = '{case}'"))]
    replaced = {
        f"'{case}'": "(lpad(to_hex(:a::bigint), 16, '0') || lpad(to_hex(:b::bigint), 16, '0'))::uuid",
        f"'{person}'": "(lpad(to_hex(:b::bigint), 16, '0') || lpad(to_hex(:a::bigint), 16, '0'))::uuid",
        f"'{number}'": ":a",
        f"'{entry}'": "uuidv7()",
        f"'{key}'": "'k' || :a || '-' || :b",
    }
    text = "\n".join(inserts)
    for old, new in replaced.items():
        text = text.replace(old, new)
    head = "\\set a random(10000000000, 9000000000000000000)\n\\set b random(1, 9000000000000000000)\n"
    return f"{head}BEGIN;\n{text}\nCOMMIT;\n"


def _inserts(table: str, condition: str) -> Iterator[str]:
    """The rows of a table that meet a condition, as INSERT statements."""
    from shanzhi.journal.tables import run

    asked = """SELECT column_name::text FROM information_schema.columns
        WHERE table_name = %s AND column_name <> 'xact' AND is_identity = 'NO'"""
    columns = [column for (column,) in run(asked, [table])]
    literals = ", ".join(f"quote_nullable({column}::text)" for column in columns)
    for (values,) in run(f"SELECT ARRAY[{literals}]::text[] FROM {table} WHERE {condition}", []):
        yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(values)});"


def main() -> None:
    stand.home()
    stand.district()
    key = stand.key_for([("operator", "510107", "")])
    with stand.server() as port:
        stand.warm(port, [single(key, 900 + n) for n in range(stand.CONNECTIONS)])
        limits, singles, bulks = [], [], []
        text = script()
        for turn in range(2):
            limits.append(stand.pgbench(text, SECONDS))
            rate, bad = stand.load(
                port, [single(key, 100 * turn + n) for n in range(stand.CONNECTIONS)], SECONDS
            )
            singles.append(rate)
            many, worse = stand.load(port, [bulk(key, 50 + n) for n in range(4)], SECONDS)
            bulks.append(many * BULK)
            stand.complain(bad or worse)
    limit, one, lots = (sum(x) / len(x) for x in (limits, singles, bulks))
    rows = {
        "limit: the same rows by pgbench": limit,
        "new cases over HTTP, one by one": one,
        f"new cases over HTTP, {BULK} at a time": lots,
    }
    stand.show("intake", rows, {"ratio": one / limit, "bulk_ratio": lots / limit})


if __name__ == "__main__":
    main()
