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
from shanzhi.insight.sums import COUNTS
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
class Source:
    """What is counted from: the facts themselves, or their sums by day where these are fine enough."""

    table: str
    area: str
    groups: dict[str, str]


FACTS = Source("insight_fact", "area", GROUPS)
SUMS = Source("insight_sum", "street", {"street": "street", "org": "org", "type": "type"})
STREET = 9  # digits of a street's code


@dataclass(frozen=True, slots=True)
class Where:
    """Which cases are counted: those of a reach, and within it of an area, an organisation, a type …"""

    reach: Scope
    area: str = ""
    equal: tuple[tuple[str, str], ...] = field(default=())

    def source(self, group: str = "") -> Source:
        """The sums if they know all that is asked for."""
        names = {group, *(name for name, _ in self.equal)} - {""}
        areas = (self.area, *self.reach.areas, *(area for area, _ in self.reach.pairs))
        fine = names <= set(SUMS.groups) and all(len(area) <= STREET for area in areas)
        return SUMS if fine else FACTS

    def sql(self, source: Source = FACTS) -> tuple[str, list[Any]]:
        condition, params = self.reach.where(area=source.area, org="org = ANY(%s)")
        parts, values = [condition], list[Any](params)
        if self.area:
            parts.append(f"{source.area} >= %s AND {source.area} < %s")
            values += span(self.area)
        for name, value in self.equal:
            if name not in GROUPS:
                raise ValueError(f"cases are not counted by {name}")
            parts.append(f"{source.groups[name]} = %s")
            values.append(value)
        return " AND ".join(parts), values


def where(actor: Actor, area: str = "", **equal: str) -> Where:
    """What an actor may see figures of; raises NotSignedIn or Denied where that is nothing."""
    reach = scope(actor, "figures.view")
    require(actor, "figures.view", reach)
    return Where(reach, area, tuple((name, value) for name, value in equal.items() if value))


def figures(within: Where, period: Period) -> dict[str, Value]:
    """All figures of the cases reported in a period, in one statement."""
    return _values(FIGURES, _of_days(within, FIGURES, period)[0])


def current(within: Where) -> dict[str, Value]:
    """How many are open, overdue and due soon, whenever they were reported; in one statement."""
    condition, values = within.sql()
    counts = ", ".join(f"count(*) FILTER (WHERE {figure.part})" for figure in NOW)
    return _values(NOW, _run(f"SELECT {counts} FROM insight_fact WHERE open AND {condition}", values)[0])


def by(within: Where, period: Period, group: Group, codes: Sequence[str]) -> dict[str, dict[str, Value]]:
    """Some figures for each street, organisation, person of a post …; in one statement."""
    chosen = [ALL[code] for code in codes]
    rows = _of_days(within, chosen, period, group)
    return {str(row[0]): _values(chosen, row[1:]) for row in rows if row[0]}


def series(within: Where, period: Period) -> list[tuple[date, int, int]]:
    """For each day how many were reported and how many closed; days without any are there too."""
    source = within.source()
    condition, params = within.sql(source)
    days = [period.first, period.last]
    if source is SUMS:
        counted = f"""SELECT day, sum(reported), sum(closings) FROM insight_sum
            WHERE day BETWEEN %s AND %s AND {condition} GROUP BY day"""
        given = [*days, *params]
    else:
        counted = f"""SELECT day, sum(n), sum(m) FROM (
            SELECT day, 1 AS n, 0 AS m FROM insight_fact WHERE day BETWEEN %s AND %s AND {condition}
            UNION ALL SELECT closed_day, 0, 1 FROM insight_fact WHERE closed_day BETWEEN %s AND %s AND {condition}
            ) one GROUP BY day"""
        given = [*days, *params] * 2
    sql = f"""SELECT d::date, coalesce(c.n, 0)::bigint, coalesce(c.m, 0)::bigint
        FROM generate_series(%s::date, %s::date, '1 day') d LEFT JOIN ({counted}) c (day, n, m) ON c.day = d::date
        ORDER BY 1"""
    return [(row[0], row[1], row[2]) for row in _run(sql, [*days, *given])]


def heat(within: Where, period: Period) -> dict[str, int]:
    """How many were reported in each grid (or the finest area that is known)."""
    simple = not (within.equal or within.reach.orgs or within.reach.pairs)
    counted = "sum(n)::bigint FROM insight_heat" if simple else "count(*) FROM insight_fact"
    condition, params = within.sql()
    sql = f"SELECT area, {counted} WHERE day BETWEEN %s AND %s AND {condition} GROUP BY area"
    return {row[0]: row[1] for row in _run(sql, [period.first, period.last, *params]) if row[0] and row[1]}


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


def _of_days(
    within: Where, chosen: Sequence[Figure], period: Period, group: str = ""
) -> list[tuple[Any, ...]]:
    """The numbers of some figures in the order in which `_values` takes them, for each of a group."""
    source = within.source(group)
    condition, values = within.sql(source)
    counts = [
        _count(name, source) for one in chosen for name in (one.code, f"{one.code}_of") if name in COUNTS
    ]
    first, last = (f"{source.groups[group]}, ", " GROUP BY 1") if group else ("", "")
    sql = f"SELECT {first}{', '.join(counts)} FROM {source.table} WHERE day BETWEEN %s AND %s AND {condition}{last}"
    return _run(sql, [period.first, period.last, *values])


def _count(name: str, source: Source) -> str:
    if source is SUMS:
        return f"coalesce(sum({name}), 0)::bigint"
    return f"count(*) FILTER (WHERE {COUNTS[name]})"


def _values(chosen: Sequence[Figure], row: Sequence[int]) -> dict[str, Value]:
    found, numbers = {}, iter(row)
    for figure in chosen:
        found[figure.code] = Value(next(numbers), next(numbers) if figure.whole else None)
    return found


def _run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
