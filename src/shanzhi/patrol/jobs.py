"""Visits whose case ended at the desk are ended here too; those of the list are opened when their time has come."""

import time
from collections.abc import Sequence

from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.patrol import actions

EVERY = 60.0
_last = -EVERY


def ended(entries: Sequence[Entry]) -> None:
    """A case that was closed: if it is a visit, it waits no more."""
    for entry in entries:
        if entry.data.get("set", {}).get("open") is False:
            made = entry.data.get("facts", {}).get("move") == actions.MADE
            actions.closed(entry.stream, entry.at, made=made)


def open_due() -> int:
    """Opens regular visits, looked for once a minute; how many."""
    global _last
    if time.monotonic() - _last < EVERY:
        return 0
    _last = time.monotonic()
    return actions.open_due()


READERS = [Reader("patrol", ended, kinds=("case.moved", "case.merged", "case.decided"), batch=200)]
TICKERS = [open_due]
