"""Writes of several threads in one statement (group commit).

A case written alone costs PostgreSQL three times as much as one among others: a statement, a wake-up and a flush
are there once, however many rows they bring. So whoever wants to write what another thread of this process is
just writing waits for it in line, and the first in line then writes for all. Alone, nobody waits.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from shanzhi.base.value import replace
from shanzhi.journal import tables
from shanzhi.journal.tables import Insert, Update, shape

Changes = Sequence[Insert | Update]
MOST_ROWS = 200  # of one write; a larger one is a statement of its own
PATIENCE = 0.25  # seconds in line: whoever is first may himself wait for a lock that is nothing to the others
DEADLOCK = "40P01"


@dataclass(eq=False, slots=True)
class _Waiting:
    """One in line: until it is his turn to write, or until somebody has written for him."""

    changes: Changes
    turn: threading.Event = field(default_factory=threading.Event)
    done: bool = False
    error: BaseException | None = None


_guard = threading.Lock()
_lines: dict[tuple[Any, ...], list[_Waiting]] = {}  # for each shape that is being written


def write(changes: Changes) -> None:
    """Writes all the changes in one statement, perhaps with those of others; raises Overtaken as `tables.write`.

    Within a transaction they are written at once, because there they are a part of something else.
    """
    filled = [change for change in changes if change.rows]
    if connection.in_atomic_block or sum(len(change.rows) for change in filled) > MOST_ROWS:
        tables.write(filled)
        return
    mine, line = _Waiting(filled), tuple(map(shape, filled))
    with _guard:
        first = line not in _lines
        _lines.setdefault(line, []).append(mine)
    if not first and not mine.turn.wait(PATIENCE):
        if _left(line, mine):
            tables.write(filled)
            return
        mine.turn.wait()
    if not mine.done:
        _write_for(line)
    if mine.error:
        _once_more(mine, mine.error)


def _left(line: tuple[Any, ...], mine: _Waiting) -> bool:
    """Leaves the line, unless it is one's turn by now or somebody is writing for one already."""
    with _guard:
        if mine.turn.is_set() or mine not in _lines.get(line, ()):
            return False
        _lines[line].remove(mine)
        return True


def _write_for(line: tuple[Any, ...]) -> None:
    """Writes for all in a line and passes the turn to whoever has come since."""
    with _guard:
        batch, _lines[line] = _lines[line], []
    error: BaseException | None = None
    try:
        tables.write(_merged([one.changes for one in batch]))
    except BaseException as raised:
        error = raised
    with _guard:
        following = _lines[line][:1]
        if not following:
            del _lines[line]
        for one in following:
            one.turn.set()
    for one in batch:
        one.done, one.error = True, error
        one.turn.set()


def _merged(writes: Sequence[Changes]) -> list[Insert | Update]:
    """Writes of one shape as one write."""
    return [
        replace(parts[0], rows=[row for part in parts for row in part.rows])
        for parts in zip(*writes, strict=True)
    ]


def _once_more(mine: _Waiting, error: BaseException) -> None:
    """The statement of all has failed, by whomsoever: then each writes his own.

    Not when the connection was lost, because nobody knows then what was written.
    """
    lost = isinstance(error, OperationalError | InterfaceError)
    if lost and getattr(error.__cause__, "sqlstate", None) != DEADLOCK:
        raise type(error)(*error.args) from error
    tables.write(mine.changes)
