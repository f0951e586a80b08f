"""Finding cases by their words: a reader of the journal keeps them, a search asks for them.

Beside the case tables, so that a new case does not wait for its words: they follow within a second. The month
of a case is kept as a word of its own (`@202611`), so that the index alone answers "these words, in these
months": a search looks at the newest months first and stops when it has enough, however many years there are.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
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
from shanzhi.language.words import asked, kept, scores
from shanzhi.orgs.actor import Actor
from shanzhi.rules.queries import categories

WRITTEN = ("title", "text", "address", "category")
MOST = 200  # cases that a search looks through for the best, the newest first
FEW = 10  # so many at least, or else those are found too that hold only some of the words
WINDOWS = (2, 4, 18)  # months that are looked through one after another; then whatever is older

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
        {"case_id": row["id"], "words": [month_word(row["opened_at"]), *kept(whole(row))]} for row in rows
    ]
    run(KEEP, [orjson.dumps(found).decode()])


def whole(row: dict[str, Any]) -> str:
    """All that a case is found by: its own words and the name of its category."""
    category = categories().get(row["category"])
    return "\n".join([row["title"], row["text"], row["address"], category.name("zh") if category else ""])


def month_word(at: datetime | date) -> str:
    """The word for a month (in UTC); no text holds one, for `kept` leaves the @ out."""
    return f"@{at:%Y%m}"


def windows(today: date) -> Iterator[tuple[str, ...]]:
    """The months to look through, as words, the newest first; empty for all that is older than those before."""
    last = today.year * 12 + today.month - 1
    for size in WINDOWS:
        months = range(last, last - size, -1)
        yield tuple(month_word(date(month // 12, month % 12 + 1, 1)) for month in months)
        last -= size
    yield ()


def having(words: Sequence[str], *, every: bool = True, months: Sequence[str] = ()) -> Q:
    """Cases with all these words, or with any of them; of these months, if any are named."""
    text = (" & " if every else " | ").join(map(_literal, words))
    if months:
        text = f"({text}) & ({' | '.join(map(_literal, months))})"
    return Q(pk__in=RawSQL(HAVING, [text]))


def _literal(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def best(actor: Actor, text: str, *, filters: Q | None = None) -> list[UUID]:
    """The cases that answer a search best, at most 200; those with every word before all others.

    Among the newest that hold the words, by how telling these are (`scores`), the newer first on a tie.
    """
    words = asked(text)
    if not words:
        return []
    found = _ranked(actor, words, filters or Q(), every=True)
    if len(found) < FEW and len(words) > 1:
        others = _ranked(actor, words, filters or Q(), every=False)
        found += [one for one in others if one not in set(found)]
    return found[:MOST]


def _ranked(actor: Actor, words: Sequence[str], filters: Q, *, every: bool) -> list[UUID]:
    rows = _newest(actor, words, filters, every=every)
    marks = scores(words, [(_among(words, r["title"]), _among(words, whole(r))) for r in rows])
    order = sorted(range(len(rows)), key=lambda i: -marks[i])
    return [rows[i]["id"] for i in order]


def _newest(actor: Actor, words: Sequence[str], filters: Q, *, every: bool) -> list[dict[str, Any]]:
    cases = visible_to(actor).filter(filters).order_by("-opened_at", "-id").values("id", *WRITTEN)
    rows: list[dict[str, Any]] = []
    for months in windows(now().date()):
        fresh = cases.filter(having(words, every=every, months=months))
        known = {row["id"] for row in rows} if not months else set()
        rows += [row for row in fresh[: MOST - len(rows) + len(known)] if row["id"] not in known]
        if len(rows) >= MOST:
            break
    return rows


def _among(words: Sequence[str], text: str) -> set[str]:
    return set(words).intersection(kept(text))
