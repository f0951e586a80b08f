"""Sessions that have ended are forgotten."""

import time

from shanzhi.base.clock import now
from shanzhi.orgs.models import Session

EVERY = 3600.0
_last = -EVERY


def forget_sessions() -> int:
    """Takes ended sessions out of the table, once an hour; how many."""
    global _last
    if time.monotonic() - _last < EVERY:
        return 0
    _last = time.monotonic()
    return Session.objects.filter(expire_date__lt=now()).delete()[0]


TICKERS = [forget_sessions]
