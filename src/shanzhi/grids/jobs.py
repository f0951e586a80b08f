"""Redrawings come into force when their day has come; who goes on leave hands over what lies with him."""

import time

from shanzhi.base.clock import now
from shanzhi.grids import actions, handing, queries
from shanzhi.places.history import today

EVERY = 30.0
_last = -EVERY
_handed = -2 * EVERY


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


def hand_over() -> int:
    """Cases of those whose leave has begun, looked for once a minute; how many went to others."""
    global _handed
    if time.monotonic() - _handed < 2 * EVERY:
        return 0
    _handed = time.monotonic()
    return handing.hand_over(today(), now())


TICKERS = [redraw, hand_over]
