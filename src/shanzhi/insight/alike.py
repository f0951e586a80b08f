"""Whose work may be compared with whose (可比网格): grids of about the same ground, people and reports. Pure.

What is not known of one of the two is not compared. Where nothing is known of somebody's grids, the kind of work is all
there is, and that is said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Dimension = Literal["hectares", "people", "cases"]
DIMENSIONS: tuple[Dimension, ...] = ("hectares", "people", "cases")


@dataclass(frozen=True, slots=True)
class Ground:
    """What somebody looks after: its size, the people in it, what was reported there in a time; None: not known."""

    hectares: float | None = None
    people: float | None = None
    cases: float | None = None

    def of(self, name: Dimension) -> float | None:
        found: float | None = getattr(self, name)
        return found

    @property
    def known(self) -> tuple[Dimension, ...]:
        return tuple(name for name in DIMENSIONS if self.of(name) is not None)


def alike(one: Ground, other: Ground, factor: float) -> bool:
    """Whether two are comparable: in each dimension known of both, neither has more than `factor` times the other."""
    both = [name for name in DIMENSIONS if one.of(name) is not None and other.of(name) is not None]
    return bool(both) and all(_near(one.of(name) or 0.0, other.of(name) or 0.0, factor) for name in both)


def _near(a: float, b: float, factor: float) -> bool:
    """A count of none is near none, and near a few: one more or less is no difference."""
    return max(a, b) <= factor * max(min(a, b), 1.0)


@dataclass(frozen=True, slots=True)
class Compared:
    """With whom somebody is compared: his own ground, those like it, out of how many, and within which factor."""

    ground: Ground | None
    alike: frozenset[int]
    of: int
    factor: float


def compared(account: int, grounds: Mapping[int, Ground], others: Iterable[int], factor: float) -> Compared:
    """Colleagues whose ground is like somebody's; all of them where nothing is known of his own."""
    colleagues = [one for one in others if one != account]
    own = grounds.get(account)
    if own is None or not own.known:
        return Compared(None, frozenset(colleagues), len(colleagues), factor)
    like = frozenset(one for one in colleagues if one in grounds and alike(own, grounds[one], factor))
    return Compared(own, like, len(colleagues), factor)
