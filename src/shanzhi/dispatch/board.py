"""What a run of the dispatch sees: workers and tasks, plain values, and the same as arrays. Pure.

Times are minutes of one day that all share (from its midnight, or any other beginning). A worker's place and
`free` are where and when his present task ends; who is driving or at work is not moved by a run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isnan

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]
Masks = NDArray[np.uint64]
Flags = NDArray[np.bool_]
MOST_SKILLS = 64


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody on the streets (网格员): where and when he is free, what he can, until when he works."""

    id: str
    lon: float
    lat: float
    skills: frozenset[str] = frozenset()
    free: float = 0.0
    start: float = 0.0  # of the shift
    end: float = inf
    worked: float = 0.0  # minutes worked, today or in the week: what fairness looks at
    area: str = ""  # the grid he knows
    open: int = 0  # tasks that lie with him


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done at a place: by when somebody must be there, how long it takes, what it needs."""

    id: str
    lon: float
    lat: float
    skills: frozenset[str] = frozenset()
    urgency: str = ""
    opened: float = 0.0
    due: float = inf
    minutes: float = 15.0  # of work at the place, as expected
    people: int = 1
    earliest: float = -inf  # an appointment: not before, not after
    latest: float = inf
    area: str = ""

    def __post_init__(self) -> None:
        if self.people < 1 or not 0 <= self.minutes < inf or self.latest < self.earliest or isnan(self.due):
            raise ValueError(f"task {self.id} has no people, no length of work or no time")


@dataclass(frozen=True, slots=True)
class Workers:
    """The same as arrays, one place for each worker."""

    ids: Sequence[str]
    places: Numbers  # rows of lon, lat
    skills: Masks
    free: Numbers
    start: Numbers
    end: Numbers
    worked: Numbers
    area: Indices

    def __len__(self) -> int:
        return len(self.free)


@dataclass(frozen=True, slots=True)
class Tasks:
    """The same as arrays, one place for each task; `urgency` and `area` count in the lists of the board."""

    ids: Sequence[str]
    places: Numbers
    skills: Masks
    urgency: Indices
    opened: Numbers
    due: Numbers
    minutes: Numbers
    people: Indices
    earliest: Numbers
    latest: Numbers
    area: Indices

    def __len__(self) -> int:
        return len(self.due)


class TooMany(ValueError):
    """More skills than a mask has bits."""


def arrays(
    workers: Sequence[Worker], tasks: Sequence[Task], urgencies: Sequence[str]
) -> tuple[Workers, Tasks]:
    """Workers and tasks as arrays; an urgency that the list does not name counts as its last, the mildest."""
    everything: list[Worker | Task] = [*workers, *tasks]
    skills = _numbered({skill for one in everything for skill in one.skills})
    if len(skills) > MOST_SKILLS:
        raise TooMany(f"{len(skills)} skills, at most {MOST_SKILLS}")
    areas = {"": -1} | _numbered({one.area for one in everything} - {""})
    ranks = {name: rank for rank, name in enumerate(urgencies)}
    mildest = max(len(urgencies) - 1, 0)
    return (
        Workers(
            [one.id for one in workers],
            np.array([(one.lon, one.lat) for one in workers], np.float64).reshape(-1, 2),
            _masks((one.skills for one in workers), skills),
            _floats(one.free for one in workers),
            _floats(one.start for one in workers),
            _floats(one.end for one in workers),
            _floats(one.worked for one in workers),
            np.array([areas[one.area] for one in workers], np.intp),
        ),
        Tasks(
            [one.id for one in tasks],
            np.array([(one.lon, one.lat) for one in tasks], np.float64).reshape(-1, 2),
            _masks((one.skills for one in tasks), skills),
            np.array([ranks.get(one.urgency, mildest) for one in tasks], np.intp),
            _floats(one.opened for one in tasks),
            _floats(one.due for one in tasks),
            _floats(one.minutes for one in tasks),
            np.array([one.people for one in tasks], np.intp),
            _floats(one.earliest for one in tasks),
            _floats(one.latest for one in tasks),
            np.array([areas[one.area] for one in tasks], np.intp),
        ),
    )


def left(expected: Numbers, spent: Numbers, spread: float = 0.5) -> Numbers:
    """How long work still lasts that was expected to take so many minutes and has taken `spent` of them.

    The mean residual life of a gamma distribution with that mean and that coefficient of variation: who has
    overrun will not be done the next minute, and a plan that believes so makes residents wait.
    """
    expected = np.maximum(expected, 1e-6)
    found: Numbers = expected * np.interp(np.maximum(spent, 0.0) / expected, *_lasting(spread))
    return found


@lru_cache(maxsize=8)
def _lasting(spread: float) -> tuple[Numbers, Numbers]:
    """The share of the expected time that is left, by the share that has passed (up to five times of it)."""
    passed = np.linspace(0.0, 5.0, 501)
    if spread <= 0:
        return passed, np.maximum(1.0 - passed, 0.0)
    from scipy.special import gammaincc  # a fifth of a second to load, so not at start

    shape = spread**-2
    share = gammaincc(shape, passed * shape)
    known = share > 1e-9  # beyond, what is left has vanished in rounding
    rest = gammaincc(shape + 1, passed[known] * shape) / share[known] - passed[known]
    return passed, np.interp(passed, passed[known], rest)


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted(names))}


def _masks(sets: Iterable[frozenset[str]], bits: Mapping[str, int]) -> Masks:
    known: dict[frozenset[str], int] = {}
    found = []
    for one in sets:
        if one not in known:
            known[one] = sum(1 << bits[skill] for skill in one)
        found.append(known[one])
    return np.array(found, np.uint64)


def _floats(values: Iterable[float]) -> Numbers:
    return np.fromiter(values, np.float64)
