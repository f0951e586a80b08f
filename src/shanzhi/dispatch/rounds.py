"""Planned rounds (巡查、走访路线): who visits which places in which order, within windows of time. Pure.

PyVRP searches (iterated local search, in C++) for as long as it may; behind these few values it could be another.
All times are whole seconds of one clock, all ways come in one matrix. A stop that nobody on a round may do, or that
the search leaves out, comes back with a reason; what is not kept is never told as if it were.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Ways = NDArray[np.int64]
Missed = Literal["skill", "window", "nobody", "left_out", "solver"]

FORBIDDEN = 10_000_000  # seconds: nobody goes there
WORTH = 1_000_000  # what leaving a stop out costs: more than any way to it
LAST = 10 * 86_400
# PyVRP is set for half an hour and more. In a minute with 1,000 stops it makes some 40,000 steps: with its 300 steps of
# late acceptance and its first price of a broken window (50,000) it has not settled by then.
HISTORY, HISTORIES = 2.0, (50, 300)  # steps for each second of the budget; least and most
PRICE, PRICE_OPTIONAL = (
    20.0,
    1_000.0,
)  # of a broken unit at first: where all stops must be done, and where not


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
    end = clock() + budget
    enough = _Enough(clock, end, int(np.clip(HISTORY * budget, *HISTORIES)))
    found = _searched(ways, left, list(kinds.values()), enough, seed, must)
    if found is None:
        return Rounds((), missed | {stop.id: "solver" for stop in left})
    made = _read(found, left, list(kinds.values()))
    done = {visit.stop for one in made for visit in one.visits}
    return Rounds(tuple(made), missed | {stop.id: "left_out" for stop in left if stop.id not in done})


@dataclass(frozen=True, slots=True)
class _Enough:
    """PyVRP asks after each step; the answer is the clock's. `history` is how patient the search can be until then."""

    clock: Callable[[], float]
    end: float
    history: int

    def __call__(self, best_cost: int) -> bool:
        return self.clock() >= self.end


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


def _searched(
    ways: Ways,
    stops: Sequence[Stop],
    kinds: Sequence[Sequence[Walker]],
    enough: "_Enough",
    seed: int,
    must: bool,
) -> Any:
    """PyVRP's best solution; None where it found none that keeps all windows."""
    from pyvrp import (  # takes half a second, so not at start
        Client,
        Depot,
        Location,
        ProblemData,
        VehicleType,
        solve,
    )

    carried = any(kind[0].carries is not None for kind in kinds)
    sets = sorted({kind[0].skills for kind in kinds}, key=sorted)
    depots = sorted({place for kind in kinds for place in (kind[0].start, kind[0].end)})
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
    places = [*depots, *(stop.place for stop in stops)]
    square = np.ascontiguousarray(ways[np.ix_(places, places)], dtype=np.int64)
    matrices: list[Any] = [_for(skills, square, stops, len(depots)) for skills in sets]
    data = ProblemData(
        [Location(0, 0) for _ in places],
        clients,
        [Depot(n) for n in range(len(depots))],
        types,
        matrices,
        matrices,
    )
    best = solve(data, enough, seed=seed, collect_stats=False, params=_params(enough.history, must)).best
    return best if best.is_feasible() else None


def _params(history: int, must: bool) -> Any:
    """PyVRP's settings for a short search."""
    from pyvrp import IteratedLocalSearchParams, PenaltyParams, SolveParams

    class Start(PenaltyParams):
        def midpoint_penalties(self, data: Any) -> tuple[list[float], float, float]:
            price = PRICE if must else PRICE_OPTIONAL
            return [price] * data.num_load_dimensions, price, price

    return SolveParams(
        ils=IteratedLocalSearchParams(history_length=history, exhaustive_on_best=False), penalty=Start()
    )


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
