"""Fact types (事实类型) and fact values: what may be known of a person or a household, from whom, and for how long.

One registry says for each fact its type, its question, its legal ground and its sources in order; forms, prefill
and the check of what an item may ask all read it. Values are never overwritten: which of several counts is
decided here, from plain values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from shanzhi.base.clock import BEIJING
from shanzhi.rules.facts import FactError, FactName, FactSpec, Model, Title

DECLARED = "declared"
RECOGNISED = "recognised"
AUTHORITATIVE = 3  # from here on a machine may decide by it
MODEL = 1  # what a model has read from a picture or a text never counts for more
Subject = Literal["person", "household"]
Sensitivity = Literal["open", "personal", "sensitive"]


class SourceSpec(Model):
    """Where a fact comes from (来源): `trust` 0 heard, 1 declared or read by a model, 2 promised under penalty,
    3 seen in the original by staff, 4 from the register of the department in charge."""

    title: Title
    trust: int = Field(ge=0, le=4)
    org: str = ""


class Labelled(FactSpec):
    """A fact with words for its values."""

    title: Title
    labels: dict[str, Title] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if set(self.labels) - set(self.values):
            raise ValueError("labels name values that are not there")
        return self

    def label(self, value: Any, language: str) -> str:
        """A value in words; yes and no are left to the page."""
        found = self.labels.get(str(value))
        return str(getattr(found, language)) if found else str(value)

    def measure(self, language: str) -> str:
        """The unit in words; empty where there is none."""
        return str(getattr(self.unit, language, self.unit))


class MemberType(Labelled):
    """What is asked of each member of a group. `known`: the fact that a register may know of that person himself, or
    `relation`, which the register of households knows."""

    known: FactName | None = None


class FactType(Labelled):
    """One fact that may be known (事实类型). `sources` in the order in which they are believed; `max_age` in days.

    `since`: computed as the whole years since another fact (a date), and never asked. `basis`: the legal ground
    to collect it. `remedy`: what somebody does when the register is wrong about him.

    With `members` it is a group (重复项: children, earners of a household, staff of a shop) of at `least` and at `most`
    so many, all of whom are asked the same; `each` is the title of one of them. With `household` the register of
    households knows who they are. Facts with `over` or `formula` are computed from groups.
    """

    subject: Subject = "person"
    sensitivity: Sensitivity = "personal"
    owner: str = ""
    sources: tuple[str, ...] = ()
    max_age: int | None = Field(None, ge=1)
    since: FactName | None = None
    basis: str = Field(min_length=1)
    remedy: Title | None = None
    members: dict[FactName, MemberType] = Field(default_factory=dict)
    order: tuple[FactName, ...] = ()
    each: Title | None = None
    least: int = Field(1, ge=0)
    most: int = Field(12, ge=1, le=50)
    household: bool = False

    @model_validator(mode="before")
    @classmethod
    def _group(cls, given: Any) -> Any:
        """What is asked of members stays in the order of the file, which JSON in the database does not keep."""
        if not isinstance(given, dict) or not isinstance(given.get("members"), dict):
            return given
        order = [key for key in given.get("order") or given["members"] if key in given["members"]]
        members = {key: given["members"][key] for key in dict.fromkeys([*order, *given["members"]])}
        return {"type": "text", **given, "members": members, "order": list(members)}

    @model_validator(mode="after")
    def _askable(self) -> Self:
        if self.since is None and self.question is None and not self.derived:
            raise ValueError("a fact that is not computed needs its question")
        if self.since is not None and (self.sources or self.type != "int"):
            raise ValueError("a fact counted in years is an int and has no sources of its own")
        if bool(self.members) != (self.each is not None) or self.least > self.most:
            raise ValueError("a group, and only a group, says what one of its members is called")
        return self

    def read(self, raw: Any) -> Any:
        """A value from YAML or JSON; of a group a tuple of its members' facts. Raises FactError."""
        if not self.members:
            return super().read(raw)
        if not isinstance(raw, list | tuple):
            raise FactError(f"expected a list of members, got {raw!r}")
        if not self.least <= len(raw) <= self.most:
            raise FactError(f"expected {self.least} to {self.most} members, got {len(raw)}")
        return tuple(self.member(row, number) for number, row in enumerate(raw, 1))

    def member(self, raw: Any, number: int = 1) -> dict[str, Any]:
        """What is said of one member, typed. Raises FactError naming what is wrong."""
        if not isinstance(raw, Mapping) or set(raw) - set(self.members):
            raise FactError(f"{number}: expected {', '.join(self.members)}")
        row = {}
        for key, type_ in self.members.items():
            try:
                row[key] = type_.read(raw.get(key))
            except FactError as error:
                raise FactError(f"{number}.{key}: {error}") from None
        return row


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it is kept (事实值): whose, from which source, since when, valid for how long."""

    id: UUID
    subject: UUID
    key: str
    value: Any
    source: str
    trust: int
    at: datetime
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What counts for one fact on a day: the typed value, where it comes from and how far it is to be trusted."""

    key: str
    value: Any
    source: str
    trust: int
    at: datetime
    id: UUID
    disputed: bool = False

    @property
    def authoritative(self) -> bool:
        return self.trust >= AUTHORITATIVE and not self.disputed


def usable(type_: FactType, value: Value, day: date) -> bool:
    """Whether a value counts on a day: within its validity and not older than the type allows."""
    if value.valid_from is not None and day < value.valid_from:
        return False
    if value.valid_to is not None and day > value.valid_to:
        return False
    read = value.at.astimezone(BEIJING).date()
    return read <= day and (type_.max_age is None or day - read <= timedelta(days=type_.max_age))


def best(type_: FactType, values: Iterable[Value], day: date) -> Value | None:
    """The value that counts: of the source believed first, and of it the newest."""
    found = [value for value in values if usable(type_, value, day)]
    return max(found, key=lambda value: (value.trust, -_rank(type_, value.source), value.at), default=None)


def _rank(type_: FactType, source: str) -> int:
    return type_.sources.index(source) if source in type_.sources else len(type_.sources)


def contradicts(type_: FactType, new: Value, others: Iterable[Value], day: date) -> Value | None:
    """The value of another authoritative source that says something else on a day, if there is one."""
    if new.trust < AUTHORITATIVE:
        return None
    latest: dict[str, Value] = {}
    for value in sorted(others, key=lambda one: one.at):
        if value.source != new.source and value.trust >= AUTHORITATIVE and usable(type_, value, day):
            latest[value.source] = value
    return next((value for value in latest.values() if value.value != new.value), None)


def known(
    types: Mapping[str, FactType],
    values: Iterable[Value],
    day: date,
    disputed: Iterable[tuple[UUID, str]] = (),
) -> dict[str, Known]:
    """What is known on a day by key, typed; computed facts are added from those that they are counted from."""
    by_key: dict[str, list[Value]] = {}
    for value in values:
        by_key.setdefault(value.key, []).append(value)
    open_ = set(disputed)
    found: dict[str, Known] = {}
    for key, listed in by_key.items():
        type_ = types.get(key)
        chosen = best(type_, listed, day) if type_ else None
        if type_ is not None and chosen is not None and _readable(type_, chosen.value):
            found[key] = _typed(type_, chosen, (chosen.subject, key) in open_)
    for key, type_ in types.items():
        start = found.get(type_.since or "")
        if start is not None and start.value <= day:
            found[key] = replace(start, key=key, value=years(start.value, day))
    return found


def _readable(type_: FactType, value: Any) -> bool:
    """Whether a value is still one of its type: what was kept before the type was changed is unknown, and asked."""
    try:
        type_.read(value)
    except FactError:
        return False
    return True


def _typed(type_: FactType, value: Value, disputed: bool) -> Known:
    trust = min(value.trust, MODEL) if disputed else value.trust
    typed = type_.read(value.value)
    return Known(value.key, typed, value.source, trust, value.at, value.id, disputed)


def years(since: date, day: date) -> int:
    """Whole years, as ages are counted (周岁): one more from the birthday's day on."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def plain(value: Any) -> Any:
    """A typed value as JSON keeps it."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, tuple):
        return [{key: plain(each) for key, each in row.items()} for row in value]
    return sorted(value) if isinstance(value, frozenset | set) else str(value)
