"""Which open cases a caller may mean: near in place, in time and in words. Pure.

The weights are set by hand so that each part can be told to the operator, who decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from typing import Any
from uuid import UUID

from shanzhi.base.geo import Point, distance_m
from shanzhi.hotline.grams import grams, rarity, shared, words

WORDS, PLACE, KIND, TIME = 0.5, 0.25, 0.15, 0.1
LEAST = 0.42
LEAST_WORDS = 0.08  # the same place and kind alone do not make the same matter
FAR_M = 600.0
FADES = 48.0  # hours after which time counts a third
UNKNOWN = 0.3  # for a place that one of the two does not have
GRID, COMMUNITY = 15, 12


@dataclass(frozen=True, slots=True)
class Said:
    """A matter as somebody put it: the words, and what is known of kind, place and time."""

    text: str
    at: datetime
    category: str = ""
    area: str = ""
    lon: float | None = None
    lat: float | None = None

    @property
    def point(self) -> Point | None:
        return None if self.lon is None or self.lat is None else Point(self.lon, self.lat)


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may be meant: how likely, the words that both use, how far and how long ago."""

    case: UUID
    score: float
    words: tuple[str, ...]
    metres: int | None
    hours: float


def alike(said: Said, rows: Iterable[tuple[UUID, Said]], *, most: int = 3) -> list[Alike]:
    """The cases that may be the same matter, the likeliest first."""
    known = list(rows)
    mine, read = grams(said.text), [grams(other.text) for _, other in known]
    weights = rarity([mine, *read])
    found = []
    for (case, other), theirs in zip(known, read, strict=True):
        near = shared(mine, theirs, weights)
        score = likeness(said, other, near)
        if near >= LEAST_WORDS and score >= LEAST and _place(said, other) > 0:
            hours = abs((said.at - other.at).total_seconds()) / 3600
            found.append(Alike(case, score, words(mine, theirs, weights), metres(said, other), hours))
    return sorted(found, key=lambda one: (-one.score, str(one.case)))[:most]


def likeness(one: Said, other: Said, near: float) -> float:
    """From 0 to 1; `near` is how much their words share."""
    hours = abs((one.at - other.at).total_seconds()) / 3600
    return WORDS * near + PLACE * _place(one, other) + KIND * _kind(one, other) + TIME * exp(-hours / FADES)


def metres(one: Said, other: Said) -> int | None:
    if one.point is None or other.point is None:
        return None
    return round(distance_m(one.point, other.point))


def _place(one: Said, other: Said) -> float:
    apart = metres(one, other)
    if apart is not None:
        return max(0.0, 1 - apart / FAR_M)
    for digits, value in ((GRID, 1.0), (COMMUNITY, 0.8)):
        if len(one.area) >= digits and one.area[:digits] == other.area[:digits]:
            return value
    both = len(one.area) >= COMMUNITY and len(other.area) >= COMMUNITY
    return 0.0 if both else UNKNOWN


def _kind(one: Said, other: Said) -> float:
    if not one.category or not other.category:
        return UNKNOWN
    return 1.0 if one.category == other.category else 0.4 if one.category[:3] == other.category[:3] else 0.0


def ranked(text: str, rows: Sequence[dict[str, Any]], *, most: int, least: float) -> list[dict[str, Any]]:
    """Rows (with `title` and `text`) that say the likest, each with its `score`."""
    mine, read = grams(text), [grams(f"{row['title']}\n{row['text']}") for row in rows]
    weights = rarity([mine, *read])
    scored = [{**row, "score": shared(mine, theirs, weights)} for row, theirs in zip(rows, read, strict=True)]
    return sorted((r for r in scored if r["score"] >= least), key=lambda r: -float(r["score"]))[:most]
