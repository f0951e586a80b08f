"""Visits whose case ended at the desk are ended here too; those of the list are opened when their time has come."""

import time
from collections.abc import Sequence
from uuid import UUID

from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.patrol import actions
from shanzhi.patrol.queries import setting

EVERY = 60.0
_last = -EVERY


def ended(entries: Sequence[Entry]) -> None:
    """A case that was closed: if it is a visit, it waits no more."""
    for entry in entries:
        if entry.data.get("set", {}).get("open") is False:
            made = entry.data.get("facts", {}).get("move") == actions.MADE
            actions.closed(entry.stream, entry.at, made=made)


def known_anew(entries: Sequence[Entry]) -> None:
    """Something new is known of people: those who have died or moved away leave the list."""
    watched = {end.fact for kind in setting().visits.values() for end in kind.ends.values()}
    people = {UUID(one.data["subject"]) for one in entries if watched & set(_keys(one))}
    if people:
        actions.left(people)


def _keys(entry: Entry) -> Sequence[str]:
    """The facts that an entry is about."""
    found: Sequence[str] = entry.data.get("keys") or [entry.data.get("key", "")]
    return found


def open_due() -> int:
    """Opens regular visits, looked for once a minute; how many."""
    global _last
    if time.monotonic() - _last < EVERY:
        return 0
    _last = time.monotonic()
    return actions.open_due()


READERS = [
    Reader("patrol", ended, kinds=("case.moved", "case.merged", "case.decided"), batch=200),
    Reader("patrol-list", known_anew, kinds=("facts.kept", "facts.settled")),
]
TICKERS = [open_due]
