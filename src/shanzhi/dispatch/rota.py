"""Shifts (排班) as plain values: what cannot be, what should not be, a week copied, a table read. Pure."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import StringIO
from typing import Literal

from shanzhi.base.clock import BEIJING

MOST_LINES = 5_000
YEARS = range(2000, 2100)
COLUMNS = ("account", "org", "start", "end")  # needed; mode, skills, area and capacity may be there


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift of somebody, not yet or already in the tables."""

    account: int
    org: str
    start: datetime
    end: datetime
    mode: str
    skills: tuple[str, ...] = ()
    area: str = ""
    capacity: int = 3


Trouble = Literal["order", "long", "twice", "rest"]
REFUSED = ("order", "long", "twice")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a shift; `rest` is a warning, with the hours there would be."""

    kind: Trouble
    duty: Duty
    hours: float = 0.0


def findings(
    fresh: Sequence[Duty], known: Iterable[Duty], rest: timedelta, longest: timedelta
) -> list[Finding]:
    """What is wrong with new shifts beside those there are: two at once cannot be, little rest is warned of."""
    found = []
    for duty in fresh:
        if duty.end <= duty.start:
            found.append(Finding("order", duty))
        elif duty.end - duty.start > longest:
            found.append(Finding("long", duty, (duty.end - duty.start).total_seconds() / 3600))
    by_person: dict[int, list[tuple[Duty, bool]]] = {}
    for duty, new in [*((one, True) for one in fresh), *((one, False) for one in known)]:
        by_person.setdefault(duty.account, []).append((duty, new))
    for theirs in by_person.values():
        found += _between(theirs, rest)
    return found


def _between(theirs: list[tuple[Duty, bool]], rest: timedelta) -> list[Finding]:
    """One person's shifts in order: each against the one that ended last before it."""
    found: list[Finding] = []
    ordered = sorted(theirs, key=lambda one: (one[0].start, one[0].end))
    last: tuple[Duty, bool] | None = None
    for duty, new in ordered:
        if last is not None and (new or last[1]):
            later = duty if new else last[0]
            gap = duty.start - last[0].end
            if gap < timedelta(0):
                found.append(Finding("twice", later))
            elif gap < rest:
                found.append(Finding("rest", later, gap.total_seconds() / 3600))
        if last is None or duty.end > last[0].end:
            last = (duty, new)
    return found


def copied(duties: Iterable[Duty], span: timedelta) -> list[Duty]:
    """The same shifts so much later."""
    return [replace(one, start=one.start + span, end=one.end + span) for one in duties]


def coverage(duties: Iterable[Duty], first: datetime, hours: int) -> list[int]:
    """How many are on shift in each hour from `first` on, for the whole hour."""
    found = [0] * hours
    for duty in duties:
        begin = -int((first - duty.start).total_seconds() // 3600)  # the first whole hour
        end = int((duty.end - first).total_seconds() // 3600)
        for hour in range(max(begin, 0), min(end, hours)):
            found[hour] += 1
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what it says, or what is wrong with it."""

    number: int
    username: str
    duty: Duty | None
    complaint: str = ""


def read(text: str, accounts: dict[str, int], modes: Sequence[str]) -> list[Line]:
    """A table of shifts (CSV: account, org, start, end, mode, skills, area, capacity), line by line.

    Times are Beijing's, such as `2026-11-30 08:00`. Raises ValueError when it is no such table at all.
    """
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    try:
        return list(_lines(rows, accounts, modes))
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _lines(rows: "csv.DictReader[str]", accounts: dict[str, int], modes: Sequence[str]) -> Iterator[Line]:
    if missing := set(COLUMNS) - set(rows.fieldnames or ()):
        raise ValueError(", ".join(sorted(missing)))
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES + 1:
            raise ValueError(f"> {MOST_LINES}")
        given = {k: v.strip() for k, v in row.items() if k and isinstance(v, str)}
        yield _line(number, given, accounts, modes)


def _line(number: int, row: dict[str, str], accounts: dict[str, int], modes: Sequence[str]) -> Line:
    username = row.get("account", "")
    try:
        start, end = (datetime.fromisoformat(row.get(name, "")) for name in ("start", "end"))
    except ValueError:
        return Line(number, username, None, "time")
    if not all(moment.year in YEARS for moment in (start, end)):
        return Line(number, username, None, "time")
    mode, capacity = row.get("mode") or modes[0], row.get("capacity") or "3"
    if username not in accounts:
        return Line(number, username, None, "account")
    if mode not in modes:
        return Line(number, username, None, "mode")
    if not (capacity.isascii() and capacity.isdecimal() and 1 <= int(capacity) <= 50):
        return Line(number, username, None, "capacity")
    skills = tuple(one for one in row.get("skills", "").replace("、", " ").replace(";", " ").split() if one)
    duty = Duty(
        accounts[username], row.get("org", ""), _beijing(start), _beijing(end), mode, skills, row.get("area", ""),
        int(capacity),
    )  # fmt: skip
    return Line(number, username, duty)


def _beijing(moment: datetime) -> datetime:
    return moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment
