"""Reading rounds and visits."""

from shanzhi.patrol.queries.kept import SECTION, secret, setting
from shanzhi.patrol.queries.rounds import last_passed, looked_over, placed, rounds, stops_in, watched
from shanzhi.patrol.queries.visits import Planned, grounds, of_kind, planned, questions, visits, workers

__all__ = [
    "Planned",
    "SECTION",
    "grounds",
    "last_passed",
    "looked_over",
    "of_kind",
    "placed",
    "planned",
    "questions",
    "rounds",
    "secret",
    "setting",
    "stops_in",
    "visits",
    "watched",
    "workers",
]
