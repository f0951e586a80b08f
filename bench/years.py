"""Years of a busy district's cases in minutes: generated in the database from one real case, not one by one.

The same inflow whatever the number: 14,000 cases a day, so that more cases are more years. The newest two days
are open, everything older is closed; places, organisations and words are spread evenly. Generated, and of no
use but for measuring.
"""

from typing import Any

A_DAY = 14_000
OPEN = 2 * A_DAY
ENTRIES = 6
WORDS = ("井盖", "路灯", "油烟", "噪音", "垃圾", "停车", "积水", "漏水", "摊贩", "树枝", "围挡",
         "污水", "扬尘", "广告", "电梯")  # fmt: skip
PLACES = ("小区", "路口", "市场", "学校", "医院", "公园", "地铁", "广场", "河边", "工地")


def template() -> Any:
    """One real case, taken on by its handler; the others are made from its rows."""
    from shanzhi.cases.tests.district import brought_to

    return brought_to("handling")


def grow(number: int, case: Any) -> None:
    """Adds cases until there are so many, with their entries, clocks, words and facts; then VACUUM ANALYZE."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers, no checks of foreign keys
        cursor.execute("SELECT count(*) FROM cases_case")
        [have] = cursor.fetchone()
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_grid AS SELECT row_number() OVER () - 1 AS n, code, lon, lat "
                       "FROM places_area WHERE level = 'grid'")  # fmt: skip
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_org AS SELECT row_number() OVER () - 1 AS n, key "
                       "FROM orgs_org WHERE open")  # fmt: skip
        for sql in (_cases(), CLOCKS, SEARCH, FACTS, _entries()):
            cursor.execute(sql, {"first": have + 1, "last": number, "case": case.id, "open": OPEN, "a_day": A_DAY,
                                 "words": list(WORDS), "places": list(PLACES)})  # fmt: skip
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM (ANALYZE)")  # as the server does by itself after a while


def _cases() -> str:
    from shanzhi.cases.models import Case

    changed = {
        "id": "md5('case' || i)::uuid",
        "number": "900000000 + i",
        "open": "i <= %(open)s",
        "state": "CASE WHEN i <= %(open)s THEN t.state ELSE 'closed' END",
        "title": "(%(places)s::text[])[1 + i %% 10] || (%(words)s::text[])[1 + i / 10 %% 15]",
        "area": "g.code",
        "lon": "g.lon + (i %% 100) / 1e5",
        "lat": "g.lat + (i / 100 %% 100) / 1e5",
        "org": "CASE WHEN i %% 50 = 0 THEN t.org ELSE o.key END",
        "person": "CASE WHEN i <= %(open)s AND i %% 500 = 0 THEN t.person END",
        "external": "NULL",
        "public": "i %% 3 = 0",
        "opened_at": "now() - i * interval '1 day' / %(a_day)s",
        "closed_at": "CASE WHEN i > %(open)s THEN now() - (i - %(open)s) * interval '1 day' / %(a_day)s END",
        "due_at": "CASE WHEN i <= %(open)s THEN now() + (%(open)s / 2 - i) * interval '1 day' / %(a_day)s END",
    }
    columns = [str(field.column) for field in Case._meta.concrete_fields]
    values = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    return f"""INSERT INTO cases_case ({", ".join(columns)}) SELECT {values}
        FROM generate_series(%(first)s, %(last)s) i CROSS JOIN (SELECT * FROM cases_case WHERE id = %(case)s) t
        JOIN bench_grid g ON g.n = i * 7 %% (SELECT count(*) FROM bench_grid)
        JOIN bench_org o ON o.n = i %% (SELECT count(*) FROM bench_org)"""


CLOCKS = """INSERT INTO cases_clock SELECT (jsonb_populate_record(NULL::cases_clock,
        to_jsonb(k) || jsonb_build_object('case_id', md5('case' || i)::uuid))).*
    FROM generate_series(%(first)s, least(%(last)s, %(open)s)) i
    CROSS JOIN (SELECT * FROM cases_clock WHERE case_id = %(case)s) k"""
SEARCH = """INSERT INTO cases_search (case_id, words)
    SELECT md5('case' || i)::uuid, array_to_tsvector(ARRAY[
        '@' || to_char(now() - i * interval '1 day' / %(a_day)s, 'YYYYMM'),
        (%(places)s::text[])[1 + i %% 10], (%(words)s::text[])[1 + i / 10 %% 15], 'w' || i %% 5000])
    FROM generate_series(%(first)s, %(last)s) i"""
FACTS = """INSERT INTO insight_fact
    SELECT (jsonb_populate_record(NULL::insight_fact, to_jsonb(f) || jsonb_build_object(
        'case_id', c.id, 'day', c.opened_at::date, 'area', c.area,
        'org', c.org, 'open', c.open, 'opened_at', c.opened_at, 'closed_at', c.closed_at,
        'closed_day', c.closed_at::date, 'due_at', c.due_at, 'valid', c.number %% 20 > 0,
        'handle_on_time', c.number %% 7 > 0, 'solved', c.number %% 5 > 0))).*
    FROM cases_case c CROSS JOIN (SELECT * FROM insight_fact WHERE case_id = %(case)s) f
    WHERE c.number BETWEEN 900000000 + %(first)s AND 900000000 + %(last)s"""


def _entries() -> str:
    return f"""INSERT INTO journal_entry (id, xact, stream, seq, kind, county, at, actor, data, hash)
        SELECT md5('entry' || i || '.' || s)::uuid, 3, md5('case' || i)::uuid, s, e.kind, e.county,
            now() - i * interval '1 day' / %(a_day)s, e.actor, e.data, e.hash
        FROM generate_series(%(first)s, %(last)s) i CROSS JOIN generate_series(1, {ENTRIES}) s
        CROSS JOIN (SELECT * FROM journal_entry WHERE stream = %(case)s AND seq = 2) e"""
