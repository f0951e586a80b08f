"""Where idle people stand by (待命点), so that wherever urgent tasks arise somebody is there in time. Pure.

A place is covered for a need (a set of skills that tasks ask for) while somebody who has them could be there within
the limit: from where he stands, or once he is free. How many urgent tasks an hour arise at each place is known from
other days. While some place is covered by nobody, whoever is idle and gains most walks: what he covers anew, less what
he alone covered before, each at what a breach costs, for as long as he is expected to stay, less his walk. So few
walk, and nobody where it does not pay.
"""

from dataclasses import dataclass

import numpy as np

from shanzhi.dispatch.board import Flags, Numbers

LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Stand:
    """Somebody idle who is to wait elsewhere: who, at which place, his walk in minutes, and how many urgent tasks an
    hour are in reach again."""

    worker: int
    place: int
    walk: float
    gain: float


@dataclass(slots=True)
class _State:
    near: Flags  # workers by places: within the limit
    able: Numbers  # workers by needs: 1 who can
    demand: Numbers  # places by needs: urgent tasks an hour

    @property
    def count(self) -> Numbers:
        """How many cover each place for each need."""
        found: Numbers = self.near.T.astype(np.float64) @ self.able
        return found


def covered(wait: Numbers, away: Numbers, able: Flags, demand: Numbers, limit: float) -> float:
    """The share of urgent tasks that somebody could reach within `limit` minutes; 1 where there are none."""
    near = wait[:, None] + away <= limit
    count = near.T.astype(np.float64) @ able.astype(np.float64)
    total = float(demand.sum())
    return float(demand[count > 0].sum()) / total if total > 0 else 1.0


def stands(
    wait: Numbers,
    away: Numbers,
    able: Flags,
    demand: Numbers,
    between: Numbers,
    *,
    limit: float,
    worth: float,
    movable: Flags,
    most: int = 20,
) -> list[Stand]:
    """Who of the `movable` walks where.

    `wait`: minutes until each worker is free (infinite: not reckoned with); `away`: minutes from each worker to each
    place; `able`: workers by needs; `demand`: places by needs, urgent tasks an hour; `between`: minutes from place to
    place; `worth`: minutes of walking that one would give for one urgent task an hour in reach.
    """
    state = _State(wait[:, None] + away <= limit, able.astype(np.float64), demand)
    free, found = movable.copy(), []
    while len(found) < most and free.any():
        best = _best(state, away, between, limit, worth, free)
        if best is None:
            break
        found.append(best)
        free[best.worker] = False
        state.near[best.worker] = between[best.place] <= limit
    return found


def _best(
    state: _State, away: Numbers, between: Numbers, limit: float, worth: float, free: Flags
) -> Stand | None:
    """The walk that pays most, if any does."""
    count = state.count
    bare = np.where(count < 0.5, state.demand, 0.0)
    places, rows = np.flatnonzero(bare.sum(axis=1) > LEAST), np.flatnonzero(free)
    if not len(places):
        return None
    reach = between[places] <= limit  # candidates by places
    new = (reach.astype(np.float64) @ bare) @ state.able[rows].T  # candidates by workers
    alone = np.where(np.abs(count - 1.0) < 0.5, state.demand, 0.0)
    theirs = state.near[rows] * (state.able[rows] @ alone.T)  # workers by places: what only he covers
    lost = (~reach).astype(np.float64) @ theirs.T
    gain = new - lost
    value = worth * gain - away[rows][:, places].T
    best = int(value.argmax())
    place, row = divmod(best, len(rows))
    if value[place, row] <= 0:
        return None
    worker, where = int(rows[row]), int(places[place])
    return Stand(worker, where, float(away[worker, where]), float(gain[place, row]))
