"""When somebody on the list of regular visits is visited again: plain values in, plain values out."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil

from shanzhi.base.clock import Span
from shanzhi.base.codes import is_within
from shanzhi.patrol.setting import End
from shanzhi.residents.fact import Known

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


def ended_by(ends: Mapping[str, End], known: Mapping[str, Known], area: str) -> str | None:
    """By which of the kind's grounds somebody who was visited in an area is not to be visited there any more.

    What is disputed between two registers ends nothing, nor does what is trusted less than the ground asks. Somebody
    has moved away when the area that is known neither holds this one nor lies in it.
    """
    return next((key for key, end in ends.items() if _holds(end, known.get(end.fact), area)), None)


def _holds(end: End, fact: Known | None, area: str) -> bool:
    if fact is None or fact.disputed or fact.trust < end.trust:
        return False
    if not end.elsewhere:
        return bool(fact.value == end.value)
    home = str(fact.value)
    return home != "" and not is_within(area, home) and not is_within(home, area)
