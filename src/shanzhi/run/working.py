"""The worker: runs the journal's readers and the tickers of all installed rooms.

A room's `jobs.py` may have `READERS` (see journal/follow.py) and `TICKERS` (journal/ticking.py). Any number of
workers may run.
"""

import logging
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType

from django.db import Error, connection

from shanzhi.base.clock import now
from shanzhi.journal import ticking
from shanzhi.journal.actions import make_partitions
from shanzhi.journal.follow import Reader, listen, step
from shanzhi.journal.queries import months
from shanzhi.journal.readers import discovered
from shanzhi.journal.ticking import Ticker

log = logging.getLogger(__name__)
PARTITION_SECONDS = 3600.0
MONTHS_AHEAD = 3
BACK_MONTH = timedelta(days=28)


def keep_partitions() -> list[str]:
    """Makes the journal's partitions from last month to some months ahead, as far as they are missing."""
    return make_partitions(months(now() - BACK_MONTH, MONTHS_AHEAD + 2))


@dataclass
class Worker:
    """One process that reads and ticks."""

    readers: Sequence[Reader]
    tickers: Sequence[Ticker]
    stop: threading.Event = field(default_factory=threading.Event)
    partitions_at: float = 0.0

    @classmethod
    def discovered(cls) -> "Worker":
        """A worker with what the installed rooms have in their `jobs.py`."""
        return cls(list(discovered().values()), list(ticking.discovered().values()))

    def turn(self) -> int:
        """One batch of everything; how much was done."""
        if time.monotonic() - self.partitions_at > PARTITION_SECONDS or not self.partitions_at:
            self.partitions_at = time.monotonic()
            keep_partitions()
        return sum(step(reader) for reader in self.readers) + ticking.tick(self.tickers)

    def catch_up(self) -> None:
        """Turns until nothing is left to do."""
        while self.turn() and not self.stop.is_set():
            pass

    def run(self) -> None:
        """Turns until SIGINT or SIGTERM; a batch begun is finished. A database that is away is waited for."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        while not self.stop.is_set():
            try:
                listen(self.stop, self.turn)
            except (Error, OSError, ValueError) as error:
                log.warning("the database is away: %s", str(error).strip())
                connection.close()
                self.stop.wait(1)
        connection.close()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.stop.set()
