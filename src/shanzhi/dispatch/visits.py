"""Which points are to be visited on which day, so that each is visited as often in a week as its risk asks. Pure.

Each point has its own beginning in the week, drawn from its name, so that the load is about the same each day and the
same tomorrow as it was reckoned today; its visits are as far apart as they can be.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Point:
    """A place to be visited so often in a week, for so many minutes."""

    key: str
    name: str
    lon: float
    lat: float
    weekly: int
    minutes: float


def due(point: Point, day: date) -> int:
    """How often a point is visited on a day: over any seven days in a row exactly `weekly` times."""
    place = day.toordinal() + int.from_bytes(sha256(point.key.encode()).digest()[:4], "big") % 7
    return (place + 1) * point.weekly // 7 - place * point.weekly // 7


def of_day(points: Iterable[Point], day: date) -> list[tuple[Point, int]]:
    """The visits of a day: each point with the number of its visit."""
    return [(point, turn) for point in points for turn in range(due(point, day))]
