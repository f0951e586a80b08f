"""A case as plain values: what the rules decide on, and what an entry of its journal changes.

`Change` is the only way a case changes. Its plain form is the data of a journal entry, and `fold` of all
entries is the case: what stands in the tables can at any time be rebuilt and compared.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, field, fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson

from shanzhi.base.value import dataclass
from shanzhi.cases.clocks import Clock
from shanzhi.cases.who import Party


@dataclass(frozen=True, slots=True)
class Task:
    """What a helping organisation (协办) owes the case: done when it says so, with its own clock."""

    name: str
    org: str
    kind: str
    status: str
    since: datetime
    asked: str = ""
    result: str = ""
    person: int | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A side procedure (延期、挂账、回退、作废、会诊) that somebody asked for and somebody else decides."""

    name: str
    kind: str
    status: str
    reason: str
    asked_by: str
    asked_at: datetime
    org: str
    until: datetime | None = None
    seconds: int | None = None
    orgs: tuple[str, ...] = ()
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Reporter:
    """One of those who reported the matter; the person's data are kept elsewhere, only the id is here."""

    name: str
    account: int | None
    person: str | None
    channel: str
    since: datetime
    origin: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody says of the result (评价): contacted? solved? satisfied (1 to 5)? in his own words."""

    name: str
    by: str
    source: str
    at: datetime
    contacted: bool | None
    solved: bool | None
    satisfied: int | None
    words: str = ""


NEW = {"address": "", "performers": {}, "bounces": 0, "reworks": 0, "data": {}}
"""What these columns of a new case mostly are, which nobody outside is told of; others may be empty."""
PARTS = {"clocks": Clock, "tasks": Task, "requests": Request, "reporters": Reporter, "ratings": Rating}


@dataclass(frozen=True, slots=True)
class State:
    """A case as it stands: its own columns and its parts by name."""

    id: UUID
    columns: Mapping[str, Any]
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    requests: Mapping[str, Request] = field(default_factory=dict)
    reporters: Mapping[str, Reporter] = field(default_factory=dict)
    ratings: Mapping[str, Rating] = field(default_factory=dict)

    def __getitem__(self, column: str) -> Any:
        return self.columns[column]

    @property
    def party(self) -> Party:
        """Who is who in this case."""
        return Party(
            str(self.id),
            self["area"],
            self["org"],
            self["person"],
            tuple(task.org for task in self.tasks.values() if task.status == "open"),
            tuple(r.account for r in self.reporters.values() if r.account is not None and r.active),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What one action changes in a case: columns, and parts by name (always whole parts)."""

    columns: dict[str, Any] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    reporters: dict[str, Reporter] = field(default_factory=dict)
    ratings: dict[str, Rating] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def plain(self, *, first: bool = False) -> dict[str, Any]:
        """The data of the journal entry: `set`, the parts that change, and `facts` for people to read.

        Of parts it says only what is not as usual, and of columns in the `first` entry of a case too: two fifths
        of the entry, which is hashed, sent and kept for good.
        """
        data: dict[str, Any] = {"set": _not_new(self.columns) if first else self.columns, "facts": self.facts}
        for name in PARTS:
            if given := getattr(self, name):
                data[name] = {key: _unusual(part) for key, part in given.items()}
        return {name: value for name, value in data.items() if value}


def _not_new(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What of the columns of a new case is not as in most of them."""
    said = {name: value for name, value in columns.items() if value is not None}
    for name, mostly in NEW.items():
        if said.get(name) == mostly:
            del said[name]
    return said


def in_turn(first: Change, second: Change) -> Change:
    """What two changes, one after the other, come to; what people read of them stays in their entries."""
    return Change(
        {**first.columns, **second.columns},
        *({**getattr(first, name), **getattr(second, name)} for name in PARTS),
    )


def applied(state: State, change: Change) -> State:
    """The case after the change."""
    return State(
        state.id,
        {**state.columns, **change.columns},
        *({**getattr(state, name), **getattr(change, name)} for name in PARTS),
    )


def fold(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The plain case that the data of its entries, in order, add up to; a column of which none speaks is as in NEW."""
    result: dict[str, Any] = {"set": dict(NEW), **{name: {} for name in PARTS}}
    for data in entries:
        result["set"] |= data.get("set", {})
        for name, kind in PARTS.items():
            mostly = plain(usual(kind))
            result[name] |= {key: {**mostly, "name": key, **row} for key, row in data.get(name, {}).items()}
    return result


def _unusual(part: Any) -> dict[str, Any]:
    """What of a part is not as it is in most of them; its name is the key it stands under."""
    names, read, mostly = _unnamed(part.__class__)
    return {name: value for name, value, most in zip(names, read(part), mostly, strict=True) if value != most}


@cache
def _unnamed(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[Any, ...]]:
    """The fields of a part but its name, what reads them, and what they mostly are."""
    names = tuple(f.name for f in fields(kind) if f.name != "name")
    return names, attrgetter(*names), tuple(usual(kind).get(name, MISSING) for name in names)


@cache
def usual(kind: Any) -> dict[str, Any]:
    """What the fields of a part are if nothing is said of them."""
    return {f.name: f.default for f in fields(kind) if f.default is not MISSING}


def plain(value: Any) -> Any:
    """The JSON form of a value as the journal keeps it: times in UTC, ids as text, parts as objects."""
    return orjson.loads(orjson.dumps(value, default=dict))
