"""A week of shifts proposed from what has come in: the arrivals of the last four weeks by the hour of the week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from shanzhi.base.clock import BEIJING, Span
from shanzhi.cases.queries import visible_to
from shanzhi.dispatch.cover import HOURS, Limit, Rota, Watch, needed, proposed
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.models import Shift
from shanzhi.dispatch.queries.shifts import first_of
from shanzhi.dispatch.rights import demand
from shanzhi.dispatch.rota import Duty
from shanzhi.dispatch.setting import Setting, minute_of
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import people_of

WEEKS = 4
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed beside the shifts there are; `missing` are stretches of hours with people short in them."""

    duties: tuple[Duty, ...]
    wanted: int  # person-hours in the week
    short: int
    missing: tuple[tuple[datetime, datetime], ...]
    gap: float
    tasks: int  # of the four weeks it rests on


def propose(actor: Actor, org: str, monday: date, now: datetime, *, seconds: float = 8.0) -> Proposal | None:
    """A week for an organisation, in bounded time; None where nothing is dispatched. Raises Denied."""
    demand(actor, org)
    found = setting()
    if found is None:
        return None
    tasks, minutes = arrivals(actor, org, now, found)
    rules = found.shifts
    wanted = needed(minutes, 1.0, busy=rules.busy, least=rules.least)
    people = sorted(people_of(org))
    watches = [Watch(minute_of(one.since) // 60, one.hours) for one in rules.watches]
    limit = Limit(rules.days, Span.parse(rules.rest).seconds / 3600)
    there = _there(people, monday, limit)
    made = proposed(wanted, len(people), watches, limit, taken=there, seconds=seconds)
    return Proposal(
        tuple(_duties(made, people, watches, org, monday, found)), sum(wanted), round(made.short),
        tuple(_stretches(made, monday)), made.gap, round(sum(tasks) * WEEKS),
    )  # fmt: skip


def arrivals(actor: Actor, org: str, now: datetime, found: Setting) -> tuple[list[float], list[float]]:
    """Tasks that came in each hour of the week on average, and the minutes that they take with the way to them."""
    tasks, minutes = [0.0] * HOURS, [0.0] * HOURS
    first = now - timedelta(weeks=WEEKS)
    cases = visible_to(actor).filter(org=org, type__in=[kind.type for kind in found.kinds])
    rows = (
        cases.filter(opened_at__gte=first, opened_at__lt=now)
        .order_by()
        .annotate(
            day=ExtractIsoWeekDay("opened_at", tzinfo=BEIJING), hour=ExtractHour("opened_at", tzinfo=BEIJING)
        )
        .values_list("day", "hour", "category")
        .annotate(n=Count("pk"))
    )
    for day, hour, category, count in rows:
        place = (day - 1) * 24 + hour
        tasks[place] += count / WEEKS
        minutes[place] += (
            count / WEEKS * (found.expected(category) + found.shifts.travel) * found.heads(category)
        )
    return tasks, minutes


def _there(people: Sequence[int], monday: date, limit: Limit) -> list[tuple[int, float, float]]:
    """The shifts there are in and around the week, in hours of it."""
    first = first_of(monday)
    rows = Shift.objects.filter(account__in=people, end__gt=first - 2 * limit.rest * HOUR)
    rows = rows.filter(start__lt=first + (HOURS + limit.rest) * HOUR)
    return [(people.index(row.account), (row.start - first) / HOUR, (row.end - first) / HOUR) for row in rows]


def _duties(
    made: Rota, people: Sequence[int], watches: Sequence[Watch], org: str, monday: date, found: Setting
) -> list[Duty]:
    """As shifts, each as his last one was: how he gets about, what he brings, where he begins."""
    last = {row.account: row for row in Shift.objects.filter(account__in=people, org=org).order_by("start")}
    first, usual = first_of(monday), next(iter(found.modes))
    duties = []
    for person, day, watch in made.shifts:
        start = first + timedelta(days=day, hours=watches[watch].start)
        end, known = start + watches[watch].hours * HOUR, last.get(people[person])
        how = (known.mode, tuple(known.skills), known.area, known.capacity) if known else (usual, (), "", 3)
        duties.append(Duty(people[person], org, start, end, *how))
    return sorted(duties, key=lambda one: (one.start, one.account))


def _stretches(made: Rota, monday: date) -> list[tuple[datetime, datetime]]:
    found: list[tuple[int, int]] = []
    for hour in sorted(made.missing):
        if found and found[-1][1] == hour:
            found[-1] = (found[-1][0], hour + 1)
        else:
            found.append((hour, hour + 1))
    first = first_of(monday)
    return [(first + start * HOUR, first + end * HOUR) for start, end in found]
