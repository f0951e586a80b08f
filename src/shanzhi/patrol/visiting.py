"""When somebody on the list of regular visits is visited again: plain values in, plain values out."""

from datetime import date, timedelta
from math import ceil

from shanzhi.base.clock import Span

DAY = 86_400
LEAD = timedelta(days=2)  # so long before its day a visit is opened, so that it is on the telephone in time


def spacing(every: str) -> timedelta:
    """The days between two visits, whole ones and at least one."""
    return timedelta(days=max(1, ceil(Span.parse(every).seconds / DAY)))


def due_after(last: date, every: str) -> date:
    """The day of the next visit after the last one was made or called off."""
    return last + spacing(every)


def opens_for(every: str, today: date) -> date:
    """Whose last visit was on this day or before has one opened today; never before half of the time is over."""
    days = spacing(every)
    return today - days + min(LEAD, timedelta(days=days.days // 2))
