"""Writes of several threads in one statement: each gets what it would have got alone."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from shanzhi.journal import tables, together
from shanzhi.journal.receipts import row
from shanzhi.journal.tables import Insert, Overtaken, Update, run

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = ("stream", "seq", "hash")


class Statements:
    """How many rows each statement wrote; the first one waits until `many` others are in line."""

    def __init__(self, many: int, error: Exception | None = None) -> None:
        self.many, self.error, self.rows = many, error, list[int]()
        self.write = tables.write

    def __call__(self, changes: Sequence[Insert | Update]) -> None:
        self.rows.append(len(changes[0].rows))
        if len(self.rows) == 1:
            until = time.monotonic() + 10
            while sum(map(len, together._lines.values())) < self.many and time.monotonic() < until:
                time.sleep(0.001)
        if self.error and len(self.rows) == 2:
            raise self.error
        self.write(changes)


@pytest.fixture
def started() -> Iterator[Callable[[Sequence[Insert | Update]], threading.Thread]]:
    """Starts a write in a thread; what it raised is in its `error`."""
    threads: list[threading.Thread] = []

    def start(changes: Sequence[Insert | Update]) -> threading.Thread:
        def work() -> None:
            try:
                together.write(changes)
            except Exception as error:
                thread.error = error  # type: ignore[attr-defined]
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.error = None  # type: ignore[attr-defined]
        threads.append(thread)
        thread.start()
        return thread

    yield start
    for thread in threads:
        thread.join()


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "PATIENCE", 30)


def errors(threads: Sequence[Any]) -> list[type | None]:
    for thread in threads:
        thread.join()
    return [thread.error and type(thread.error) for thread in threads]


def receipts() -> int:
    return len(run("SELECT 1 FROM journal_receipt", []))


def receipt(key: str) -> list[Insert | Update]:
    return [row("client:1", key, "a" * 64, {"done": key})]


def test_who_comes_while_another_writes_is_written_with_all_who_wait(
    started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = Statements(many=5)
    monkeypatch.setattr(tables, "write", statements)
    threads = [started(receipt(f"k{n}")) for n in range(6)]
    assert errors(threads) == [None] * 6
    assert (statements.rows, receipts()) == ([1, 5], 6)
    assert together._lines == {}


def test_one_that_fails_takes_none_of_the_others_with_it(
    started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    together.write(receipt("known"))
    monkeypatch.setattr(tables, "write", Statements(many=3))
    threads = [started(receipt(key)) for key in ("first", "a", "known", "b")]
    assert sorted(map(str, errors(threads))) == ["<class 'django.db.utils.IntegrityError'>", *["None"] * 3]
    assert receipts() == 4


def test_where_the_connection_was_lost_nobody_writes_twice(
    started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = OperationalError("server closed the connection unexpectedly")
    statements = Statements(many=3, error=lost)
    monkeypatch.setattr(tables, "write", statements)
    threads = [started(receipt(f"k{n}")) for n in range(4)]
    assert sorted(map(str, errors(threads))) == [*["<class 'django.db.utils.OperationalError'>"] * 3, "None"]
    assert (statements.rows, receipts()) == ([1, 3], 1)


def test_other_shapes_and_whole_transactions_wait_for_nobody(
    started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = Statements(many=1)
    monkeypatch.setattr(tables, "write", statements)
    ahead = started(receipt("ahead"))
    head = {"stream": str(uuid4()), "seq": 1, "hash": "\\x"}
    other = started([Insert("journal_head", HEAD, [head])])
    assert errors([other]) == [None]
    with transaction.atomic():
        together.write(receipt("within"))
    assert ahead.is_alive()
    waiting = started(receipt("last"))
    assert (errors([ahead, waiting]), receipts()) == ([None, None], 3)


def test_nobody_waits_long_behind_one_who_is_stuck(started: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    held, write = threading.Event(), tables.write
    monkeypatch.setattr(together, "PATIENCE", 0.05)

    def stuck(changes: Sequence[Insert | Update]) -> None:
        if changes[0].rows[0]["key"] == "stuck":
            held.wait(30)
        write(changes)

    monkeypatch.setattr(tables, "write", stuck)
    ahead = started(receipt("stuck"))
    others = [started(receipt(f"k{n}")) for n in range(3)]
    assert (errors(others), receipts(), ahead.is_alive()) == ([None] * 3, 3, True)
    held.set()
    assert (errors([ahead]), receipts(), together._lines) == ([None], 4, {})


def test_whoever_was_overtaken_writes_nothing() -> None:
    stream = str(uuid4())
    together.write([Insert("journal_head", HEAD, [{"stream": stream, "seq": 4, "hash": "\\x"}])])

    def follow(seq: int, key: str) -> None:
        head = {"stream": stream, "seq": seq, "hash": "\\x"}
        update = Update("journal_head", HEAD, [head], key=("stream",), follows="seq")
        together.write([update, *receipt(key)])

    follow(5, "fifth")
    with pytest.raises(Overtaken):
        follow(5, "fifth again")
    with pytest.raises(IntegrityError):
        follow(6, "fifth")
    assert (run("SELECT seq FROM journal_head", []), receipts()) == ([(5,)], 1)
