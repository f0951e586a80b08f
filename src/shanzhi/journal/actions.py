"""Writing to the journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shanzhi.base.clock import now
from shanzhi.base.ids import new_id
from shanzhi.journal.entry import NO_HASH, Entry
from shanzhi.journal.tables import Insert, Projection, run, write
from shanzhi.journal.wake import wake

AS_IT_CAME = (
    8160  # bytes from which an entry is compressed: nearly never, see the migration 0005_uncompressed
)
COLUMNS = ("id", "stream", "seq", "kind", "county", "at", "actor", "data", "hash")


def rows(entries: Sequence[Entry], *, follow: tuple[Projection, ...] = ()) -> Insert:
    """The entries as a part of a statement, for rooms that keep the end of their streams themselves.

    What is to `follow` from them is made of their data by PostgreSQL.
    """
    return Insert("journal_entry", COLUMNS, [entry.row() for entry in entries], follow=follow)


@transaction.atomic
def append(
    actor: str, stream: UUID, kind: str, data: dict[str, Any], *, county: str = "", at: datetime | None = None
) -> Entry:
    """Appends one entry to a stream, in the transaction of the caller if there is one."""
    run("INSERT INTO journal_head (stream, seq, hash) VALUES (%s, 0, '') ON CONFLICT DO NOTHING", [stream])
    [(seq, previous)] = run("SELECT seq, hash FROM journal_head WHERE stream = %s FOR UPDATE", [stream])
    entry = Entry(new_id(), stream, seq + 1, kind, county, at or now(), actor, data)
    entry = entry.sealed(previous or NO_HASH)
    head = {"stream": str(stream), "seq": entry.seq, "hash": "\\x" + entry.hash.hex()}
    write([Insert("journal_head", ("stream", "seq", "hash"), [head], key=("stream",)), rows([entry])])
    transaction.on_commit(wake)
    return entry


def make_partitions(months: Sequence[tuple[str, UUID, UUID]]) -> list[str]:
    """Makes the partitions of the months that are missing: (name, first id, first id of the next month).

    A month whose first entries lie in the rest already stays there as a whole.
    """
    made = []
    missing = """SELECT to_regclass(%s) IS NULL
        AND NOT EXISTS (SELECT 1 FROM journal_entry_rest WHERE id >= %s AND id < %s)"""
    with connection.cursor() as cursor:
        for name, low, high in months:
            cursor.execute(missing, [f"journal_entry_{name}", low, high])
            if cursor.fetchone() == (True,):
                cursor.execute(
                    f"CREATE TABLE journal_entry_{name} PARTITION OF journal_entry "
                    f"FOR VALUES FROM ('{low}') TO ('{high}') WITH (toast_tuple_target = {AS_IT_CAME})"
                )
                made.append(name)
    return made
