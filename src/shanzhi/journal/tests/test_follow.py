"""Readers see every entry exactly once, in an order, however transactions overlap and whatever fails."""

import threading
import time
from collections.abc import Sequence
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from shanzhi.journal.actions import append
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import ATTEMPTS, Reader, catch_up, step
from shanzhi.journal.models import ReaderPosition, SetAside
from shanzhi.journal.queries import lags

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("settled")]


class Notebook:
    """A reader that writes down what it read."""

    def __init__(self, *, poison: str = "") -> None:
        self.seen: list[str] = []
        self.poison = poison

    def handle(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.data["word"] == self.poison:
                raise ValueError("cannot digest this")
        self.seen += [entry.data["word"] for entry in entries]


def write(*words: str) -> None:
    for word in words:
        append("system", uuid4(), "test.said", {"word": word})


def test_a_reader_reads_what_is_there_and_then_what_comes() -> None:
    notebook = Notebook()
    reader = Reader("notebook", notebook.handle)
    write("one", "two")
    assert catch_up(reader) == 2
    write("three")
    assert catch_up(reader) == 1
    assert notebook.seen == ["one", "two", "three"]
    assert step(reader) == 0


def test_an_entry_that_commits_late_is_not_skipped() -> None:
    """The slow transaction takes its place in the order first and commits last."""
    notebook = Notebook()
    reader = Reader("notebook", notebook.handle)
    begun, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            write("slow")
            begun.set()
            finish.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    write("fast")
    catch_up(reader)
    assert notebook.seen == []  # it waits rather than pass over the slow one
    finish.set()
    thread.join()
    catch_up(reader)
    assert sorted(notebook.seen) == ["fast", "slow"]


def test_two_workers_never_digest_the_same_entry() -> None:
    seen: list[str] = []
    lock = threading.Lock()

    def handle(entries: Sequence[Entry]) -> None:
        with lock:
            seen.extend(entry.data["word"] for entry in entries)

    reader = Reader("shared", handle, batch=7)
    write(*(str(n) for n in range(100)))

    def work() -> None:
        until = time.monotonic() + 30
        while len(seen) < 100 and time.monotonic() < until:
            step(reader)
        for _ in range(20):
            step(reader)  # nobody gets more than there is
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen, key=int) == [str(n) for n in range(100)]


def test_an_entry_that_cannot_be_digested_is_set_aside_after_some_tries_and_the_rest_goes_on() -> None:
    notebook = Notebook(poison="bad")
    reader = Reader("notebook", notebook.handle)
    write("good", "bad", "better")
    for _ in range(ATTEMPTS + 1):
        step(reader)
        ReaderPosition.objects.update(moved_at="2000-01-01T00:00Z")  # the wait is over
    catch_up(reader)
    assert notebook.seen == ["good", "better"]
    assert SetAside.objects.get().error == "cannot digest this"


def test_what_a_failing_reader_wrote_is_undone_with_its_position() -> None:
    def handle(entries: Sequence[Entry]) -> None:
        write("an effect")
        raise ValueError("too late")

    write("cause")
    step(Reader("broken", handle, kinds=("test.said",)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry")
        assert cursor.fetchone() == (1,)


def test_the_journal_refuses_to_be_changed() -> None:
    write("fact")
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET actor = 'nobody'")


def test_lags_tell_how_far_behind_each_reader_is() -> None:
    reader = Reader("notebook", Notebook().handle)
    catch_up(reader)
    step(reader)
    write("one", "two")
    [lag] = lags()
    assert (lag["reader"], lag["behind"]) == ("notebook", 2)
