"""Rebuilding cases from their journal and comparing them with the tables."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from shanzhi.base.crypto import canonical
from shanzhi.cases import store
from shanzhi.cases.models import Case
from shanzhi.cases.state import PARTS, State, fold, plain
from shanzhi.journal.entry import Entry, breaks
from shanzhi.journal.queries import of_streams, streams

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something in the tables that the journal does not say, or a broken chain."""

    stream: UUID
    seq: int
    message: str


@dataclass
class Report:
    """What `verify` found: how much it looked at, a digest over all of it, and every discrepancy."""

    streams: int = 0
    entries: int = 0
    cases: int = 0
    digest: str = ""
    found: tuple[Discrepancy, ...] = ()


def verify(progress: "object | None" = None) -> Report:
    """Checks every chain, rebuilds every case from its entries and compares; reads in bounded memory."""
    report, total, last = Report(), hashlib.sha256(), None
    found: list[Discrepancy] = []
    while chunk := streams(last, CHUNK):
        last = chunk[-1]
        stored = {one.state.id: one for one in store.read(chunk)}
        for entries in of_streams(chunk):
            report.streams += 1
            report.entries += len(entries)
            total.update(entries[-1].stream.bytes + entries[-1].hash)
            found += _stream(entries, stored.get(entries[0].stream))
        report.cases += len(stored)
        if callable(progress):
            progress(report.streams)
    found += _without_stream()
    report.digest, report.found = total.hexdigest(), tuple(found)
    return report


def _stream(entries: Sequence[Entry], stored: store.Stored | None) -> Iterator[Discrepancy]:
    for entry, message in breaks(entries):
        yield Discrepancy(entry.stream, entry.seq, message)
    last = entries[-1]
    if not entries[0].kind.startswith("case."):
        return
    if stored is None:
        yield Discrepancy(last.stream, last.seq, "the case is missing")
        return
    if (stored.seq, stored.head) != (last.seq, last.hash):
        yield Discrepancy(last.stream, last.seq, "the case does not end where its journal ends")
    for name in differences(stored.state, fold(entry.data for entry in entries)):
        yield Discrepancy(last.stream, last.seq, f"{name} differs from the journal")


def differences(state: State, rebuilt: dict[str, object]) -> list[str]:
    """The names of what differs between a case and its journal."""
    tables = {"set": plain(state.columns)} | {name: plain(getattr(state, name)) for name in PARTS}
    found = []
    for part, values in tables.items():
        said = rebuilt[part]
        assert isinstance(said, dict)
        names = values.keys() | said.keys()
        found += [f"{part}.{name}" for name in sorted(names) if not _same(values.get(name), said.get(name))]
    return found


def _same(one: object, other: object) -> bool:
    return one == other or canonical(one) == canonical(other)


def _without_stream() -> list[Discrepancy]:
    """Cases that no entry speaks of: rows put in by hand."""
    sql = """SELECT c.id, c.seq FROM cases_case c
        WHERE NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.stream = c.id)"""
    return [Discrepancy(row.id, row.seq, "the case has no journal") for row in Case.objects.raw(sql)]
