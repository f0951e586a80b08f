"""Years of a busy district's cases in minutes: made in the database from a few dozen real cases, not one by one.

The same inflow whatever the number: 14,000 cases a day, so that more cases are more years. The newest two days
are open, everything older is closed; places, organisations, categories and words are spread evenly. Each case is
the copy of a template that was run through the engine (`templates`), moved in time: its row, its entries in the
partitions of their months, reporter, words and facts. Left out, because no page that is measured reads them: the
chain of hashes (each entry has its template's, so `verify` would complain), ratings, what people did before the last
30 days; and, so that it fits on a disk (whole entries take 1.2 kB each), of all but the newest 100,000 cases the
clocks and whatever the entries say besides move, state and owner. The tables are not logged and get their indices
after the rows, as a restore would do. Generated, and of no use but for measuring.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

A_DAY = 14_000
OPEN = 2 * A_DAY
WHOLE = 100_000
WITH_DOINGS = 30 * A_DAY
AT_ONCE = int(os.environ.get("AT_ONCE", "2"))
WORDS = ("井盖", "路灯", "油烟", "噪音", "垃圾", "停车", "积水", "漏水", "摊贩", "树枝", "围挡",
         "污水", "扬尘", "广告", "电梯")  # fmt: skip
PLACES = ("小区", "路口", "市场", "学校", "医院", "公园", "地铁", "广场", "河边", "工地")
HOW_OFTEN = {"reported": 3, "registered": 3, "dispatched": 6, "handling": 6, "resolved": 3, "answered": 3,
             "closed": 20, "refused": 4}  # fmt: skip
TABLES = (
    "cases_case",
    "cases_clock",
    "cases_task",
    "cases_reporter",
    "cases_search",
    "insight_fact",
    "desk_done",
)
JOURNAL = "id, xact, stream, seq, kind, county, at, actor, data, hash"


def grow(number: int) -> None:
    """Fills an empty district with so many cases; VACUUM ANALYZE at the end, as the server does by itself."""
    from shanzhi.base.clock import now
    from shanzhi.insight.sums import FILL, FILL_HEAT

    with _connection() as db:
        templates()
        base = now()
        db.execute(_prepared())
        _unlogged(db)
        indices = _dropped(db)
    parts = list(_months(base, number))
    _each(lambda part: _fill(base, *part), parts)
    with _connection() as db:
        db.execute(_clocks(), {"newest": 1, "oldest": min(number, WHOLE)})
        db.execute(TASKS)
    _each(_indexed, indices)
    _each(_vacuumed, TABLES)
    with _connection() as db:
        db.execute(FILL)
        db.execute(FILL_HEAT)
        db.execute("ANALYZE")


def templates() -> None:
    """Cases run through the engine up to each of its states; what the readers of the journal keep of them too."""
    from shanzhi.cases import search
    from shanzhi.cases.tests.district import brought_to, opened, step
    from shanzhi.desk.jobs import keep as keep_doings
    from shanzhi.insight.jobs import refresh
    from shanzhi.journal.queries import stream

    for state, times in HOW_OFTEN.items():
        for _ in range(times):
            case = (
                step(opened().id, "wulian", "refuse", reason="重复")
                if state == "refused"
                else brought_to(state)
            )
            entries = stream(case.id)
            search.keep(entries)
            keep_doings(entries)
            refresh([case.id])


def _connection() -> Any:
    """A connection of its own, so that several work at the same time; no triggers, no checks of foreign keys."""
    import psycopg
    from django.db import connection

    given = connection.get_connection_params()
    found = psycopg.connect(
        dbname=given["dbname"],
        user=given.get("user"),
        host=given.get("host"),
        port=given.get("port"),
        autocommit=True,
    )
    found.execute("SET session_replication_role = replica")
    found.execute("SET maintenance_work_mem = '1500MB'")
    found.execute("SET work_mem = '128MB'")
    found.execute("SET enable_nestloop = off")  # the tables are not analyzed while they are filled
    return found


def _each(work: Callable[[Any], None], things: Any) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, things))


def _prepared() -> str:
    words = ", ".join(f"('{word}')" for word in WORDS)
    places = ", ".join(f"('{place}')" for place in PLACES)
    return f"""
    CREATE TABLE bench_template AS SELECT (row_number() OVER (PARTITION BY open ORDER BY id) - 1)::int AS n,
        open, id AS case_id, opened_at FROM cases_case;
    CREATE TABLE bench_entry AS SELECT t.n, t.open, count(*) OVER (PARTITION BY e.stream)::int AS many, e.*,
        jsonb_build_object('set', jsonb_build_object('state', e.data->'set'->'state', 'org', e.data->'set'->'org'),
            'facts', (e.data->'facts') - 'why') AS short
        FROM journal_entry e JOIN bench_template t ON t.case_id = e.stream;
    CREATE TABLE bench_fact AS SELECT t.n, f.* FROM insight_fact f JOIN bench_template t USING (case_id);
    CREATE TABLE bench_clock AS SELECT t.n, t.open AS of_open, k.*
        FROM cases_clock k JOIN bench_template t USING (case_id);
    CREATE TABLE bench_grid AS SELECT (row_number() OVER (ORDER BY code) - 1)::int AS n, code, lon, lat
        FROM places_area WHERE level = 'grid';
    CREATE TABLE bench_org AS SELECT (row_number() OVER (ORDER BY key) - 1)::int AS n, key FROM orgs_org WHERE open;
    CREATE TABLE bench_category AS SELECT (row_number() OVER (ORDER BY code) - 1)::int AS n, code
        FROM rules_category WHERE level = 2;
    CREATE TABLE bench_word AS SELECT (row_number() OVER () - 1)::int AS n, w FROM (VALUES {words}) v(w);
    CREATE TABLE bench_place AS SELECT (row_number() OVER () - 1)::int AS n, w FROM (VALUES {places}) v(w);
    ANALYZE;
    """


def _unlogged(db: Any) -> None:
    """Those that refer to others first."""
    for table in reversed(TABLES):
        if table == "cases_case":
            for other in ("cases_request", "cases_rating"):
                db.execute(f"ALTER TABLE {other} SET UNLOGGED")
        db.execute(f"ALTER TABLE {table} SET UNLOGGED, SET (autovacuum_enabled = false)")


def _dropped(db: Any) -> list[str]:
    """The definitions of the indices that no constraint needs; they are dropped."""
    rows = db.execute(
        """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique""",
        [list(TABLES)],
    ).fetchall()
    for name, _ in rows:
        db.execute(f"DROP INDEX {name}")
    return [definition for _, definition in rows]


def _indexed(definition: str) -> None:
    with _connection() as db:
        db.execute(definition)


def _vacuumed(table: str) -> None:
    with _connection() as db:
        db.execute(f"VACUUM (ANALYZE) {table}")


def _months(base: datetime, number: int) -> Iterator[tuple[str, str, str, int, int]]:
    """The months with the cases of each, the oldest first: name, first ids, and from which case to which."""
    from shanzhi.base.ids import time_of
    from shanzhi.journal.queries import months

    years = number // A_DAY // 365 + 2
    for name, low, high in months(base.replace(year=base.year - years), years * 12 + 1):
        newest = int(max(0, (base - time_of(high)).total_seconds() * A_DAY / 86_400)) + 1
        oldest = min(number, int((base - time_of(low)).total_seconds() * A_DAY / 86_400))
        if newest <= oldest:
            yield name, str(low), str(high), newest, oldest


def _fill(base: datetime, name: str, low: str, high: str, newest: int, oldest: int) -> None:
    """A month: its cases, then what belongs to them; its partition gets its indices and is put in place."""
    from uuid import UUID

    from shanzhi.base.ids import time_of

    table = f"journal_entry_{name}"
    given = {"newest": newest, "oldest": oldest, "base": base, "open": OPEN, "a_day": A_DAY,
             "end": time_of(UUID(high)), "doings": WITH_DOINGS}  # fmt: skip
    with _connection() as db:
        _aside(db, table)
        for sql in (_cases(), _entries(table), REPORTERS, SEARCH, _facts()):
            db.execute(sql, given)
        if newest < WITH_DOINGS:
            db.execute(_doings(table), given)
        db.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id)")
        db.execute(f"CREATE INDEX ON {table} (stream, seq)")
        db.execute(f"CREATE INDEX ON {table} (xact, id)")
        db.execute(f"VACUUM (FREEZE, ANALYZE) {table}")
        db.execute(
            f"ALTER TABLE journal_entry ATTACH PARTITION {table} FOR VALUES FROM ('{low}') TO ('{high}')"
        )


def _aside(db: Any, table: str) -> None:
    """The month's table out of the journal and without indices, whether it is there already or not."""
    [there] = db.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    if not there:
        db.execute(
            f"CREATE UNLOGGED TABLE {table} (LIKE journal_entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        )
        return
    db.execute(f"ALTER TABLE journal_entry DETACH PARTITION {table}")
    db.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey")
    for (index,) in db.execute(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass", [table]
    ):
        db.execute(f"DROP INDEX {index}")
    db.execute(f"ALTER TABLE {table} SET UNLOGGED")


CLOSED_ONES = HOW_OFTEN["closed"] + HOW_OFTEN["refused"]
OPEN_ONES = sum(HOW_OFTEN.values()) - CLOSED_ONES
NTH = f"(c.number - 900000000)::int %% CASE WHEN c.open THEN {OPEN_ONES} ELSE {CLOSED_ONES} END"
MADE = "c.number BETWEEN 900000000 + %(newest)s AND 900000000 + %(oldest)s"


def _cases() -> str:
    from shanzhi.cases.models import Case

    opened = "%(base)s - i * interval '1 day' / %(a_day)s"
    waits = "t.state IN ('reported', 'registered')"
    changed = {
        "id": f"uuidv7({opened} - clock_timestamp())",
        "number": "900000000 + i",
        "title": "p.w || w.w",
        "category": "k.code",
        "area": "g.code",
        "lon": "g.lon + (i %% 100) / 1e5",
        "lat": "g.lat + (i / 100 %% 100) / 1e5",
        "org": f"CASE WHEN {waits} OR i %% 50 = 0 THEN t.org ELSE o.key END",
        "person": "CASE WHEN i %% 500 = 0 THEN t.person END",
        "external": "NULL",
        "public": "i %% 3 = 0",
        "opened_at": opened,
        "closed_at": f"CASE WHEN NOT t.open THEN {opened} + interval '6 hours' * (t.seq - 1) END",
        "due_at": "CASE WHEN t.open THEN %(base)s + (%(open)s / 2 - i) * interval '1 day' / %(a_day)s END",
    }
    columns = [str(field.column) for field in Case._meta.concrete_fields]
    values = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    return f"""INSERT INTO cases_case ({", ".join(columns)}) SELECT {values}
        FROM generate_series(%(oldest)s, %(newest)s, -1) i
        JOIN bench_template b ON b.open = (i <= %(open)s)
            AND b.n = CASE WHEN i <= %(open)s THEN i %% {OPEN_ONES} ELSE i %% {CLOSED_ONES} END
        JOIN cases_case t ON t.id = b.case_id
        JOIN bench_grid g ON g.n = i * 7::bigint %% (SELECT count(*) FROM bench_grid)
        JOIN bench_org o ON o.n = i %% (SELECT count(*) FROM bench_org)
        JOIN bench_category k ON k.n = i %% (SELECT count(*) FROM bench_category)
        JOIN bench_place p ON p.n = i %% {len(PLACES)}
        JOIN bench_word w ON w.n = i / {len(PLACES)} %% {len(WORDS)}"""


def _entries(table: str) -> str:
    at = """c.opened_at + interval '1 ms' + (e.seq - 1) * CASE WHEN c.open
        THEN (%(base)s - c.opened_at) / e.many ELSE interval '6 hours' END"""
    last = "%(end)s - interval '1 s'"
    return f"""INSERT INTO {table} ({JOURNAL})
        SELECT uuidv7(least({at}, {last}) - clock_timestamp()), 3, c.id, e.seq, e.kind, e.county, {at}, e.actor,
            CASE WHEN c.number <= 900000000 + {WHOLE} THEN e.data ELSE e.short END, e.hash
        FROM cases_case c JOIN bench_entry e ON e.open = c.open AND e.n = {NTH} WHERE {MADE}"""


REPORTERS = f"""INSERT INTO cases_reporter (case_id, name, account, person, channel, since, origin, active)
    SELECT c.id, 'r1', CASE WHEN c.number %% 3 = 0 THEN 1000000 + c.number %% 300000 END, NULL, c.channel,
        c.opened_at, NULL, true FROM cases_case c WHERE {MADE}"""
SEARCH = f"""INSERT INTO cases_search (case_id, words)
    SELECT c.id, array_to_tsvector(ARRAY['@' || to_char(c.opened_at AT TIME ZONE 'UTC', 'YYYYMM'),
        '@' || to_char(c.opened_at AT TIME ZONE 'UTC', 'YYYYMMDD'), left(c.title, 2), right(c.title, 2), c.category,
         '楼下', 'v' || c.number %% 300, 'w' || c.number %% 5000, 'x' || c.number %% 70000])
    FROM cases_case c WHERE {MADE}"""


TASKS = """INSERT INTO cases_task (case_id, name, org, kind, status, since, asked, result, person, done_at)
    SELECT c.id, 't1', o.key, 'help', CASE WHEN c.open THEN 'open' ELSE 'done' END, c.opened_at, '', '', NULL,
        c.closed_at
    FROM cases_case c JOIN bench_org o ON o.n = (c.number / 10) % (SELECT count(*) FROM bench_org)
    WHERE c.number > 900000000 AND c.number % 10 = 0"""


def _clocks() -> str:
    """Of the newest cases only, closed ones too."""
    from shanzhi.cases.models import ClockRow

    columns = [str(field.column) for field in ClockRow._meta.concrete_fields if field.column != "case_id"]
    return f"""INSERT INTO cases_clock (case_id, {", ".join(columns)}) SELECT c.id, k.{", k.".join(columns)}
        FROM cases_case c JOIN bench_clock k ON k.of_open = c.open AND k.n = {NTH} WHERE {MADE}"""


def _facts() -> str:
    from shanzhi.insight.jobs import COLUMNS

    changed = {"case_id": "c.id", "day": "(c.opened_at AT TIME ZONE 'Asia/Shanghai')::date",
               "closed_day": "(c.closed_at AT TIME ZONE 'Asia/Shanghai')::date",
               "handle_on_time": "c.number %% 7 > 0", "solved": "c.number %% 5 > 0"}  # fmt: skip
    for hours, step in ((6, "registered_at"), (12, "dispatched_at"), (24, "handled_at"), (30, "verified_at")):
        changed[step] = f"CASE WHEN f.{step} IS NOT NULL THEN c.opened_at + interval '{hours} hours' END"
    for column in ("area", "org", "type", "category", "channel", "open", "opened_at", "closed_at", "due_at"):
        changed[column] = f"c.{column}"
    values = ", ".join(changed.get(column, f"f.{column}") for column in COLUMNS)
    return f"""INSERT INTO insight_fact ({", ".join(COLUMNS)}) SELECT {values}
        FROM cases_case c JOIN bench_fact f ON f.open = c.open AND f.n = {NTH} WHERE {MADE}"""


def _doings(table: str) -> str:
    return f"""INSERT INTO desk_done (entry, account, at, case_id, kind, move)
        SELECT e.id, substr(e.actor, 9)::bigint, e.at, e.stream, e.kind, coalesce(e.data->'facts'->>'move', '')
        FROM {table} e JOIN cases_case c ON c.id = e.stream
        WHERE e.actor LIKE 'account:%%' AND c.number BETWEEN 900000001 AND 900000000 + %(doings)s"""


def sizes() -> str:
    """What there is, and how much room it takes."""
    with _connection() as db:
        cases, entries = db.execute(
            "SELECT (SELECT count(*) FROM cases_case), (SELECT count(*) FROM journal_entry)"
        ).fetchone()
        rows = db.execute(
            """SELECT coalesce(p.relname, c.relname), pg_size_pretty(sum(pg_total_relation_size(c.oid)))
            FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
            WHERE c.relkind = 'r' GROUP BY 1 ORDER BY sum(pg_total_relation_size(c.oid)) DESC LIMIT 8"""
        ).fetchall()
    return f"{cases:,} cases, {entries:,} entries; " + ", ".join(f"{name} {size}" for name, size in rows)
