"""A place that somebody follows, whether something lies in it, and when its next message may leave. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shanzhi.base.clock import BEIJING
from shanzhi.base.geo import Point, distance_m

RADII = (200, 500, 1000, 1500)
TOLD = ("opened", "refused", "answered", "closed")
DAY = timedelta(days=1)
EVENING = time(18, 0)
COARSE = 4  # digits of a degree: as exactly as public pages show a case, so that a circle finds out no more


@dataclass(frozen=True, slots=True)
class Place:
    """A circle, or an area and all that lies in it."""

    area: str = ""
    point: Point | None = None
    radius_m: int = 0

    def holds(self, area: str, point: Point | None) -> bool:
        """Whether a case in that area, at that point if it has one, lies in it."""
        if self.point is None:
            return self.area != "" and area.startswith(self.area)
        shown = point and Point(round(point.lon, COARSE), round(point.lat, COARSE))
        return shown is not None and distance_m(self.point, shown) <= self.radius_m


def wanted(categories: Sequence[str], category: str) -> bool:
    """Whether a category is one of those chosen, or lies in one; without a choice all are."""
    return not categories or category.startswith(tuple(categories))


def next_message(daily: bool, last: datetime | None, at: datetime) -> datetime:
    """When what happened at `at` may be told: at once or in the evening, never twice within a day."""
    if not daily:
        return max(at, last + DAY) if last else at
    local = at.astimezone(BEIJING)
    evening = datetime.combine(local.date(), EVENING, BEIJING)
    told_today = last is not None and last.astimezone(BEIJING).date() >= local.date()
    return evening + DAY if told_today or evening < local else evening
