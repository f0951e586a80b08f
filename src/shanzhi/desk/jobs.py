"""What the desk keeps of the journal: who did what, for `today.py`."""

from collections.abc import Sequence

from shanzhi.desk.models import Done
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.journal.tables import Insert, write

COLUMNS = ("entry", "account", "at", "case_id", "kind", "move")


def keep(entries: Sequence[Entry]) -> None:
    """Keeps what people did; what machines and clocks did is in the journal only."""
    rows = [
        {
            "entry": str(entry.id),
            "account": int(entry.actor.removeprefix("account:")),
            "at": entry.at.isoformat(),
            "case_id": str(entry.stream),
            "kind": entry.kind,
            "move": entry.data.get("facts", {}).get("move", ""),
        }
        for entry in entries
        if entry.actor.startswith("account:") and entry.kind.startswith("case.")
    ]
    write([Insert(Done._meta.db_table, COLUMNS, rows, ("entry",), keep=True)])


READERS = [Reader("desk", keep)]
