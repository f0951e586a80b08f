"""The board of shifts: a week of one organisation, and how many are there in each hour."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from shanzhi.base.clock import BEIJING
from shanzhi.dispatch.models import Shift
from shanzhi.dispatch.rights import demand
from shanzhi.dispatch.rota import Duty, coverage
from shanzhi.orgs.actor import Actor

WEEK = timedelta(days=7)


def as_duty(row: Shift) -> Duty:
    """A row as a value."""
    return Duty(row.account, row.org, row.start, row.end, row.mode, tuple(row.skills), row.area, row.capacity)


def first_of(monday: date) -> datetime:
    """The beginning of a day in Beijing."""
    return datetime.combine(monday, time(0), tzinfo=BEIJING)


def week_of(org: str, monday: date, *, around: timedelta = timedelta(0)) -> list[Shift]:
    """The shifts of an organisation that begin in a week."""
    first = first_of(monday)
    found = Shift.objects.filter(
        org=org, start__gte=first - around, start__lt=first + timedelta(days=7) + around
    )
    return list(found.order_by("account", "start"))


def week(actor: Actor, org: str, monday: date) -> tuple[list[Shift], list[int]]:
    """The week for who plans it, and how many are on shift in each of its 168 hours. Raises Denied."""
    demand(actor, org)
    first = first_of(monday)
    rows = Shift.objects.filter(org=org, end__gt=first, start__lt=first + timedelta(days=7))
    found = list(rows.order_by("account", "start"))
    return found, coverage([as_duty(row) for row in found], first, 168)


def own_shift(actor: Actor, at: datetime) -> tuple[bool, datetime | None] | None:
    """Whether somebody is on shift, and when this one ends or the next begins; None for who works without shifts."""
    around = Shift.objects.filter(account=actor.account or 0, end__gt=at - WEEK, start__lt=at + WEEK)
    rows = list(around.order_by("start").values_list("start", "end"))
    running = [end for start, end in rows if start <= at < end]
    later = [start for start, _end in rows if start > at]
    if running:
        return True, max(running)
    return (False, min(later, default=None)) if rows else None


def gaps(covered: Sequence[int]) -> list[tuple[int, int]]:
    """Hours of the week in which nobody is on shift, as (first, after the last)."""
    found: list[tuple[int, int]] = []
    for hour, count in enumerate(covered):
        if count:
            continue
        if found and found[-1][1] == hour:
            found[-1] = (found[-1][0], hour + 1)
        else:
            found.append((hour, hour + 1))
    return found
