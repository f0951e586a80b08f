"""The ranking of a month, of what the asker may see figures of; and the cases behind each of its rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from shanzhi.base.codes import span
from shanzhi.hotline import months, ranking
from shanzhi.hotline.queries.settings import setting
from shanzhi.hotline.ranking import Counted, Share
from shanzhi.hotline.setting import COUNTED, RATES, Formula, RateName
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.permissions import Scope, require
from shanzhi.orgs.queries import scope

Group = Literal["street", "community", "org"]
GROUPS: dict[str, str] = {"street": "left(area, 9)", "community": "left(area, 12)", "org": "org"}
LENGTH = {"street": 9, "community": 12}
Side = Literal["against", "for", "all", "excluded", "pending"]
SIDES: tuple[Side, ...] = ("against", "for", "all", "excluded", "pending")
LIVE = "NOT merged AND excluded = ''"


@dataclass(frozen=True, slots=True)
class Month:
    """A month as somebody sees it: what he may see, by which formula, and within which area."""

    reach: Scope
    month: date
    formula: Formula
    area: str = ""

    def sql(self) -> tuple[str, list[Any]]:
        """The condition of the cases that count in this month, left out or not."""
        condition, params = self.reach.where(area="area", org="org = ANY(%s)")
        day = f"{self.formula.counted_by}_day"
        parts = [f"{day} >= %s AND {day} < %s AND type = ANY(%s)", condition]
        values: list[Any] = [self.month, months.after(self.month), list(self.formula.types), *params]
        if self.area:
            parts.append("area >= %s AND area < %s")
            values += span(self.area)
        return " AND ".join(parts), values


def month(actor: Actor, day: date, area: str = "") -> Month | None:
    """None where no formula was in force. Raises NotSignedIn or Denied for who sees no figures."""
    reach = scope(actor, "figures.view")
    require(actor, "figures.view", reach)
    formula = setting().formula(months.first(day))
    return Month(reach, months.first(day), formula, area) if formula else None


def says_yes(formula: Formula, rate: RateName) -> str:
    """The condition of a yes to the question of a rate."""
    column = COUNTED[rate]
    return f"{column} >= {formula.rates[rate].at_least:d}" if rate == "satisfaction" else column


def counted(wanted: Month, group: Group) -> list[Counted]:
    """Everybody who has a case in the month, in one statement."""
    condition, params = wanted.sql()
    shares = [
        part
        for rate in RATES
        for part in (
            f"count(*) FILTER (WHERE {LIVE} AND {says_yes(wanted.formula, rate)})",
            f"count(*) FILTER (WHERE {LIVE} AND {COUNTED[rate]} IS NOT NULL)",
        )
    ]
    sql = f"""SELECT {GROUPS[group]}, count(*) FILTER (WHERE {LIVE}), count(*) FILTER (WHERE excluded <> ''),
        count(*) FILTER (WHERE pending AND excluded = ''), {", ".join(shares)}
        FROM hotline_fact WHERE {condition} GROUP BY 1"""
    return [_counted(row) for row in run(sql, params) if _fits(group, str(row[0]))]


def _fits(group: Group, key: str) -> bool:
    """A case whose community is not known counts in no community."""
    return bool(key) and len(key) == LENGTH.get(group, len(key))


def _counted(row: Sequence[Any]) -> Counted:
    shares = {rate: Share(row[4 + 2 * n], row[5 + 2 * n]) for n, rate in enumerate(RATES)}
    return Counted(str(row[0]), row[1], row[2], row[3], shares)


def ranked(wanted: Month, group: Group) -> list[ranking.Row]:
    return ranking.ranked(wanted.formula, counted(wanted, group))


def excluded(wanted: Month) -> dict[str, int]:
    """How many cases are left out on each ground: published with the ranking."""
    condition, params = wanted.sql()
    sql = f"SELECT excluded, count(*) FROM hotline_fact WHERE {condition} AND excluded <> '' GROUP BY 1"
    return {str(ground): int(n) for ground, n in run(sql, params)}


def behind(
    wanted: Month, group: Group, key: str, rate: RateName, side: Side, *, limit: int, offset: int = 0
) -> list[UUID]:
    """The cases behind a rate of one of those compared (all of them for an empty key), the oldest first."""
    condition, params = wanted.sql()
    parts = [condition, _side(wanted.formula, rate, side)]
    if key:
        parts.append(f"{GROUPS[group]} = %s")
        params.append(key)
    day = f"{wanted.formula.counted_by}_day"
    sql = f"""SELECT case_id FROM hotline_fact WHERE {" AND ".join(parts)}
        ORDER BY {day}, case_id LIMIT %s OFFSET %s"""
    return [row[0] for row in run(sql, [*params, limit, offset])]


def _side(formula: Formula, rate: RateName, side: Side) -> str:
    yes = says_yes(formula, rate)
    match side:
        case "against":
            return f"{LIVE} AND {COUNTED[rate]} IS NOT NULL AND NOT ({yes})"
        case "for":
            return f"{LIVE} AND {COUNTED[rate]} IS NOT NULL AND {yes}"
        case "excluded":
            return "excluded <> ''"
        case "pending":
            return "pending AND excluded = ''"
    return f"{LIVE} AND {COUNTED[rate]} IS NOT NULL"


def extremes(wanted: Month, count: int = 3) -> tuple[list[UUID], list[UUID]]:
    """The worst and the best cases of the month: by what the reporter said, then by delays and reworks."""
    condition, params = wanted.sql()
    heard = f"{condition} AND {LIVE} AND satisfied IS NOT NULL"
    order = "satisfied, coalesce(solved, satisfied >= 3), breached DESC, reworks DESC, case_id"
    best = "satisfied DESC, coalesce(solved, false) DESC, breached, reworks, case_id"
    worst = run(
        f"SELECT case_id FROM hotline_fact WHERE {heard} AND satisfied <= 2 ORDER BY {order} LIMIT %s",
        [*params, count],
    )
    good = run(
        f"SELECT case_id FROM hotline_fact WHERE {heard} AND satisfied >= 4 ORDER BY {best} LIMIT %s",
        [*params, count],
    )
    return [row[0] for row in worst], [row[0] for row in good]


def volumes(wanted: Month) -> dict[str, Any]:
    """What came in the month: how many, by day, by channel and by category."""
    condition, params = wanted.reach.where(area="area", org="org = ANY(%s)")
    area = " AND area >= %s AND area < %s" if wanted.area else ""
    within = [
        wanted.month, months.after(wanted.month), list(wanted.formula.types), *params,
        *(span(wanted.area) if wanted.area else ()),
    ]  # fmt: skip
    where = f"opened_day >= %s AND opened_day < %s AND type = ANY(%s) AND {condition}{area}"

    def count(by: str, order: str, limit: int) -> list[tuple[str, int]]:
        sql = f"SELECT {by}, count(*) FROM hotline_fact WHERE {where} GROUP BY 1 ORDER BY {order} LIMIT {limit:d}"
        return [(str(key), int(n)) for key, n in run(sql, within)]

    days = dict(count("opened_day", "1", 31))
    return {
        "opened": sum(days.values()),
        "days": days,
        "channels": count("channel", "2 DESC, 1", 8),
        "categories": count("category", "2 DESC, 1", 8),
    }
