"""Redrawings come into force when their day has come."""

import time

from shanzhi.grids import actions, queries
from shanzhi.places.history import today

EVERY = 30.0
_last = -EVERY


def redraw() -> int:
    """Brings the drafts of the day into force, looked for twice a minute; how many."""
    global _last
    if time.monotonic() - _last < EVERY:
        return 0
    _last = time.monotonic()
    waiting = queries.due(today())
    for draft in waiting:
        actions.bring(draft, today())
    return len(waiting)


TICKERS = [redraw]
