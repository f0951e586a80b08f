"""When something is decided. Pure."""

from dataclasses import dataclass
from datetime import datetime

from shanzhi.base.clock import Calendar


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided, and by which working calendar."""

    at: datetime
    calendar: Calendar
