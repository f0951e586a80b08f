"""Entries are chained: whatever is changed by hand shows."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.ids import new_id
from shanzhi.journal.entry import NO_HASH, Entry, breaks

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def chain(length: int) -> list[Entry]:
    stream, previous, entries = uuid4(), NO_HASH, []
    for seq in range(1, length + 1):
        entry = Entry(new_id(), stream, seq, "case.noted", "510107", AT, "account:1", {"n": seq}).sealed(
            previous
        )
        entries.append(entry)
        previous = entry.hash
    return entries


def test_an_untouched_chain_has_no_breaks() -> None:
    assert list(breaks(chain(20))) == []


@given(st.integers(2, 12), st.data())
def test_any_change_of_any_entry_breaks_the_chain_there(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    index = data.draw(st.integers(0, length - 1))
    change: dict[str, Any] = data.draw(
        st.sampled_from(
            [
                {"data": {"n": -1}},
                {"actor": "account:2"},
                {"kind": "case.moved"},
                {"at": datetime(2020, 1, 1, tzinfo=UTC)},
            ]
        )
    )
    entries[index] = replace(entries[index], **change)
    found = [entry.seq for entry, _ in breaks(entries)]
    assert found == [index + 1]


@given(st.integers(3, 12), st.data())
def test_a_missing_entry_is_found(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    del entries[data.draw(st.integers(0, length - 2))]
    assert list(breaks(entries))


def test_two_entries_that_change_places_are_found() -> None:
    entries = chain(5)
    entries[2], entries[3] = entries[3], entries[2]
    assert list(breaks(entries))
