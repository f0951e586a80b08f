"""Figures in words: a number with what it is a share of, how it is counted, and how it was before. Pure."""

from dataclasses import dataclass

from shanzhi.insight.figures import Figure, Value
from shanzhi.insight.leagues import MINIMUM


@dataclass(frozen=True, slots=True)
class Change:
    """The difference to another time; `good` is none where neither direction is better."""

    text: str
    good: bool | None


@dataclass(frozen=True, slots=True)
class Card:
    """One figure as a page shows it; `before` and `year` are none where there is nothing to compare with."""

    figure: Figure
    value: Value
    before: Change | None = None
    year: Change | None = None

    @property
    def text(self) -> str:
        return said(self.value)


def said(value: Value) -> str:
    """`87.5 %`, or the number; a dash for a share of nothing."""
    if value.of is None:
        return f"{value.n:,}"
    return "—" if value.share is None else f"{value.share:.1%}"


def change(figure: Figure, value: Value, other: Value | None) -> Change | None:
    """In points for shares, in per cent for numbers; none where either is over too few to compare."""
    if other is None or min(_size(value), _size(other)) < MINIMUM:
        return None
    if value.share is not None and other.share is not None:
        by = value.share - other.share
        text = f"{by * 100:+.1f}"
    else:
        by = value.n / other.n - 1
        text = f"{by:+.0%}"
    if abs(by) < 0.0005:
        return Change("±0", None)
    return Change(text, None if figure.better == "neither" else (by > 0) == (figure.better == "more"))


def _size(value: Value) -> int:
    return value.n if value.of is None else value.of
