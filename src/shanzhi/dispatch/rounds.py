"""Planned rounds (巡查、走访路线): who visits which places in which order, within windows of time. Pure.

`searching` looks for them for as long as it may, with PyVRP; behind these few values it could be another.
All times are whole seconds of one clock, all ways come in one matrix. A stop that nobody on a round may do, or that
the search leaves out, comes back with a reason; what is not kept is never told as if it were.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from shanzhi.dispatch.searching import searched

Ways = NDArray[np.int64]
Missed = Literal["skill", "window", "nobody", "left_out", "solver"]

FORBIDDEN = 10_000_000  # seconds: nobody goes there
WORTH = 1_000_000  # what leaving a stop out costs: more than any way to it
LAST = 10 * 86_400
NEIGHBOUR = 10  # the tenth nearest stop is what counts as near
LATE = 20.0  # what a second too late costs at first; PyVRP's 50,000 take most of a minute to come down
OPTIONAL = 1_000.0  # what anything broken costs at first where stops may be left out instead, which is dear


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to be visited: its row in the matrix, how long it takes, when one may begin, what it needs."""

    id: str
    place: int
    seconds: int = 0
    earliest: int = 0
    latest: int = LAST
    skills: frozenset[str] = frozenset()
    load: int = 0  # what it takes of what a round can carry

    def __post_init__(self) -> None:
        if self.seconds < 0 or self.load < 0 or not 0 <= self.earliest <= self.latest:
            raise ValueError(f"stop {self.id} has no window or no length")


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who goes a round: from where, to where, between when and when."""

    id: str
    start: int
    end: int
    earliest: int = 0
    latest: int = LAST
    skills: frozenset[str] = frozenset()
    carries: int | None = None

    @property
    def kind(self) -> tuple[Any, ...]:
        return (self.start, self.end, self.earliest, self.latest, self.skills, self.carries)


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop on a round, and when its work begins."""

    stop: str
    at: int


@dataclass(frozen=True, slots=True)
class Round:
    """What one walker does, in order."""

    walker: str
    visits: tuple[Visit, ...]
    travel: int
    back: int


@dataclass(frozen=True, slots=True)
class Rounds:
    rounds: tuple[Round, ...]
    missed: dict[str, Missed]

    @property
    def travel(self) -> int:
        return sum(one.travel for one in self.rounds)


def rounds(
    ways: Ways,
    stops: Sequence[Stop],
    walkers: Sequence[Walker],
    *,
    budget: float,
    seed: int = 0,
    must: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Rounds:
    """The rounds with the least travel found within `budget` seconds of a clock; with `must`, all stops or none."""
    begin = clock()
    if not walkers:
        return Rounds((), {stop.id: "nobody" for stop in stops})
    missed: dict[str, Missed] = {
        stop.id: why for stop in stops if (why := _hopeless(ways, stop, walkers)) is not None
    }
    left = [stop for stop in stops if stop.id not in missed]
    if not left or (must and missed):
        return Rounds((), missed | {stop.id: "solver" for stop in left})
    kinds: dict[tuple[Any, ...], list[Walker]] = {}
    for walker in walkers:
        kinds.setdefault(walker.kind, []).append(walker)
    groups = list(kinds.values())
    square = _square(ways, left, groups)
    near = _near(square[-len(left) :, -len(left) :])
    found = searched(
        _problem(square, left, groups, must),
        near=near,
        prices=_prices(left, near) if must else (OPTIONAL, OPTIONAL),
        begin=begin,
        budget=budget,
        seed=seed,
        clock=clock,
    )
    made = _read(found, left, groups) if found is not None else []
    done = {visit.stop for one in made for visit in one.visits}
    why_not: Missed = "left_out" if found is not None else "solver"
    return Rounds(tuple(made), missed | {stop.id: why_not for stop in left if stop.id not in done})


def _prices(stops: Sequence[Stop], near: float) -> tuple[float, float]:
    """What a unit of load too much costs at first, so that a stop too many costs a way to a neighbour, and a second."""
    return near / max(1.0, float(np.mean([stop.load for stop in stops]))), LATE


def _hopeless(ways: Ways, stop: Stop, walkers: Sequence[Walker]) -> Missed | None:
    """Why nobody could do it, even if it were his only stop."""
    able = [walker for walker in walkers if stop.skills <= walker.skills]
    if not able:
        return "skill"
    for walker in able:
        begin = max(walker.earliest + int(ways[walker.start, stop.place]), stop.earliest)
        if begin <= stop.latest and begin + stop.seconds + int(ways[stop.place, walker.end]) <= walker.latest:
            return None
    return "window"


def _depots(kinds: Sequence[Sequence[Walker]]) -> list[int]:
    """Where rounds begin and end: the first rows of the matrix that is searched."""
    return sorted({place for kind in kinds for place in (kind[0].start, kind[0].end)})


def _square(ways: Ways, stops: Sequence[Stop], kinds: Sequence[Sequence[Walker]]) -> Ways:
    """The ways between all depots and all stops, in this order."""
    places = [*_depots(kinds), *(stop.place for stop in stops)]
    return np.ascontiguousarray(ways[np.ix_(places, places)], dtype=np.int64)


def _near(between: Ways) -> float:
    """How far a stop's neighbours are, on average; at least one second."""
    tenth = min(NEIGHBOUR, len(between) - 1)
    return max(1.0, float(np.partition(between, tenth, axis=1)[:, tenth].mean()))


def _problem(square: Ways, stops: Sequence[Stop], kinds: Sequence[Sequence[Walker]], must: bool) -> Any:
    """The same in PyVRP's words: each kind of walker is a type of vehicle, each set of skills has ways of its own."""
    from pyvrp import (  # takes half a second, so not at start
        Client,
        Depot,
        Location,
        ProblemData,
        VehicleType,
    )

    carried = any(kind[0].carries is not None for kind in kinds)
    sets = sorted({kind[0].skills for kind in kinds}, key=sorted)
    depots = _depots(kinds)
    clients = [
        Client(
            len(depots) + n, delivery=[stop.load] if carried else [], service_duration=stop.seconds,
            tw_early=stop.earliest, tw_late=stop.latest, required=must, prize=0 if must else WORTH,
        )
        for n, stop in enumerate(stops)
    ]  # fmt: skip
    types = [
        VehicleType(
            len(kind), [LAST if kind[0].carries is None else kind[0].carries] if carried else [],
            depots.index(kind[0].start), depots.index(kind[0].end), tw_early=kind[0].earliest,
            tw_late=kind[0].latest, profile=sets.index(kind[0].skills),
        )
        for kind in kinds
    ]  # fmt: skip
    matrices: list[Any] = [_for(skills, square, stops, len(depots)) for skills in sets]
    places = [Location(0, 0) for _ in square]
    return ProblemData(places, clients, [Depot(n) for n in range(len(depots))], types, matrices, matrices)


def _for(skills: frozenset[str], square: Ways, stops: Sequence[Stop], depots: int) -> Ways:
    """The ways of those with these skills: what they cannot do is out of reach."""
    beyond = [depots + n for n, stop in enumerate(stops) if not stop.skills <= skills]
    if not beyond:
        return square
    ways = square.copy()
    ways[:, beyond] = FORBIDDEN
    np.fill_diagonal(ways, 0)
    return ways


def _read(found: Any, stops: Sequence[Stop], kinds: Sequence[Sequence[Walker]]) -> list[Round]:
    """The solution in our words: each route is one walker of its kind."""
    waiting = [list(kind) for kind in kinds]
    made = []
    for route in found.routes():
        walker = waiting[route.vehicle_type()].pop(0)
        visits = tuple(
            Visit(stops[one.idx].id, int(one.start_time)) for one in route.schedule() if one.is_client()
        )
        made.append(Round(walker.id, visits, int(route.distance()), int(route.end_time())))
    return made
