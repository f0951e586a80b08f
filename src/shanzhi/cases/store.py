"""Cases between the tables and plain values: locked and read, changed and written, always with their entry.

Reading a case is one statement (locked or not), writing one or a thousand is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from shanzhi.base.errors import NotFound
from shanzhi.base.ids import new_id
from shanzhi.base.value import as_dict, dataclass, replace
from shanzhi.cases.models import Case
from shanzhi.cases.state import NEW, PARTS, Change, State, applied, in_turn, usual
from shanzhi.journal.actions import rows as entry_rows
from shanzhi.journal.entry import NO_HASH, Entry
from shanzhi.journal.tables import Insert, Projection, Update, run
from shanzhi.journal.together import write
from shanzhi.journal.wake import wake

END = ("id", "seq", "head")
COLUMNS = tuple(f.name for f in Case._meta.get_fields() if f.name not in END)
TIMES = ("opened_at", "closed_at", "due_at", "suspended_until")
TABLES = {name: f"cases_{name.rstrip('s')}" for name in PARTS}
FIELDS = {name: ("case_id", *(f.name for f in fields(kind))) for name, kind in PARTS.items()}
PART_TIMES = (
    "since",
    "due",
    "next_at",
    "breached_at",
    "stopped_at",
    "at",
    "asked_at",
    "decided_at",
    "until",
    "done_at",
)
PART_TUPLES = ("warn_at", "orgs")


def _following(name: str) -> Projection:
    """The rows of parts of one kind, from the entry that opens a case."""
    columns = tuple(column for column in FIELDS[name] if column not in ("case_id", "name"))
    mostly = orjson.dumps(usual(PARTS[name])).decode()
    return Projection(TABLES[name], columns, name, (("case_id", "stream"),), mostly, each="name")


OPENED = (
    Projection(
        "cases_case",
        COLUMNS,
        "set",
        (("id", "stream"), ("seq", "seq"), ("head", "hash")),
        orjson.dumps(NEW).decode(),
    ),
    _following("clocks"),
    _following("reporters"),
)
"""What is written of a case that opens: PostgreSQL takes it from the entry, which says all of it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A case as read: its state and the end of its stream."""

    state: State
    seq: int
    head: bytes


def lock(*ids: UUID) -> list[Stored]:
    """Locks cases until the end of the transaction, in the order of their ids, and reads them.

    They are read after they are locked: a statement that waited for a lock has seen the parts as they were
    before. Raises NotFound.
    """
    stored = {one.state.id: one for one in map(_stored, run(_LOCK, [list(ids)]))}
    if len(stored) != len(set(ids)):
        raise NotFound()
    return [stored[id_] for id_ in ids]


_LOCK = "SELECT * FROM cases_locked(%s)"
_READ = "SELECT * FROM cases_read(%s)"


def read(ids: Sequence[UUID]) -> list[Stored]:
    """Cases with all their parts, in one statement, in no particular order."""
    return [_stored(row) for row in run(_READ, [list(ids)])]


def _stored(row: Sequence[Any]) -> Stored:
    case, head, *found = row
    seq, id_ = case["seq"], UUID(case["id"])
    columns = {name: case[name] for name in COLUMNS}
    for name in TIMES:
        columns[name] = _time(columns[name])
    for name in ("parent", "merged_into"):
        columns[name] = columns[name] and UUID(columns[name])
    return Stored(State(id_, columns, *map(parts, PARTS, found)), seq, bytes(head))


def parts(name: str, rows: dict[str, Any] | None) -> dict[str, Any]:
    """The parts of one kind from their rows as JSON."""
    return {key: _part(PARTS[name], row) for key, row in (rows or {}).items()}


def _part(kind: type, row: dict[str, Any]) -> Any:
    values = {name: row[name] for name in kind.__slots__}  # type: ignore[attr-defined]
    for name in PART_TIMES:
        if name in values:
            values[name] = _time(values[name])
    for name in PART_TUPLES:
        if name in values:
            values[name] = tuple(values[name])
    return kind(**values)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to write: what an actor changed in a case, as which kind of entry."""

    stored: Stored
    change: Change
    kind: str
    actor: str
    at: datetime


def save(steps: Sequence[Step], *, extra: Sequence[Insert] = ()) -> list[Stored]:
    """Writes the changes with their journal entries in one statement; the cases as they then stand.

    A case that has no stream yet (`seq` 0) is inserted. `extra` is written along (receipts). Raises Overtaken
    when a case that was read without a lock has changed since.
    """
    entries = put(steps, extra=extra)
    return [
        Stored(applied(step.stored.state, step.change), entry.seq, entry.hash)
        for step, entry in zip(steps, entries, strict=True)
    ]


Told = Callable[[Entry, State], Insert]


def save_moved(
    step: Step, then: Callable[[Stored], Step], told: Told, *, extra: Sequence[Insert] = ()
) -> Stored:
    """A new case with its first move: an entry for each, the rows as they stand after both; one statement.

    `told` are the rows that tell of the move those whom it concerns.
    """
    opened = _entry(step)
    move = then(Stored(applied(step.stored.state, step.change), opened.seq, opened.hash))
    moved = _entry(move)
    whole = replace(step, change=in_turn(step.change, move.change))
    state = applied(move.stored.state, move.change)
    entries = entry_rows([opened, moved])
    write([*_cases([whole], [moved]), *_parts([whole]), entries, told(moved, state), *extra])
    transaction.on_commit(wake)
    return Stored(state, moved.seq, moved.hash)


def put(steps: Sequence[Step], *, extra: Sequence[Insert] = ()) -> list[Entry]:
    """The same for those who need not know the cases as they then stand."""
    entries = [_entry(step) for step in steps]
    if all(_is_opening(step) for step in steps):
        write([entry_rows(entries, follow=OPENED), *extra])
    else:
        write([*_cases(steps, entries), *_parts(steps), entry_rows(entries), *extra])
    transaction.on_commit(wake)
    return entries


def _is_opening(step: Step) -> bool:
    """Whether nothing is written but a new case, its clocks and its reporters: its first entry says all of it."""
    change = step.change
    return step.stored.seq == 0 and not (change.tasks or change.requests or change.ratings)


def _entry(step: Step) -> Entry:
    state = step.stored.state
    county = step.change.columns.get("county") or state["county"]
    seq = step.stored.seq + 1
    data = step.change.plain(first=step.stored.seq == 0)
    entry = Entry(new_id(), state.id, seq, step.kind, county, step.at, step.actor, data)
    return entry.sealed(step.stored.head)


def _cases(steps: Sequence[Step], entries: Sequence[Entry]) -> list[Insert | Update]:
    """New cases in one insert; changed ones in one update for each set of columns that change."""
    fresh: list[dict[str, Any]] = []
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for step, entry in zip(steps, entries, strict=True):
        end = {"id": entry.stream, "seq": entry.seq, "head": "\\x" + entry.hash.hex()}
        if step.stored.seq == 0:
            fresh.append({**step.stored.state.columns, **step.change.columns, **end})
        else:
            names = (*sorted(step.change.columns), "seq", "head")
            groups.setdefault(names, []).append({**step.change.columns, **end})
    changes: list[Insert | Update] = [Insert("cases_case", (*END, *COLUMNS), fresh)]
    return changes + [
        Update("cases_case", ("id", *names), rows, follows="seq") for names, rows in groups.items()
    ]


def _parts(steps: Sequence[Step]) -> list[Insert]:
    changes = []
    fresh = all(step.stored.seq == 0 for step in steps)
    for name, table in TABLES.items():
        columns = FIELDS[name]
        rows = [
            {"case_id": step.stored.state.id, **as_dict(part)}
            for step in steps
            for part in getattr(step.change, name).values()
        ]
        changes.append(Insert(table, columns, rows, key=() if fresh else ("case_id", "name")))
    return changes


def fresh(state: State) -> Stored:
    """A case that is not written yet."""
    return Stored(state, 0, NO_HASH)
