"""Readers: whatever follows from something that happened, done once for each entry.

A reader and its position change in one transaction, so that its work in the database is done exactly
once, however often it is killed. It reads in the order (transaction, entry) and stops before the oldest
transaction that is still running: no entry that commits late is ever skipped.
"""

import logging
import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shanzhi.base.clock import now
from shanzhi.journal.entry import Entry
from shanzhi.journal.models import ReaderPosition, SetAside
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.journal.wake import CHANNEL, PAUSE

log = logging.getLogger(__name__)
ATTEMPTS = 5
START = UUID(int=0)
LAST = UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Reader:
    """A reader of the journal: a name for its position, the kinds it wants, and what it does with them."""

    name: str
    handle: Callable[[Sequence[Entry]], None]
    kinds: tuple[str, ...] = ()
    batch: int = 1000


def step(reader: Reader) -> int:
    """Lets the reader digest one batch; the number of entries it moved on by.

    Returns 0 at the end of the journal, when another worker holds this reader, or after a failure that is
    to be tried again later.
    """
    try:
        return _digest(reader, reader.batch)
    except Exception as error:
        log.exception("reader %s failed", reader.name)
        return _recover(reader, str(error) or type(error).__name__)


@transaction.atomic
def _digest(reader: Reader, size: int) -> int:
    position = _claim(reader)
    if position is None:
        return 0
    rows = _next(position, size)
    if rows:
        entries = [entry(row) for row in rows if not reader.kinds or row[3] in reader.kinds]
        if entries:
            reader.handle(entries)
        _move(position, rows[-1][9], rows[-1][0])
    return len(rows)


def _recover(reader: Reader, error: str) -> int:
    """After a failed batch: one entry at a time; an entry that fails again and again is set aside."""
    done = 0
    try:
        while done < reader.batch and _digest(reader, 1):
            done += 1
        return done
    except Exception as failure:
        return done + _fail(reader, str(failure) or error)


@transaction.atomic
def _fail(reader: Reader, error: str) -> int:
    position = _claim(reader)
    if position is None:
        return 0
    if position.failures + 1 < ATTEMPTS:
        wait = timedelta(seconds=2**position.failures)
        ReaderPosition.objects.filter(pk=reader.name).update(
            failures=position.failures + 1, error=error[:2000], moved_at=now() + wait
        )
        return 0
    rows = _next(position, 1)
    for row in rows:
        SetAside.objects.get_or_create(
            reader=reader.name, entry=row[0], defaults={"error": error[:2000], "at": now()}
        )
        _move(position, row[9], row[0])
    return len(rows)


def _claim(reader: Reader) -> ReaderPosition | None:
    """This reader's position, locked; None when another worker holds it or it waits after a failure."""
    locked = ReaderPosition.objects.select_for_update(skip_locked=True)
    position = locked.filter(pk=reader.name).first()
    if position is None:
        ReaderPosition.objects.bulk_create(
            [ReaderPosition(name=reader.name, entry=START, moved_at=now())], ignore_conflicts=True
        )
        position = locked.filter(pk=reader.name).first()
    if position is None or (position.failures and position.moved_at > now()):
        return None
    return position


def _next(position: "ReaderPosition | Tail", size: int) -> list[tuple[Any, ...]]:
    sql = f"""SELECT {FIELDS}, xact FROM journal_entry
        WHERE (xact, id) > (%s, %s) AND xact < journal_settled() ORDER BY xact, id LIMIT %s"""
    return run(sql, [position.xact, position.entry, size])


@dataclass
class Tail:
    """A reader that keeps its position to itself: for what is shown now and missed without harm."""

    xact: int
    entry: UUID = START

    @classmethod
    def end(cls) -> "Tail":
        """From now on: what is written by transactions that have not ended yet, and by those to come."""
        [(settled,)] = run("SELECT journal_settled()", [])
        return cls(settled - 1, LAST)

    def read(self, limit: int = 1000) -> list[Entry]:
        """The next entries."""
        rows = _next(self, limit)
        if rows:
            self.xact, self.entry = rows[-1][9], rows[-1][0]
        return [entry(row) for row in rows]


def _move(position: ReaderPosition, xact: int, last: UUID) -> None:
    ReaderPosition.objects.filter(pk=position.name).update(
        xact=xact, entry=last, moved_at=now(), failures=0, error=""
    )


def catch_up(reader: Reader) -> int:
    """Follows to the end of the journal; the number of entries moved on by."""
    total = 0
    while moved := step(reader):
        total += moved
    return total


def listen(stop: Event, turn: Callable[[], int], *, idle: float = 1.0) -> None:
    """Calls `turn` whenever something is written, and every `idle` seconds, until `stop` is set.

    After a turn that found work it looks again at once; after a wake-up it looks every 50 ms for a second,
    because writers notify at most that often.
    """
    awake = 0
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    while not stop.is_set():
        if turn():
            awake = 20
            continue
        woken = _wait(PAUSE if awake else idle)
        awake = 20 if woken else max(0, awake - 1)


def _wait(seconds: float) -> bool:
    raw = connection.connection
    ready, _, _ = select.select([raw.fileno()], [], [], seconds)
    return bool(ready) and any(True for _ in raw.notifies(timeout=0))
