"""Leagues: who comes first, said only where there is enough to say it. Pure.

A share of few cases says little, and a league by bare shares is led and ended by those with few. So each row
carries its interval, those below the minimum are listed without a place, and the order is that of the end of
the interval that is against them: the lower one where more is better.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shanzhi.base.shares import interval
from shanzhi.insight.figures import Better, Value

MINIMUM = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One of those compared; `place` is none for whoever has too few cases."""

    key: str
    value: Value
    low: float
    high: float
    place: int | None = None


def league(values: Iterable[tuple[str, Value]], better: Better, minimum: int = MINIMUM) -> list[Row]:
    """Those with at least `minimum` cases in their order, equal ends share a place; then the others by key."""
    rows = [Row(key, value, *interval(value.n, value.of)) for key, value in values if value.of]
    ranked = [row for row in rows if (row.value.of or 0) >= minimum]
    ranked.sort(key=lambda row: (-_worth(row, better), row.key))
    placed: list[Row] = []
    for n, row in enumerate(ranked, 1):
        tie = bool(placed) and _worth(placed[-1], better) == _worth(row, better)
        placed.append(Row(row.key, row.value, row.low, row.high, placed[-1].place if tie else n))
    few = sorted((row for row in rows if (row.value.of or 0) < minimum), key=lambda row: row.key)
    return [*placed, *few]


def _worth(row: Row, better: Better) -> float:
    return -row.high if better == "less" else row.low
