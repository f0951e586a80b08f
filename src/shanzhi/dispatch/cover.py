"""Proposing shifts (排班建议): a week of shifts that covers what comes in by the hour, by an integer programme. Pure.

One yes or no for each person, day and watch (a kind of shift); hours that are short of people cost most, those that
nobody needs cost a little, unequal loads cost something. Never: two shifts at once, less rest than the district asks
for, more days than somebody may work. HiGHS (in SciPy) proves how far from the best it is when its time is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy  # scipy.optimize takes a second to load: when it is first used, not at start
from numpy.typing import NDArray
from scipy.sparse import coo_array

HOURS = 168
SHORT = 100.0  # for each person and hour that is missing
UNEVEN = (
    0.5  # for each hour that the busiest works more than the least busy: no shift is worth making for that
)
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Watch:
    """A kind of shift (班型): from which hour of the day, how many hours."""

    start: int
    hours: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < 24 and 1 <= self.hours <= 24):
            raise ValueError(f"{self} is no shift of a day")


@dataclass(frozen=True, slots=True)
class Limit:
    """What nobody does more than."""

    days: int = 5  # in a week
    rest: float = 11.0  # hours between two shifts


@dataclass(frozen=True, slots=True)
class Rota:
    """Who works when (person, day, watch), the person-hours that are missing, and how good it is proven to be."""

    shifts: tuple[tuple[int, int, int], ...] = ()
    short: float = 0.0
    missing: Mapping[int, float] = field(default_factory=dict)  # by the hour of the week
    gap: float = 0.0
    failed: bool = False


def needed(arrivals: Sequence[float], minutes: float, *, busy: float = 0.75, least: int = 0) -> list[int]:
    """People needed in each hour: so many tasks of so many minutes, hands busy for a share of the time, at least so
    many for the hours in which nearly nothing comes."""
    return [max(least, int(np.ceil(count * minutes / 60 / busy - 1e-9))) for count in arrivals]


def proposed(
    demand: Sequence[int],
    people: int,
    watches: Sequence[Watch],
    limit: Limit,
    *,
    taken: Sequence[tuple[int, float, float]] = (),
    seconds: float = 10.0,
) -> Rota:
    """The best week found within a time; `taken` are shifts there are (person, from, until; hours of the week)."""
    if len(demand) != HOURS or not people or not watches:
        return Rota(short=float(sum(demand)), missing=_missing(demand, np.zeros(HOURS)), failed=not people)
    slots = [(p, d, w) for p in range(people) for d in range(7) for w in range(len(watches))]
    open_ = [one for one in slots if not _clashes(one, watches, limit, taken)]
    there, own, days = np.zeros(HOURS), np.zeros(people), np.zeros(people)
    for person, begin, end in taken:
        there += _covered(begin, end - begin)
        own[person] += max(min(end, HOURS) - max(begin, 0), 0)
        days[person] += 0 <= begin < HOURS
    left = np.maximum(np.array(demand, float) - there, 0.0)
    return _Programme(open_, watches, own, np.maximum(limit.days - days, 0), left, limit.rest).solved(seconds)


def _begin(slot: tuple[int, int, int], watches: Sequence[Watch]) -> tuple[float, float]:
    """When a slot begins and ends, in hours of the week."""
    start = slot[1] * 24 + watches[slot[2]].start
    return start, start + watches[slot[2]].hours


def _clashes(
    slot: tuple[int, int, int],
    watches: Sequence[Watch],
    limit: Limit,
    taken: Sequence[tuple[int, float, float]],
) -> bool:
    begin, end = _begin(slot, watches)
    return any(
        person == slot[0] and begin < until + limit.rest and since < end + limit.rest
        for person, since, until in taken
    )


def _covered(start: float, hours: float) -> Numbers:
    """Which hours of the week something covers as a whole."""
    hour = np.arange(HOURS)
    return ((hour >= start) & (hour + 1 <= start + hours)).astype(float)


def _missing(demand: Sequence[float], cover: Numbers) -> dict[int, float]:
    return {h: float(n - c) for h, (n, c) in enumerate(zip(demand, cover, strict=True)) if n - c > 1e-6}


class _Programme:
    """The variables: one for each slot, then what is short in each hour, what is over, the most and the least hours."""

    def __init__(
        self,
        slots: Sequence[tuple[int, int, int]],
        watches: Sequence[Watch],
        own: Numbers,
        days: Numbers,
        demand: Numbers,
        rest: float,
    ) -> None:
        self.slots, self.watches, self.own, self.people = list(slots), watches, own, len(own)
        self.days, self.demand, self.rest = days, demand, rest
        self.count = len(self.slots)
        self.size = self.count + 2 * HOURS + 2

    def solved(self, seconds: float) -> Rota:
        cost = np.zeros(self.size)
        cost[self.count : self.count + HOURS] = SHORT
        cost[self.count + HOURS : self.count + 2 * HOURS] = 1.0
        cost[-2], cost[-1] = UNEVEN, -UNEVEN
        whole = np.zeros(self.size)
        whole[: self.count] = 1
        upper = np.full(self.size, np.inf)
        upper[: self.count] = 1
        found = scipy.optimize.milp(
            cost,
            constraints=[self._cover(), self._rest(), self._days(), *self._even()],
            integrality=whole,
            bounds=scipy.optimize.Bounds(np.zeros(self.size), upper),
            options={"time_limit": seconds, "mip_rel_gap": 0.01},
        )
        if found.x is None:
            return Rota(
                short=float(self.demand.sum()),
                missing=_missing(self.demand.tolist(), np.zeros(HOURS)),
                failed=True,
            )
        chosen = [slot for slot, value in zip(self.slots, found.x, strict=False) if value > 0.5]
        cover = np.zeros(HOURS)
        for slot in chosen:
            begin, end = _begin(slot, self.watches)
            cover += _covered(begin, end - begin)
        missing = _missing(self.demand.tolist(), cover)
        return Rota(tuple(chosen), sum(missing.values()), missing, float(found.mip_gap or 0.0))

    def _cover(self) -> "scipy.optimize.LinearConstraint":
        """People + short - over = demand, in each hour."""
        rows, columns, values = [], [], []
        for n, slot in enumerate(self.slots):
            begin, end = _begin(slot, self.watches)
            for hour in np.flatnonzero(_covered(begin, end - begin)):
                rows.append(int(hour))
                columns.append(n)
                values.append(1.0)
        for at in range(HOURS):
            rows += [at, at]
            columns += [self.count + at, self.count + HOURS + at]
            values += [1.0, -1.0]
        return scipy.optimize.LinearConstraint(
            self._sparse(rows, columns, values, HOURS), self.demand, self.demand
        )

    def _rest(self) -> "scipy.optimize.LinearConstraint":
        """Of two slots of one person that lie too close together at most one."""
        rows, columns = [], []
        row = 0
        mine: dict[int, list[int]] = {}
        for n, slot in enumerate(self.slots):
            mine.setdefault(slot[0], []).append(n)
        for theirs in mine.values():
            spans = {n: _begin(self.slots[n], self.watches) for n in theirs}
            for n in theirs:
                begin, end = spans[n]
                for other in (one for one in theirs if one > n):
                    since, until = spans[other]
                    if begin < until + self.rest and since < end + self.rest:
                        rows += [row, row]
                        columns += [n, other]
                        row += 1
        return scipy.optimize.LinearConstraint(
            self._sparse(rows, columns, [1.0] * len(rows), max(row, 1)), -np.inf, 1
        )

    def _days(self) -> "scipy.optimize.LinearConstraint":
        rows = [slot[0] for slot in self.slots]
        table = self._sparse(rows, list(range(self.count)), [1.0] * self.count, self.people)
        return scipy.optimize.LinearConstraint(table, -np.inf, self.days)

    def _even(self) -> "tuple[scipy.optimize.LinearConstraint, scipy.optimize.LinearConstraint]":
        """Nobody's hours are above the most or below the least."""
        rows = [slot[0] for slot in self.slots]
        hours = [float(self.watches[slot[2]].hours) for slot in self.slots]
        columns, everybody = list(range(self.count)), list(range(self.people))
        found = []
        infinite = np.full(self.people, np.inf)
        for place, low, high in ((self.size - 2, -infinite, -self.own), (self.size - 1, -self.own, infinite)):
            table = self._sparse(
                [*rows, *everybody],
                [*columns, *[place] * self.people],
                [*hours, *[-1.0] * self.people],
                self.people,
            )
            found.append(scipy.optimize.LinearConstraint(table, low, high))
        return found[0], found[1]

    def _sparse(
        self, rows: Sequence[int], columns: Sequence[int], values: Sequence[float], height: int
    ) -> Any:
        return coo_array((values, (rows, columns)), shape=(height, self.size)).tocsr()
