"""Reading the journal."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shanzhi.base.ids import EPOCH, floor_id, time_of
from shanzhi.journal.entry import Entry
from shanzhi.journal.models import ReaderPosition, SetAside
from shanzhi.journal.tables import run

FIELDS = "id, stream, seq, kind, county, at, actor, data, hash"


def entry(row: Sequence[Any]) -> Entry:
    """An entry from a row in the order of FIELDS."""
    id_, stream, seq, kind, county, at, actor, data, hash_ = row[:9]
    return Entry(id_, stream, seq, kind, county, at.astimezone(UTC), actor, data, bytes(hash_))


def stream(id_: UUID) -> list[Entry]:
    """All entries of a stream, oldest first; the months before it began are not looked into."""
    sql = f"SELECT {FIELDS} FROM journal_entry WHERE stream = %s AND id >= %s ORDER BY seq"
    return [entry(row) for row in run(sql, [id_, _earliest(id_)])]


def _earliest(stream: UUID) -> UUID:
    """No entry of a stream has a lower id, when its own says when it began; a day for clocks that go wrong."""
    return floor_id(max(EPOCH, time_of(stream) - timedelta(days=1))) if stream.version == 7 else UUID(int=0)


def streams(after: UUID | None, limit: int) -> list[UUID]:
    """The next `limit` streams in the order of their ids: a walk over all streams in bounded memory."""
    low = after or UUID(int=0)
    sql = """WITH RECURSIVE walk AS (
        (SELECT stream FROM journal_entry WHERE stream > %s ORDER BY stream LIMIT 1)
        UNION ALL
        SELECT (SELECT e.stream FROM journal_entry e WHERE e.stream > w.stream ORDER BY e.stream LIMIT 1)
        FROM walk w WHERE w.stream IS NOT NULL
    ) SELECT stream FROM walk WHERE stream IS NOT NULL LIMIT %s"""
    return [row[0] for row in run(sql, [low, limit])]


def of_streams(ids: Sequence[UUID]) -> Iterator[list[Entry]]:
    """The entries of several streams, a list for each, read in one statement."""
    sql = f"SELECT {FIELDS} FROM journal_entry WHERE stream = ANY(%s) ORDER BY stream, seq"
    batch: list[Entry] = []
    for row in run(sql, [list(ids)]):
        if batch and batch[-1].stream != row[1]:
            yield batch
            batch = []
        batch.append(entry(row))
    if batch:
        yield batch


def changed_at(ids: Sequence[UUID], *, but: Sequence[str] = ()) -> dict[UUID, datetime]:
    """When each of some streams was last written to, entries of the kinds `but` aside; one statement."""
    sql = """SELECT stream, max(at) FROM journal_entry
        WHERE stream = ANY(%s) AND kind <> ALL(%s) GROUP BY stream"""
    return {row[0]: row[1] for row in run(sql, [list(ids), list(but)])}


def lags() -> list[dict[str, Any]]:
    """For each reader: its position, how many entries and seconds it is behind, and what it set aside."""
    waiting = "SELECT count(*), min(at) FROM journal_entry WHERE (xact, id) > (%s, %s)"
    report = []
    for position in ReaderPosition.objects.order_by("name"):
        [(behind, oldest)] = run(waiting, [position.xact, position.entry])
        report.append(
            {
                "reader": position.name,
                "behind": behind,
                "waiting_since": oldest,
                "moved_at": position.moved_at,
                "failures": position.failures,
                "error": position.error,
                "set_aside": SetAside.objects.filter(reader=position.name).count(),
            }
        )
    return report


def set_aside(limit: int = 100) -> list[dict[str, Any]]:
    """What readers could not digest, newest first: with the kind and the stream of each entry."""
    sql = """SELECT s.id, s.reader, s.entry, s.error, s.at, e.kind, e.stream, e.at
        FROM journal_setaside s LEFT JOIN journal_entry e ON e.id = s.entry ORDER BY s.at DESC, s.id LIMIT %s"""
    names = ("id", "reader", "entry", "error", "at", "kind", "stream", "written_at")
    return [dict(zip(names, row, strict=True)) for row in run(sql, [limit])]


def months(first: datetime, count: int) -> list[tuple[str, UUID, UUID]]:
    """The names and the id ranges of `count` months from the month of `first` (UTC)."""
    starts = [_month(first, i) for i in range(count + 1)]
    return [(f"{a:%Y_%m}", floor_id(a), floor_id(b)) for a, b in zip(starts, starts[1:], strict=False)]


def _month(first: datetime, offset: int) -> datetime:
    year, month = divmod(first.year * 12 + first.month - 1 + offset, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
