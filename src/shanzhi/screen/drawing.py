"""Where the marks of a chart stand: a bar and a point of the line for each day, in units of the drawing. Pure.

The page draws them as SVG: nothing is loaded for it, and it is there before any script runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 12, 28
LINES = 4  # across, at most, above the ground
LABELS = 8
PACE = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: how much was reported (the bar) and closed (the point on the line)."""

    day: str
    reported: int
    closed: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Days:
    """The whole drawing: bars, the line through the points, lines across with what they stand for, days below."""

    bars: tuple[Bar, ...]
    line: str
    across: tuple[tuple[float, int], ...]
    below: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


def days(series: Sequence[tuple[str, int, int]]) -> Days:
    """The drawing of (day, reported, closed), the days in their order."""
    most = max((max(reported, closed) for _, reported, closed in series), default=0)
    step = pace(most)
    top = max(step, -(-most // step) * step)
    wide, high = (WIDTH - LEFT - RIGHT) / max(1, len(series)), HEIGHT - TOP - BOTTOM

    def y(value: int) -> float:
        return round(TOP + high * (1 - value / top), 1)

    bars = tuple(
        Bar(
            day, reported, closed, round(LEFT + wide * (n + 0.15), 1), y(reported), round(wide * 0.7, 1),
            round(TOP + high - y(reported), 1),
        )
        for n, (day, reported, closed) in enumerate(series)
    )  # fmt: skip
    middles = [round(LEFT + wide * (n + 0.5), 1) for n in range(len(series))]
    line = " ".join(f"{x},{y(closed)}" for x, (_, _, closed) in zip(middles, series, strict=True))
    every = -(-len(series) // LABELS) or 1
    below = tuple((x, series[n][0][5:]) for n, x in enumerate(middles) if n % every == 0)
    return Days(bars, line, tuple((y(value), value) for value in range(0, top + 1, step)), below)


def pace(most: int) -> int:
    """The step between lines across: 1, 2 or 5 times a power of ten, so that at most four lie above the ground."""
    power = 1
    while True:
        for step in PACE:
            if -(-most // (step * power)) <= LINES:
                return step * power
        power *= 10


def shade(n: int, of: int | None) -> int | None:
    """How full a cell is coloured: tenths of its share; None where nothing was counted."""
    return round(10 * n / of) if of else None
