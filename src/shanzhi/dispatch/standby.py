"""Where idle people stand by (待命点), so that wherever urgent tasks arise somebody is there in time. Pure.

A place is covered for a need (a set of skills that tasks ask for) while somebody who has them could be there within
the limit: from where he stands, or once he is free. How many urgent tasks an hour arise at each place is known from
other days. While some place is covered by nobody, whoever is idle and gains most walks: what he covers anew, less what
he alone covered before, each at what a breach costs, for as long as he is expected to stay, less his walk. So few
walk, and nobody where it does not pay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shanzhi.dispatch.board import Flags, Indices, Numbers

LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody idle who is to wait elsewhere: who, at which place, his walk in minutes, and how many urgent tasks an
    hour are in reach again."""

    worker: int
    place: int
    walk: float
    gain: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What is to be covered, and by whom: minutes until each worker is free (infinite: not reckoned with), minutes from
    each worker to each place, who has what each need asks for (workers by needs), urgent tasks an hour (places by
    needs), and minutes from place to place as each worker gets about (`ways[mode]`: places by places)."""

    wait: Numbers
    away: Numbers
    able: Flags
    demand: Numbers
    ways: Sequence[Numbers]
    mode: Indices  # of each worker, which of the ways


def covered(ground: Ground, limit: float) -> float:
    """The share of urgent tasks that somebody could reach within `limit` minutes; 1 where there are none."""
    count = _count(ground.wait[:, None] + ground.away <= limit, ground.able)
    total = float(ground.demand.sum())
    return float(ground.demand[count > 0].sum()) / total if total > 0 else 1.0


def stands(ground: Ground, movable: Flags, *, limit: float, worth: float, most: int = 20) -> list[Stand]:
    """Who of the `movable` walks where; `worth`: minutes of walking that one would give for one urgent task an hour in
    reach of somebody within `limit` minutes."""
    near, free, found = ground.wait[:, None] + ground.away <= limit, movable.copy(), list[Stand]()
    while len(found) < most and free.any():
        best = _best(ground, near, free, limit, worth)
        if best is None:
            break
        found.append(best)
        free[best.worker] = False
        near[best.worker] = ground.ways[ground.mode[best.worker]][best.place] <= limit
    return found


def _count(near: Flags, able: Flags) -> Numbers:
    """How many cover each place for each need."""
    found: Numbers = near.T.astype(np.float64) @ able.astype(np.float64)
    return found


def _best(ground: Ground, near: Flags, free: Flags, limit: float, worth: float) -> Stand | None:
    """The walk that pays most, if any does."""
    count = _count(near, ground.able)
    bare = np.where(count < 0.5, ground.demand, 0.0)
    places = np.flatnonzero(bare.sum(axis=1) > LEAST)
    if not len(places):
        return None
    alone = np.where(np.abs(count - 1.0) < 0.5, ground.demand, 0.0)
    found: list[tuple[float, Stand]] = []
    for mode in np.unique(ground.mode[free]).tolist():
        rows = np.flatnonzero(free & (ground.mode == mode))
        reach = ground.ways[mode][places] <= limit  # candidates by places
        able = ground.able[rows].astype(np.float64)
        new = (reach.astype(np.float64) @ bare) @ able.T  # candidates by workers
        theirs = near[rows] * (able @ alone.T)  # workers by places: what only he covers
        gain = new - (~reach).astype(np.float64) @ theirs.T
        value = worth * gain - ground.away[rows][:, places].T
        place, row = divmod(int(value.argmax()), len(rows))
        one = Stand(
            int(rows[row]),
            int(places[place]),
            float(ground.away[rows[row], places[place]]),
            float(gain[place, row]),
        )
        found.append((float(value[place, row]), one))
    value_, best = max(found, key=lambda pair: pair[0])
    return best if value_ > 0 else None
