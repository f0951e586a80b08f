"""A page as it was recognised: lines of characters, put level, however the paper lay. Pure.

A recogniser gives each line with its four corners and how sure it is of each character. Papers lie askew, on
their side or upside down; here the corners are turned back so that rows are rows again.
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

Corner = tuple[float, float]
OVERLAP = 0.4  # of the lower of two lines: from here on they stand in one row

GAP = 1.1  # between two lines of one value, in heights of a line at most


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as a recogniser gives it: its characters, how sure it is of each, its corners in the picture."""

    text: str
    scores: tuple[float, ...]
    corners: tuple[Corner, ...]


@dataclass(frozen=True, slots=True)
class Shot:
    """What was recognised in one picture, and how the picture is: its size, light (0–255) and sharpness."""

    lines: tuple[Seen, ...]
    width: int
    height: int
    light: float = 255.0
    sharpness: float = 1_000.0

    @property
    def sure(self) -> float:
        """The share of characters that were recognised with certainty; 1 where there are none."""
        scores = [score for line in self.lines for score in line.scores]
        return sum(score >= 0.8 for score in scores) / len(scores) if scores else 1.0

    @property
    def characters(self) -> int:
        return sum(len(line.text) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Line:
    """A line put level: characters without spaces in their plain form, and the box around them."""

    text: str
    scores: tuple[float, ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Page:
    """Level lines from the top down."""

    lines: tuple[Line, ...]

    @cached_property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def after(self, line: Line) -> list[Line]:
        """The lines to the right of one in its row, from left to right; a row may rise or fall a little."""
        found, last = [], line
        while (following := self._next(last)) is not None:
            found.append(following)
            last = following
        return found

    def _next(self, line: Line) -> Line | None:
        right = [
            one
            for one in self.lines
            if one is not line and one.left >= line.right - line.height / 2 and same_row(line, one)
        ]
        return min(right, key=lambda one: one.left, default=None)

    def below(self, line: Line, left: float) -> Line | None:
        """The line right under one that begins at about `left`, as the second line of a value does."""
        found = [
            one
            for one in self.lines
            if one.top >= line.middle
            and one.top - line.bottom <= line.height * GAP
            and abs(one.left - left) <= line.height * 1.5
        ]
        return min(found, key=lambda one: one.top, default=None)

    def above(self, line: Line) -> Line | None:
        """The line right over one that begins where it begins."""
        found = [
            one
            for one in self.lines
            if one.middle <= line.top
            and line.top - one.bottom <= line.height * GAP / 2
            and abs(one.left - line.left) <= line.height
        ]
        return max(found, key=lambda one: one.bottom, default=None)


def same_row(one: Line, other: Line) -> bool:
    """Whether two lines stand in one row."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= OVERLAP * min(one.height, other.height)


def pages(seen: Sequence[Seen]) -> tuple[Page, ...]:
    """The lines put level, and the same upside down: corners alone do not tell which of both is right."""
    angle = lean(seen)
    return tuple(Page(_levelled(seen, angle + turn)) for turn in (0.0, math.pi))


def lean(seen: Iterable[Seen]) -> float:
    """The direction in which most of the writing runs, in radians, between -90° and 90° inclusive."""
    angles: list[tuple[float, float]] = []
    for line in seen:
        (ax, ay), (bx, by), (cx, cy) = line.corners[:3]
        along, down = (bx - ax, by - ay), (cx - bx, cy - by)
        dx, dy = along if math.hypot(*along) >= math.hypot(*down) else down
        if len(line.text) > 1:
            angles.append((math.hypot(dx, dy), math.atan2(dy, dx)))
    if not angles:
        return 0.0
    # twice the angle, so that a line and the same line read backwards are one direction
    x = sum(weight * math.cos(2 * angle) for weight, angle in angles)
    y = sum(weight * math.sin(2 * angle) for weight, angle in angles)
    return math.atan2(y, x) / 2


def _levelled(seen: Iterable[Seen], angle: float) -> tuple[Line, ...]:
    cos, sin = math.cos(-angle), math.sin(-angle)
    made = []
    for line in seen:
        text, scores = plain(line.text, line.scores)
        points = [(x * cos - y * sin, x * sin + y * cos) for x, y in line.corners]
        (left, right), (top, bottom) = _middle([x for x, _ in points]), _middle([y for _, y in points])
        if text:
            made.append(Line(text, scores, left, top, right, bottom))
    return tuple(sorted(made, key=lambda one: (one.top, one.left)))


def _middle(values: Sequence[float]) -> tuple[float, float]:
    """The two sides of a box that leans: between its outer and its inner corners."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return sum(ordered[:half]) / half, sum(ordered[half:]) / (len(ordered) - half)


def plain(text: str, scores: Sequence[float]) -> tuple[str, tuple[float, ...]]:
    """Without spaces, and full-width letters and signs as the plain ones; the scores go along."""
    kept = []
    for letter, score in zip(text, scores, strict=False):
        normal = unicodedata.normalize("NFKC", letter)
        if not letter.isspace():
            kept.append((normal if len(normal) == 1 else letter, score))
    return "".join(letter for letter, _ in kept), tuple(score for _, score in kept)
