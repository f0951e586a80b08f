import threading
from collections.abc import Sequence
from uuid import uuid4

import pytest

from shanzhi.journal.actions import append
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.run.working import Worker, keep_partitions

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("settled")]


def test_the_rooms_bring_their_readers_and_tickers() -> None:
    worker = Worker.discovered()
    assert "notices" in [reader.name for reader in worker.readers]
    assert "shanzhi.cases.ticker" in [ticker.__module__ for ticker in worker.tickers]


def test_a_turn_reads_and_ticks() -> None:
    seen: list[Entry] = []

    def read(entries: Sequence[Entry]) -> None:
        seen.extend(entries)

    due = [3, 0]
    worker = Worker([Reader("test", read)], [due.pop])
    written = append("account:1", uuid4(), "thing.done", {"what": "pothole"})
    worker.catch_up()
    assert seen == [written]
    assert due == [] or due == [3]


def test_a_ticker_that_fails_does_not_keep_the_others() -> None:
    def fails() -> int:
        raise ValueError("on purpose")

    ticked = []

    def works() -> int:
        ticked.append(1)
        return 0

    assert Worker([], [fails, works]).turn() == 0
    assert ticked


def test_it_ends_when_told() -> None:
    stop = threading.Event()
    turns = []

    def ticker() -> int:
        turns.append(1)
        if len(turns) == 3:
            stop.set()
        return 1

    Worker([], [ticker], stop).run()
    assert len(turns) == 3


def test_partitions_are_made_once() -> None:
    keep_partitions()
    assert keep_partitions() == []
