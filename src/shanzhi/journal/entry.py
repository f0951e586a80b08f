"""What one entry of the journal is, and how entries of a stream are chained.

Each entry carries the SM3 hash (GB/T 32905) of its predecessor's hash and of its own canonical form,
so that a row changed by hand breaks the chain from there on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from shanzhi.base.crypto import canonical, sm3
from shanzhi.base.value import dataclass

NO_HASH = b""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened (日志条目): who did what when to which stream, and what changed by it.

    `text` is the canonical JSON of `data`, made once when the entry is sealed.
    """

    id: UUID
    stream: UUID
    seq: int
    kind: str
    county: str
    at: datetime
    actor: str
    data: dict[str, Any]
    hash: bytes = field(default=NO_HASH, compare=False)
    text: bytes = field(default=b"", compare=False, repr=False)

    def sealed(self, previous: bytes) -> "Entry":
        """The same entry, chained to the hash of its predecessor in the stream."""
        text = canonical(self.data)
        sealed = digest(previous, self, text)
        return Entry(
            self.id,
            self.stream,
            self.seq,
            self.kind,
            self.county,
            self.at,
            self.actor,
            self.data,
            sealed,
            text,
        )

    def row(self) -> dict[str, Any]:
        """The columns of `journal_entry` of a sealed entry, ready for JSON."""
        return {
            "id": self.id,
            "stream": self.stream,
            "seq": self.seq,
            "kind": self.kind,
            "county": self.county,
            "at": self.at,
            "actor": self.actor,
            "data": orjson.Fragment(self.text),
            "hash": "\\x" + self.hash.hex(),
        }


def digest(previous: bytes, entry: Entry, text: bytes) -> bytes:
    """SM3 over the predecessor's hash and this entry's canonical form, 32 bytes; `text` is that of its data."""
    e = entry
    body = [e.id, e.stream, e.seq, e.kind, e.county, _utc(e.at), e.actor, orjson.Fragment(text)]
    return sm3(
        previous + orjson.dumps(body)
    )  # canonical as it stands: no object and no decimal but in the text


@lru_cache(maxsize=64)  # those that come in bulk happened at one moment
def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def breaks(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """The entries of one stream, in order, that do not follow from their predecessor, and why."""
    previous, expected = NO_HASH, 1
    for entry in entries:
        if entry.seq != expected:
            yield entry, f"expected entry {expected} of the stream, found {entry.seq}"
        if digest(previous, entry, canonical(entry.data)) != entry.hash:
            yield entry, "the entry does not match its hash"
        previous, expected = entry.hash, entry.seq + 1
