"""Calls that were answered at once (咨询直接解答) in a month: they are no cases, but they are work, and are counted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shanzhi.base.clock import BEIJING
from shanzhi.base.codes import span
from shanzhi.hotline import months
from shanzhi.hotline.queries import answers
from shanzhi.hotline.queries.ranks import Month
from shanzhi.journal.tables import run
from shanzhi.places.queries import county

MOST = 8
NO_ORG = "%s::text[] IS NULL"  # a call belongs to no organisation: who sees only his own's figures sees none


@dataclass(frozen=True, slots=True)
class Answered:
    """How many were answered at once, how many calls there were, and what was asked most (the question, how often)."""

    consultations: int
    calls: int
    asked: tuple[tuple[str, int], ...]


def answered(wanted: Month) -> Answered:
    """What came in a month of what the asker sees; one statement."""
    condition, params = _condition(wanted)
    sql = f"""SELECT kind = 'consultation', answer, count(*) FROM hotline_call WHERE {condition}
        GROUP BY 1, 2 ORDER BY 3 DESC, 2"""
    rows = [(bool(at_once), str(key), int(n)) for at_once, key, n in run(sql, params)]
    asked = [(answers.question(key), n) for at_once, key, n in rows if at_once and key]
    return Answered(
        sum(n for at_once, _, n in rows if at_once), sum(n for *_, n in rows), tuple(asked[:MOST])
    )


def _condition(wanted: Month) -> tuple[str, list[Any]]:
    """Calls of the month; whose place is not known they count only for who sees the whole district."""
    values: list[Any] = [_begin(wanted.month), _begin(months.after(wanted.month))]
    parts = ["at >= %s AND at < %s"]
    if not (wanted.reach.everything or wanted.reach.covers(county())):
        where, params = wanted.reach.where(area="area", org=NO_ORG)
        parts.append(where)
        values += params
    if wanted.area:
        parts.append("area >= %s AND area < %s")
        values += span(wanted.area)
    return " AND ".join(parts), values


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)
