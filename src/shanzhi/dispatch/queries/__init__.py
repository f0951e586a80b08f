"""Reading the dispatch: somebody's own route, what the dispatcher watches, the board of shifts."""

from shanzhi.dispatch.queries.rounds import own_round
from shanzhi.dispatch.queries.routes import Route, Stop, route
from shanzhi.dispatch.queries.shifts import own_shift

__all__ = ["Route", "Stop", "own_round", "own_shift", "route"]
