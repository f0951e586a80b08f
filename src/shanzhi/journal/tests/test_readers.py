"""What a reader has set aside is tried again by a person, in the same way as a worker would: once."""

from collections.abc import Sequence
from uuid import uuid4

import pytest

from shanzhi.base.clock import now
from shanzhi.journal.actions import append
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.journal.models import EntryRow, ReaderPosition, SetAside
from shanzhi.journal.queries import set_aside
from shanzhi.journal.readers import Outcome, discovered, let_go, try_again, wake_up

pytestmark = pytest.mark.django_db


class Stomach:
    """A reader that cannot digest some words, until it is cured."""

    def __init__(self, *poison: str) -> None:
        self.poison, self.eaten = set(poison), list[str]()

    def __call__(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.data["word"] in self.poison:
                raise ValueError(f"cannot digest {entry.data['word']}")
            self.eaten.append(entry.data["word"])


def left(*words: str) -> list[int]:
    found = []
    for word in words:
        entry = append("system", uuid4(), "test.said", {"word": word})
        row = SetAside.objects.create(reader="stomach", entry=entry.id, error="before", at=now())
        found.append(row.pk)
    return found


def test_what_is_cured_is_digested_and_off_the_list() -> None:
    stomach, ids = Stomach("hair"), left("bread", "hair")
    readers = {"stomach": Reader("stomach", stomach)}
    assert try_again("account:1", ids, readers) == Outcome(done=1, failed=1)
    [one] = set_aside()
    assert (one["error"], one["kind"]) == ("cannot digest hair", "test.said")
    stomach.poison.clear()
    assert try_again("account:1", ids, readers) == Outcome(done=1, failed=0)
    assert stomach.eaten == ["bread", "hair"]
    assert set_aside() == []
    assert EntryRow.objects.filter(kind="reader.retried", actor="account:1").count() == 2


def test_a_second_press_does_nothing() -> None:
    stomach, ids = Stomach(), left("bread")
    readers = {"stomach": Reader("stomach", stomach)}
    try_again("account:1", ids, readers)
    assert try_again("account:1", ids, readers) == Outcome()
    assert stomach.eaten == ["bread"]


def test_what_half_a_reader_did_is_undone_with_its_failure() -> None:
    def half(entries: Sequence[Entry]) -> None:
        append("system", uuid4(), "test.half", {})
        raise ValueError

    assert try_again("system", left("bread"), {"stomach": Reader("stomach", half)}).failed == 1
    assert not EntryRow.objects.filter(kind="test.half").exists()
    assert set_aside()[0]["error"] == "ValueError"


def test_a_reader_that_is_gone_cannot_try_but_its_entry_can_be_let_go() -> None:
    ids = left("bread")
    assert try_again("system", ids, {}).failed == 1
    assert let_go("account:1", [*ids, 0]) == 1
    assert let_go("account:1", ids) == 0
    assert set_aside() == []


def test_a_reader_that_pauses_is_woken() -> None:
    ReaderPosition.objects.create(name="tired", entry=uuid4(), moved_at=now().replace(year=2099), failures=3)
    assert wake_up("account:1", "tired")
    assert ReaderPosition.objects.get(pk="tired").moved_at <= now()
    assert not wake_up("account:1", "tired")
    assert not wake_up("account:1", "nobody")


def test_the_installed_readers_are_found() -> None:
    assert {"notices", "search"} <= discovered().keys()
