"""The appointment with a resident (预约): when somebody is awaited, and what is wrong with it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import FieldError, gettext_noop
from shanzhi.dispatch.setting import Appointment, minute_of


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when the resident waits; the day and the choice of the form that mean it."""

    start: datetime
    end: datetime
    day: str
    part: str

    @property
    def facts(self) -> dict[str, Any]:
        """Its day and hours, as sentences name them (in Beijing's time)."""
        return {
            "day": f"{self.start:%m-%d}",
            "since": f"{self.start:%H:%M}",
            "until": f"{self.end:%H:%M}" if self.end.date() == self.start.date() else "24:00",
        }


def window(agreed: Appointment | None, data: Mapping[str, Any]) -> Window | None:
    """The time that a form says; None where nothing was agreed, or what stands there is no time."""
    if agreed is None:
        return None
    day, part = data.get(agreed.day), data.get(agreed.part)
    if not isinstance(day, str) or not isinstance(part, str) or part not in agreed.parts:
        return None
    try:
        first = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=BEIJING)
        since, until = (first + timedelta(minutes=minute_of(one)) for one in agreed.parts[part])
    except (ValueError, OverflowError):
        return None
    return Window(since, until, day, part)


def wrong(agreed: Appointment, data: Mapping[str, Any], at: datetime) -> list[FieldError]:
    """What is wrong with the time that a form is to say from a moment on, whoever works then."""
    day, part, found = data.get(agreed.day), data.get(agreed.part), window(agreed, data)
    if found is None:
        if part in agreed.parts and not day:
            return [FieldError(agreed.day, gettext_noop("Say on which day"))]
        if day and not part:
            return [FieldError(agreed.part, gettext_noop("Say at which part of the day"))]
        return []
    if found.end <= at:
        return [FieldError(agreed.day, gettext_noop("This time is over: choose a later one"))]
    if found.start > at + timedelta(days=agreed.within):
        message = gettext_noop("At most %(n)s days ahead")
        return [FieldError(agreed.day, message, {"n": agreed.within})]
    return []
