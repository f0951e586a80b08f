"""Finding cases by their words: a reader of the journal keeps them, a search asks for them.

Beside the case tables, so that a new case does not wait for its words: they follow within a second. The day and the
month of a case are kept as words of their own (`@20261125`, `@202611`), so that the index alone answers "these
words, in these days": a search looks at the newest days first, then at months, and stops when it has enough, however
many years there are.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q
from django.db.models.expressions import RawSQL

from shanzhi.base.clock import now
from shanzhi.cases.models import Case
from shanzhi.cases.queries import visible_to
from shanzhi.journal.entry import Entry
from shanzhi.journal.tables import run
from shanzhi.language.words import asked, kept, normal, scores
from shanzhi.orgs.actor import Actor
from shanzhi.rules.queries import categories

WRITTEN = ("title", "text", "address", "category")
MOST = 200  # cases that a search looks through for the best, the newest first
FEW = 10  # so many at least, or else those are found too that hold only some of the words
DAYS = (3, 11)  # days that are looked through one after another,
WINDOWS = (2, 4, 18)  # then months, then whatever is older

KEEP = """INSERT INTO cases_search (case_id, words)
SELECT case_id, array_to_tsvector(words) FROM json_to_recordset(%s::json) AS r(case_id uuid, words text[])
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words"""
HAVING = "SELECT case_id FROM cases_search WHERE words @@ %s::tsquery"


def keep(entries: Sequence[Entry]) -> None:
    """Keeps the words of the cases whose text was written in these entries."""
    written = {e.stream for e in entries if not e.data.get("set", {}).keys().isdisjoint(WRITTEN)}
    if not written:
        return
    rows = Case.objects.filter(pk__in=written).values("id", "opened_at", *WRITTEN)
    found = [
        {"case_id": row["id"], "words": [*time_words(row["opened_at"]), *kept(whole(row))]} for row in rows
    ]
    run(KEEP, [orjson.dumps(found).decode()])


def whole(row: dict[str, Any]) -> str:
    """All that a case is found by: its own words and the name of its category."""
    category = categories().get(row["category"])
    return "\n".join([row["title"], row["text"], row["address"], category.name("zh") if category else ""])


def time_words(at: datetime) -> tuple[str, str]:
    """The words for when a case was reported."""
    return month_word(at), day_word(at)


def month_word(at: datetime | date) -> str:
    """The word for a month (in UTC); no text holds one, for `kept` leaves the @ out."""
    return f"@{at:%Y%m}"


def day_word(at: datetime | date) -> str:
    return f"@{at:%Y%m%d}"


def windows(today: date) -> Iterator[tuple[str, ...]]:
    """What to look through, as words, the newest first: days, months that hold these again, then all (empty)."""
    passed = 0
    for size in DAYS:
        yield tuple(day_word(today - timedelta(days=passed + i)) for i in range(size))
        passed += size
    last = today.year * 12 + today.month - 1
    for size in WINDOWS:
        months = range(last, last - size, -1)
        yield tuple(month_word(date(month // 12, month % 12 + 1, 1)) for month in months)
        last -= size
    yield ()


def having(words: Sequence[str], *, least: int | None = None, times: Sequence[str] = ()) -> Q:
    """Cases with at least so many of these words (all, if it is not said); of these times, if any are named."""
    groups = combinations(words, len(words) if least is None else least)
    text = " | ".join(f"({' & '.join(map(_literal, group))})" for group in groups)
    if times:
        text = f"({text}) & ({' | '.join(map(_literal, times))})"
    return Q(pk__in=RawSQL(HAVING, [text]))


def _literal(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def best(actor: Actor, text: str, *, filters: Q | None = None) -> list[UUID]:
    """The cases that answer a search best, at most 200; those with every word before all others.

    Among the newest that hold the words, by how telling these are (`scores`), the newer first on a tie. As long
    as there are few, cases are added that lack one word, then two, then those that have any.
    """
    words = asked(text)
    if not words:
        return []
    rows: dict[UUID, dict[str, Any]] = {}
    for least in steps(len(words)):
        for row in _newest(actor, words, filters or Q(), least):
            rows.setdefault(row["id"], row)
        if len(rows) >= FEW:
            break
    found = list(rows.values())
    held = [set(row["held"]) for row in found]
    titles = [{word for word in words if word in normal(row["title"])} for row in found]
    marks = scores(words, list(zip(titles, held, strict=True)))
    order = sorted(range(len(found)), key=lambda i: (len(held[i]) < len(words), -marks[i]))
    return [found[i]["id"] for i in order][:MOST]


def steps(words: int) -> list[int]:
    """How many of the words a case must hold, step by step: all, all but one, all but two, any."""
    return list(dict.fromkeys(max(1, least) for least in (words, words - 1, words - 2, 1)))


def _newest(actor: Actor, words: Sequence[str], filters: Q, least: int) -> list[dict[str, Any]]:
    held = RawSQL(_held(words), [part for word in words for part in (_literal(word), word)])
    cases = visible_to(actor).filter(filters).order_by("-opened_at", "-id").annotate(held=held)
    rows: list[dict[str, Any]] = []
    for times in windows(now().date()):
        fresh: Any = cases.filter(having(words, least=least, times=times)).values("id", "title", "held")
        known = {row["id"] for row in rows}
        rows += [row for row in fresh[: MOST - len(rows) + len(known)] if row["id"] not in known]
        if len(rows) >= MOST:
            break
    return rows


def _held(words: Sequence[str]) -> str:
    """Which of the words a case is kept under, as an array."""
    each = ", ".join("CASE WHEN s.words @@ %s::tsquery THEN %s END" for _ in words)
    return f"(SELECT array_remove(ARRAY[{each}]::text[], NULL) FROM cases_search s WHERE s.case_id = cases_case.id)"
