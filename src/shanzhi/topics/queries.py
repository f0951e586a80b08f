"""Reading what is hot, what is to be expected, and how well it was answered: always of what the asker may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shanzhi.base.codes import span
from shanzhi.journal.tables import run
from shanzhi.language.forecast import YEAR, Forecast, forecast
from shanzhi.language.topics import Heat, Report, heat
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.permissions import require
from shanzhi.orgs.queries import scope

LEAST = 2  # reports that make a topic
HISTORY = timedelta(weeks=3 * YEAR)
LEVELS = {"street": 9, "community": 12}
REPORTS = """SELECT m.topic, c.id, c.title, c.area, c.lon, c.lat, c.opened_at, c.open, c.category,
    coalesce((SELECT array_agg(DISTINCT coalesce(r.person::text, r.account::text, r.case_id || r.name))
              FROM cases_reporter r WHERE r.case_id = c.id), '{{}}') AS people
    FROM topics_member m JOIN cases_case c ON c.id = m.case_id
    WHERE m.at >= %s AND m.at < %s AND {}"""
WEEKLY = """SELECT left(c.area, %s), c.category, floor(extract(epoch FROM %s - c.opened_at) / 604800)::int, count(*)
    FROM cases_case c WHERE c.opened_at >= %s AND c.opened_at < %s AND length(c.area) >= %s AND {}
    GROUP BY 1, 2, 3"""
MARKS = """SELECT p.org, date_trunc('month', p.at AT TIME ZONE 'Asia/Shanghai')::date, count(*), avg(p.answers),
    avg(p.complete), avg(p.basis), avg(p.readable), avg(p.in_time::int)
    FROM topics_reply p WHERE p.at >= %s AND p.at < %s AND {} GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its cases of the period, the newest first, and how hot it is."""

    id: UUID
    title: str
    cases: tuple[dict[str, Any], ...]
    heat: Heat

    @property
    def first(self) -> datetime:
        found: datetime = self.cases[-1]["at"]
        return found

    @property
    def last(self) -> datetime:
        found: datetime = self.cases[0]["at"]
        return found

    @property
    def areas(self) -> list[str]:
        """The areas it is reported from, the one with most reports first."""
        named = [one["area"] for one in self.cases if one["area"]]
        return sorted(set(named), key=lambda code: (-named.count(code), code))


@dataclass(frozen=True, slots=True)
class Expected:
    """What a category will bring to an area in the week that begins now; none where history is too short."""

    area: str
    category: str
    last: int
    counts: tuple[int, ...]
    found: Forecast | None

    @property
    def rises(self) -> bool:
        """Whether more is expected than the last four weeks brought, beyond chance."""
        recent = sum(self.counts[-4:]) / 4
        return self.found is not None and self.found.mean > 1.25 * max(recent, 0.5)


def hot(actor: Actor, *, days: int, at: datetime, area: str = "", most: int = 50) -> list[Topic]:
    """The topics of a period with at least two reports, the hottest first; one statement."""
    span = timedelta(days=days)
    condition, params = _within(actor, area)
    rows = run(REPORTS.format(condition), [at - 2 * span, at, *params])
    topics: dict[UUID, list[dict[str, Any]]] = {}
    for topic, *values in rows:
        topics.setdefault(topic, []).append(dict(zip(_KEYS, values, strict=True)))
    found = [_topic(id_, cases, at - span, at) for id_, cases in topics.items()]
    found = [one for one in found if len(one.cases) >= LEAST]
    return sorted(found, key=lambda one: -one.heat.index)[:most]


_KEYS = ("id", "title", "area", "lon", "lat", "at", "open", "category", "people")


def _topic(id_: UUID, every: list[dict[str, Any]], start: datetime, at: datetime) -> Topic:
    cases = sorted((one for one in every if one["at"] >= start), key=lambda one: one["at"], reverse=True)
    reports = [Report(one["at"], frozenset(one["people"])) for one in cases]
    title = min((one["title"] for one in cases), key=len, default="")
    return Topic(id_, title, tuple(cases), heat(reports, before=len(every) - len(cases), at=at))


def topic(actor: Actor, id_: UUID) -> list[UUID]:
    """The cases of a topic that the asker may see, the newest first."""
    condition, params = _within(actor)
    sql = f"""SELECT c.id FROM topics_member m JOIN cases_case c ON c.id = m.case_id
        WHERE m.topic = %s AND {condition} ORDER BY c.opened_at DESC LIMIT 500"""
    return [row[0] for row in run(sql, [id_, *params])]


def expected(actor: Actor, *, at: datetime, level: str = "street", area: str = "") -> list[Expected]:
    """What next week brings to each area and category that reported in the last year; one statement."""
    condition, params = _within(actor, area)
    digits, start = LEVELS[level], at - HISTORY
    rows = run(WEEKLY.format(condition), [digits, at, start, at, digits, *params])
    weekly: dict[tuple[str, str], dict[int, int]] = {}
    for place, category, ago, n in rows:
        weekly.setdefault((place, category), {})[int(ago)] = int(n)
    known = max((max(found) for found in weekly.values()), default=0)
    made = [_expected(*key, _series(found, known)) for key, found in weekly.items()]
    return sorted(made, key=lambda one: (one.found is None, -(one.found.mean if one.found else 0), one.area))


def _series(found: dict[int, int], known: int) -> list[int]:
    """Counts by week, the oldest first; weeks before anything was kept are no weeks of nothing."""
    return [found.get(ago, 0) for ago in range(known, -1, -1)]


def _expected(area: str, category: str, counts: Sequence[int]) -> Expected:
    return Expected(area, category, counts[-1], tuple(counts[-12:]), forecast(counts))


def replies(actor: Actor, *, first: datetime, last: datetime, area: str = "") -> list[dict[str, Any]]:
    """The mean marks of replies by organisation and month."""
    condition, params = _within(actor, area, alias="p")
    names = ("org", "month", "n", "answers", "complete", "basis", "readable", "in_time")
    return [
        dict(zip(names, row, strict=True)) for row in run(MARKS.format(condition), [first, last, *params])
    ]


def _within(actor: Actor, area: str = "", *, alias: str = "c") -> tuple[str, list[Any]]:
    """The condition of what the asker may see figures of; raises NotSignedIn or Denied where that is nothing."""
    reach = scope(actor, "figures.view")
    require(actor, "figures.view", reach)
    condition, params = reach.where(area=f"{alias}.area", org=f"{alias}.org = ANY(%s)")
    values: list[Any] = list(params)
    if area:
        condition, values = (
            f"({condition}) AND {alias}.area >= %s AND {alias}.area < %s",
            [*values, *span(area)],
        )
    return condition, values
