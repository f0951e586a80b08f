"""Search: do the right messages come among the first ten? Ours beside LIKE and a plain tsvector, in one run.

Run: make bench NAME=search (MESSAGES=path to the messages.csv of the public message set, see docs/figures.md).
`search_queries.csv` holds 100 queries as somebody at a desk would type them, each with the ids of the messages
it is about, marked by hand. Recall: of those marked, how many are among the first ten, the mean of all queries.
"""

import csv
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench import stand

FIRST = 10
QUERIES = Path(__file__).with_name("search_queries.csv")
LIKE = """SELECT external FROM cases_case WHERE {} ORDER BY opened_at DESC LIMIT 10"""
PLAIN = """SELECT external FROM bench_plain, plainto_tsquery('simple', %s) q WHERE words @@ q
    ORDER BY ts_rank(words, q) DESC LIMIT 10"""
Search = Callable[[str], list[str]]


def marked() -> list[tuple[str, set[str]]]:
    with QUERIES.open(newline="") as file:
        return [(row["query"], set(row["ids"].split())) for row in csv.DictReader(file)]


def load(path: Path) -> int:
    """The messages as cases, and their words kept as the reader keeps them."""
    from shanzhi.base.clock import BEIJING
    from shanzhi.cases import actions, search
    from shanzhi.cases.opening import Report
    from shanzhi.journal.queries import FIELDS, entry
    from shanzhi.journal.tables import run
    from shanzhi.orgs.actor import Actor

    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for start in range(0, len(rows), 200):
        reports = [
            Report("complaint", row["text"], title=row["title"], external=row["id"], channel="letters",
                   area="510107005", at=_time(row["time"], BEIJING))
            for row in rows[start : start + 200]
        ]  # fmt: skip
        actions.open_many(Actor.system(), reports)
    entries = [entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry", [])]
    for start in range(0, len(entries), 500):
        search.keep(entries[start : start + 500])
    return len(rows)


def _time(text: str, zone: object) -> datetime:
    form = "%Y/%m/%d %H:%M:%S" if "/" in text else "%Y-%m-%d %H:%M:%S"
    return datetime.strptime(text, form).replace(tzinfo=zone)  # type: ignore[arg-type]


def rows(sql: str, params: list[str]) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def ours(query: str) -> list[str]:
    from shanzhi.cases import search
    from shanzhi.cases.models import Case
    from shanzhi.orgs.actor import Actor

    best = search.best(Actor.system(), query)[:FIRST]
    known = dict(Case.objects.filter(pk__in=best).values_list("id", "external"))
    return [str(known[id_]) for id_ in best]


def like(query: str) -> list[str]:
    """Each word between spaces is somewhere in title or text, the newest first."""
    words = query.split()
    condition = " AND ".join("(title || ' ' || text) ILIKE %s" for _ in words)
    return rows(LIKE.format(condition), [f"%{word}%" for word in words])


def like_cut(query: str) -> list[str]:
    """The same with the words as our own segmentation cuts them: the best that LIKE can do."""
    from shanzhi.language.words import asked

    return like(" ".join(asked(query)))


def plain(query: str) -> list[str]:
    """PostgreSQL's own words, which for Chinese are whole clauses."""
    return rows(PLAIN, [query])


def measured(search: Search) -> tuple[float, float]:
    """Mean recall among the first ten, median milliseconds."""
    recalls, times = [], []
    for query, wanted in marked():
        begin = time.perf_counter()
        found = search(query)[:FIRST]
        times.append(time.perf_counter() - begin)
        recalls.append(len(wanted & set(found)) / len(wanted))
        if not wanted <= set(found) and search is ours:
            stand.complain(f"missed: {query} {sorted(wanted - set(found))}".encode())
    return sum(recalls) / len(recalls), median(times) * 1000


def searches() -> Iterator[tuple[str, Search]]:
    yield "LIKE", like
    yield "LIKE, words cut by ours", like_cut
    yield "tsvector without segmentation", plain
    yield "ours", ours


def main() -> None:
    path = Path(os.environ.get("MESSAGES", "../shared/data/hotline/messages.csv"))
    if not path.exists():
        raise SystemExit(f"{path} is missing: MESSAGES=… names the messages (see docs/figures.md)")
    stand.home()
    stand.district()
    from django.db import connection

    messages = load(path)
    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TABLE bench_plain AS SELECT external, to_tsvector('simple', title || ' ' || text) AS words
            FROM cases_case; CREATE INDEX ON bench_plain USING gin (words); ANALYZE"""
        )
    ours("路灯")  # the dictionary is read once
    found = {name: measured(search) for name, search in searches()}
    connection.close()
    shown(found, messages)


def shown(found: dict[str, tuple[float, float]], messages: int) -> None:
    table = Table("search", "recall@10", "median ms", title=f"search: 100 queries over {messages} messages")
    for name, (recall, ms) in found.items():
        table.add_row(name, f"{recall:.3f}", f"{ms:.1f}")
    Console(stderr=True).print(table)
    recall, ms = found["ours"]
    result = {"bench": "search", "ratio": round(recall, 3), "goal": 0.95, "like": round(found["LIKE"][0], 3)}
    result |= {"like_cut": round(found["LIKE, words cut by ours"][0], 3)}
    result |= {
        "plain": round(found["tsvector without segmentation"][0], 3),
        "ms": round(ms, 1),
        "messages": messages,
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
