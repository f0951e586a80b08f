"""Which place of somebody is believed, and how far one may reckon with it: honest about age and accuracy. Pure.

Positions of phones are wrong in known ways: from a mast (kilometres), from before a tunnel, from another phone with
the same account, with a clock that is a day off. A place that nobody could have reached since the last one is kept
aside; if the next one is near it, the jump was real.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from shanzhi.base.geo import Point, distance_m

SKEW = timedelta(minutes=2)  # a clock that is so far ahead is not wrong yet
Freshness = Literal["fresh", "old", "stale", "none"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of somebody: where, within how many metres, when."""

    point: Point
    accuracy: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What is believed, and a later place that is doubted."""

    spot: Spot
    doubt: Spot | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What is believed: metres of accuracy, metres a second, and seconds until a place is no longer
    fresh, then stale."""

    exact: float
    fastest: float
    fresh: float
    stale: float


def dated(at: datetime, now: datetime) -> datetime:
    """The time of a place: a phone whose clock is ahead is taken to speak of now."""
    return now if at > now + SKEW else min(at, now)


def taken(last: Held | None, new: Spot, limits: Limits, now: datetime) -> Held | None:
    """What is held after a new place; None when the new one tells nothing and nothing was known."""
    if new.accuracy > limits.exact:
        return last
    if last is None or freshness(last.spot, now, limits) in ("stale", "none"):
        return Held(new)
    if new.at < last.spot.at:
        return last  # it was under way for longer than the one after it
    if reachable(last.spot, new, limits):
        return Held(new)
    if last.doubt is not None and new.at > last.doubt.at and reachable(last.doubt, new, limits):
        return Held(new)
    return replace(last, doubt=new)


def reachable(one: Spot, other: Spot, limits: Limits) -> bool:
    """Whether somebody can have come from one place to the other in the time between."""
    seconds = max((other.at - one.at).total_seconds(), 1.0)
    return distance_m(one.point, other.point) <= one.accuracy + other.accuracy + limits.fastest * seconds


def freshness(spot: Spot | None, now: datetime, limits: Limits) -> Freshness:
    """Whether one may reckon with a place: fresh, old (still used, and said so), stale (not used), or none at all."""
    if spot is None:
        return "none"
    age = (now - spot.at).total_seconds()
    return "fresh" if age <= limits.fresh else "old" if age <= limits.stale else "stale"
