"""Reading the dispatch: somebody's own route, what the dispatcher watches, the board of shifts."""

from shanzhi.dispatch.queries.rounds import own_round
from shanzhi.dispatch.queries.routes import Route, Stop, route
from shanzhi.dispatch.queries.shifts import own_shift
from shanzhi.dispatch.queries.waits import Wait, own_wait

__all__ = ["Route", "Stop", "Wait", "own_round", "own_shift", "own_wait", "route"]
