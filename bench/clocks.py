"""Acting on due clocks among a million running ones, beside the bare indexed query, in one run.

Twice: turn by turn, as they fall due (a million clocks of seven days with three marks each bring five a second), and
all at once, as after a standstill.

Run: make bench NAME=clocks. Half a million cases with two running clocks each; some thousands are due. The
limit finds the same clocks by the same index, locks their cases and marks them, and does nothing else; a second
one writes an entry of the same size for each besides, as whoever keeps a journal must.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from bench import stand

CASES = 500_000
DUE = 6_000
A_SECOND = 5  # 1,000,000 clocks × 3 marks ÷ 7 days
TURNS = 100

FILL = """
INSERT INTO cases_case (id, number, county, type, type_version, state, open, version, seq, head, title, text,
    category, urgency, area, lon, lat, address, org, person, desk, proposed, performers, limits, channel, external,
    public, opened_at, closed_at, due_at, suspended_until, parent, merged_into, level, bounces, reworks, data)
SELECT gen_random_uuid(), nextval('cases_number'), '510107', 'complaint', 1, 'handling', true, 3, 1, '', 'bench',
    'bench', 'E0101', 'normal', '510107001012001', 104.04, 30.63, '', 'sanitation', NULL, 'centre', '', '{}', '{}',
    'bench', NULL, false, now(), NULL, now() + interval '5 days', NULL, NULL, NULL, 0, 0, 0, '{}'
FROM generate_series(1, %s)"""
CLOCKS = """
INSERT INTO cases_clock (case_id, name, kind, working, span, warn_at, on_breach, status, spent, since, due, next_at,
    lamp, breached_at, stopped_at, pause_reason, provisional)
SELECT id, k, k, false, 604800, '[0.5, 0.8]', 'escalate', 'running', 0, now(), now() + interval '7 days',
    now() + (1 + random()) * interval '3 days', 0, NULL, NULL, '', false
FROM cases_case, unnest(ARRAY['handle', 'case']) k"""
MAKE_DUE = """
UPDATE cases_clock SET since = now() - interval '4 days', due = now() + interval '3 days',
    next_at = now() - interval '1 hour', lamp = 0
WHERE (case_id, name) IN (SELECT case_id, 'handle' FROM cases_clock WHERE name = 'case' AND next_at > now() LIMIT %s)"""
BARE = """
WITH due AS (
    SELECT k.case_id, k.name FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
    WHERE k.next_at <= now() ORDER BY k.next_at LIMIT 500 FOR UPDATE OF c, k SKIP LOCKED
) UPDATE cases_clock k SET lamp = 0.5, next_at = now() + interval '2 days' FROM due
WHERE k.case_id = due.case_id AND k.name = due.name"""

WITH_ENTRY = """
WITH due AS (
    SELECT k.case_id, k.name FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
    WHERE k.next_at <= now() ORDER BY k.next_at LIMIT 500 FOR UPDATE OF c, k SKIP LOCKED
), entry AS (
    INSERT INTO journal_entry (id, stream, seq, kind, county, at, actor, data, hash)
    SELECT uuidv7(), due.case_id, 2, 'case.clock', '510107', now(), 'system', jsonb_build_object('set', '{}'::jsonb,
        'clocks', jsonb_build_object(k.name, to_jsonb(k)), 'facts', '{"lamps": {"handle": 0.5}}'::jsonb), sha256('x')
    FROM due JOIN cases_clock k ON k.case_id = due.case_id AND k.name = due.name
), head AS (
    UPDATE cases_case c SET seq = seq + 1, head = sha256('x') FROM due WHERE c.id = due.case_id
) UPDATE cases_clock k SET lamp = 0.5, next_at = now() + interval '2 days' FROM due
WHERE k.case_id = due.case_id AND k.name = due.name"""


def limit(sql: str) -> float:
    """Clocks a second that a statement finds and marks, some hundred at a time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, [DUE])
        began, done = time.perf_counter(), 0
        while True:
            cursor.execute(sql)
            if not cursor.rowcount:
                return done / (time.perf_counter() - began)
            done += cursor.rowcount


def turn(act: Callable[[], object]) -> float:
    """Milliseconds for one turn with as many due clocks as a second brings."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(MAKE_DUE, [A_SECOND])
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def turns() -> dict[str, float]:
    """The median turn of the limit, of the limit with entries and of ours, taken alternately."""
    from django.db import connection

    from shanzhi.base.clock import now
    from shanzhi.cases.ticker import tick

    kinds: dict[str, Callable[[], object]] = {
        "limit": lambda: connection.cursor().execute(BARE),
        "with entries": lambda: connection.cursor().execute(WITH_ENTRY),
        "ours": lambda: tick(now()),
    }
    times = [{name: turn(act) for name, act in kinds.items()} for _ in range(TURNS)]
    return {name: round(median(one[name] for one in times), 2) for name in kinds}


def main() -> None:
    stand.home()
    stand.district()
    from django.db import connection

    from shanzhi.base.clock import now
    from shanzhi.cases.ticker import tick

    with connection.cursor() as cursor:
        cursor.execute(FILL, [CASES])
        cursor.execute(CLOCKS)
        cursor.execute("VACUUM ANALYZE cases_case, cases_clock")
    steady = turns()
    bares, entries, rates = [], [], []
    for _ in range(3):
        bares.append(limit(BARE))
        entries.append(limit(WITH_ENTRY))
        with connection.cursor() as cursor:
            cursor.execute(MAKE_DUE, [DUE])
        began, done = time.perf_counter(), 0
        while acted := tick(now()):
            done += acted
        rates.append(done / (time.perf_counter() - began))
    bare, entry, rate = max(bares), max(entries), max(rates)
    began = time.perf_counter()
    assert tick(now() - timedelta(days=1)) == 0
    idle_ms = (time.perf_counter() - began) * 1000
    rows = {
        "limit: find, lock and mark": bare,
        "the same with an entry for each": entry,
        "find, lock, decide, write and journal": rate,
    }
    stand.show(
        "clocks",
        rows,
        {
            "ratio": rate / bare,
            "cost": bare / rate,
            "cost_beside_entries": entry / rate,
            "cost_of_a_turn": steady["ours"] / steady["limit"],
        },
        running=2 * CASES,
        turn_ms=steady,
        idle_ms=round(idle_ms, 2),
    )


if __name__ == "__main__":
    main()
