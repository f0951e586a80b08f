"""Reading figures: always of what the asker may see, each with what it is a share of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from shanzhi.base.codes import span
from shanzhi.insight.figures import ALL, FIGURES, NOW, POSTS, Figure, Value
from shanzhi.insight.periods import Period
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.permissions import Scope, require
from shanzhi.orgs.queries import scope

Group = Literal["street", "community", "org", "type", "category", "channel"] | str
GROUPS = {
    "street": "left(area, 9)",
    "community": "left(area, 12)",
    "org": "org",
    "type": "type",
    "category": "category",
    "channel": "channel",
    **{post: post for post in POSTS},
}


@dataclass(frozen=True, slots=True)
class Where:
    """Which cases are counted: those of a reach, and within it of an area, an organisation, a type …"""

    reach: Scope
    area: str = ""
    equal: tuple[tuple[str, str], ...] = field(default=())

    def sql(self) -> tuple[str, list[Any]]:
        condition, params = self.reach.where(area="area", org="org = ANY(%s)")
        parts, values = [condition], list[Any](params)
        if self.area:
            parts.append("area >= %s AND area < %s")
            values += span(self.area)
        for name, value in self.equal:
            if name not in GROUPS:
                raise ValueError(f"cases are not counted by {name}")
            parts.append(f"{GROUPS[name]} = %s")
            values.append(value)
        return " AND ".join(parts), values


def where(actor: Actor, area: str = "", **equal: str) -> Where:
    """What an actor may see figures of; raises NotSignedIn or Denied where that is nothing."""
    reach = scope(actor, "figures.view")
    require(actor, "figures.view", reach)
    return Where(reach, area, tuple((name, value) for name, value in equal.items() if value))


def figures(within: Where, period: Period) -> dict[str, Value]:
    """All figures of the cases reported in a period, in one statement."""
    return _values(FIGURES, _counted(within, FIGURES, *_reported(period))[0])


def current(within: Where) -> dict[str, Value]:
    """How many are open, overdue and due soon, whenever they were reported; in one statement."""
    return _values(NOW, _counted(within, NOW, "open", [])[0])


def by(within: Where, period: Period, group: Group, codes: Sequence[str]) -> dict[str, dict[str, Value]]:
    """Some figures for each street, organisation, person of a post …; in one statement."""
    chosen = [ALL[code] for code in codes]
    condition, params = _reported(period)
    rows = _counted(within, chosen, condition, params, GROUPS[group])
    return {str(row[0]): _values(chosen, row[1:]) for row in rows if row[0]}


def series(within: Where, period: Period) -> list[tuple[date, int, int]]:
    """For each day how many were reported and how many closed; days without any are there too."""
    condition, params = within.sql()
    sql = f"""SELECT d::date, coalesce(o.n, 0), coalesce(c.n, 0)
        FROM generate_series(%s::date, %s::date, '1 day') d
        LEFT JOIN (SELECT day, count(*) n FROM insight_fact WHERE day BETWEEN %s AND %s AND {condition}
                   GROUP BY day) o ON o.day = d::date
        LEFT JOIN (SELECT closed_day, count(*) n FROM insight_fact WHERE closed_day BETWEEN %s AND %s
                   AND {condition} GROUP BY closed_day) c ON c.closed_day = d::date
        ORDER BY 1"""
    days = [period.first, period.last]
    return [(row[0], row[1], row[2]) for row in _run(sql, [*days, *days, *params, *days, *params])]


def heat(within: Where, period: Period) -> dict[str, int]:
    """How many were reported in each grid (or the finest area that is known)."""
    condition, params = within.sql()
    sql = f"SELECT area, count(*) FROM insight_fact WHERE day BETWEEN %s AND %s AND {condition} GROUP BY area"
    return {row[0]: row[1] for row in _run(sql, [period.first, period.last, *params]) if row[0]}


def behind(within: Where, period: Period, figure: Figure, *, limit: int, offset: int = 0) -> list[UUID]:
    """The cases behind a figure, the oldest first: those that spoil a share, those that make up a number."""
    condition, params = within.sql()
    stands, days = ("open", list[Any]()) if figure in NOW else _reported(period)
    sql = f"""SELECT case_id FROM insight_fact WHERE {stands} AND {condition} AND ({figure.behind})
        ORDER BY opened_at, case_id LIMIT %s OFFSET %s"""
    return [row[0] for row in _run(sql, [*days, *params, limit, offset])]


def longest(within: Where, limit: int = 10) -> list[UUID]:
    """The open cases that have waited longest."""
    condition, params = within.sql()
    sql = f"SELECT case_id FROM insight_fact WHERE open AND {condition} ORDER BY opened_at LIMIT %s"
    return [row[0] for row in _run(sql, [*params, limit])]


def _reported(period: Period) -> tuple[str, list[Any]]:
    return "day BETWEEN %s AND %s", [period.first, period.last]


def _counted(
    within: Where, chosen: Sequence[Figure], stands: str, params: list[Any], group: str = ""
) -> list[tuple[Any, ...]]:
    condition, values = within.sql()
    counts = [f"count(*) FILTER (WHERE {part})" for one in chosen for part in _parts(one)]
    first, last = (f"{group}, ", f" GROUP BY {group}") if group else ("", "")
    sql = f"SELECT {first}{', '.join(counts)} FROM insight_fact WHERE {stands} AND {condition}{last}"
    return _run(sql, [*params, *values])


def _parts(figure: Figure) -> list[str]:
    return [f"({figure.whole}) AND ({figure.part})", figure.whole] if figure.whole else [figure.part]


def _values(chosen: Sequence[Figure], row: Sequence[int]) -> dict[str, Value]:
    found, numbers = {}, iter(row)
    for figure in chosen:
        found[figure.code] = Value(next(numbers), next(numbers) if figure.whole else None)
    return found


def _run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
