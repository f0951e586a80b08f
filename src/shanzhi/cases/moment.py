"""When something is decided. Pure."""

from datetime import datetime

from shanzhi.base.clock import Calendar
from shanzhi.base.value import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided, and by which working calendar."""

    at: datetime
    calendar: Calendar
