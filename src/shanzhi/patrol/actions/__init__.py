"""What is done on rounds and visits. A round and a visit are cases: begun, noted in, ended as their types declare."""

from shanzhi.patrol.actions.regular import left, open_due, stop_regular
from shanzhi.patrol.actions.rounds import ROUND, Stood, begin, end, stand, walk
from shanzhi.patrol.actions.visits import (
    MADE,
    SOURCE,
    VISIT,
    Home,
    Plan,
    Said,
    closed,
    find,
    home_of,
    plan_visit,
    visited,
)

__all__ = [
    "Home",
    "MADE",
    "Plan",
    "ROUND",
    "SOURCE",
    "Said",
    "Stood",
    "VISIT",
    "begin",
    "closed",
    "end",
    "find",
    "home_of",
    "left",
    "open_due",
    "plan_visit",
    "stand",
    "stop_regular",
    "visited",
    "walk",
]
