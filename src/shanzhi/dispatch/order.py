"""In which order somebody goes to what lies with him: the short route beyond the next task. Pure.

A handful of stops: every order is tried up to six of them; beyond that each stop is put where it costs least, the most
pressing first, and stops are moved until nothing is gained. What counts is what counts in `costs`: travel, how long
each waits by its urgency, and clocks that are missed. An appointment is waited for, and missed only where nothing
helps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from math import inf

from shanzhi.dispatch.costs import LEAST_LIMIT, MISSED, Urgency

EXACT = 6
MOST = 10  # stops that are ordered; what lies beyond comes after them by its clock
IDLE = 0.5  # of travel, for each minute at a door before the appointment


@dataclass(frozen=True, slots=True)
class Stop:
    """A task on somebody's route: times are minutes of the day, `place` its row in the matrix of ways."""

    place: int
    minutes: float
    opened: float
    due: float
    urgency: Urgency
    earliest: float = -inf
    latest: float = inf


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop of a route: which, how long the way to it takes, and when its work begins."""

    stop: int
    travel: float
    arrival: float


Ways = Sequence[Sequence[float]]


def route(stops: Sequence[Stop], ways: Ways, start: int, free: float) -> list[Leg]:
    """The stops in the order in which to go to them, from a place where one is free at `free`."""
    rank = sorted(range(len(stops)), key=lambda n: (-stops[n].urgency.breach, stops[n].due))
    near, far = rank[:MOST], rank[MOST:]
    if len(near) <= EXACT:
        best = min(permutations(near), key=lambda order: cost(order, stops, ways, start, free), default=())
        chosen = list(best)
    else:
        chosen = _searched(near, stops, ways, start, free)
    return legs([*chosen, *far], stops, ways, start, free)


def legs(order: Sequence[int], stops: Sequence[Stop], ways: Ways, start: int, free: float) -> list[Leg]:
    """When each stop of an order is reached."""
    here, clock, found = start, free, []
    for number in order:
        stop = stops[number]
        travel = ways[here][stop.place]
        arrival = max(clock + travel, stop.earliest)
        found.append(Leg(number, travel, arrival))
        here, clock = stop.place, arrival + stop.minutes
    return found


def cost(order: Sequence[int], stops: Sequence[Stop], ways: Ways, start: int, free: float) -> float:
    """What an order costs, in minutes of travel."""
    total, clock = 0.0, free
    for leg in legs(order, stops, ways, start, free):
        stop, urgency = stops[leg.stop], stops[leg.stop].urgency
        total += IDLE * (leg.arrival - clock - leg.travel)
        clock = leg.arrival + stop.minutes
        total += leg.travel + urgency.wait * (leg.arrival - free) + _late(stop, leg.arrival)
        if leg.arrival > stop.latest:
            total += MISSED
    return total


def _late(stop: Stop, arrival: float) -> float:
    """The same as `costs.lateness` for one."""
    if stop.due == inf:
        return 0.0
    limit = max(stop.due - stop.opened, LEAST_LIMIT)
    over = arrival - stop.due
    pressing = min(max(over / (limit * stop.urgency.margin) + 1.0, 0.0), 1.0)
    return stop.urgency.breach * (pressing + max(over, 0.0) / limit)


def _searched(near: Sequence[int], stops: Sequence[Stop], ways: Ways, start: int, free: float) -> list[int]:
    """Each stop where it costs least, then moved one by one as long as that spares something."""
    order: list[int] = []
    for number in near:
        order = _placed(order, number, stops, ways, start, free)
    best = cost(order, stops, ways, start, free)
    for _ in range(len(near)):
        for number in near:
            moved = _placed([n for n in order if n != number], number, stops, ways, start, free)
            if (found := cost(moved, stops, ways, start, free)) < best - 1e-9:
                order, best = moved, found
                break
        else:
            break
    return order


def _placed(
    order: list[int], number: int, stops: Sequence[Stop], ways: Ways, start: int, free: float
) -> list[int]:
    tried = ([*order[:at], number, *order[at:]] for at in range(len(order) + 1))
    return min(tried, key=lambda one: cost(one, stops, ways, start, free))
