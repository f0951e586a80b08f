"""Which points of a round are due, and which were missed: plain values in, plain values out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shanzhi.base.clock import Span
from shanzhi.patrol.setting import Stop


@dataclass(frozen=True, slots=True)
class Standing:
    """A point on a day: when somebody was there last, and whether somebody must go."""

    key: str
    last: datetime | None
    due: bool


def standings(stops: Mapping[str, Stop], last: Mapping[str, datetime], at: datetime) -> list[Standing]:
    """How each point stands, in the order of the pack. One never passed is due."""
    return [Standing(key, last.get(key), _due(stop, last.get(key), at)) for key, stop in stops.items()]


def _due(stop: Stop, last: datetime | None, at: datetime) -> bool:
    return last is None or at >= last + timedelta(seconds=Span.parse(stop.every).seconds)


def missed(expected: Iterable[str], passed: Collection[str]) -> list[str]:
    """The points of a round at which nobody stood, in its order."""
    return [key for key in expected if key not in passed]
