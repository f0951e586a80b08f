"""How tasks and people stand at a moment, from rows to the values of the engine. Pure: rows come in as arguments.

Somebody is taken to be at the task he has begun last, until the work is expected to be done; else where his phone was
seen last, if that is not too long ago; else in the middle of the area of his shift. Which of these it was is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any, Literal, Protocol
from uuid import UUID

import numpy as np

from shanzhi.dispatch import agreed
from shanzhi.dispatch.agreed import Window
from shanzhi.dispatch.board import Task, Worker, left
from shanzhi.dispatch.setting import Kind, Setting
from shanzhi.dispatch.whereabouts import Limits

GONE = 6.0  # who has taken so many times as long as expected is not taken to be at it any more
Source = Literal["task", "fresh", "old", "area", "nowhere"]


class ShiftLike(Protocol):
    account: int
    org: str
    area: str
    start: datetime
    end: datetime
    mode: str
    skills: Any
    capacity: int


class SpotLike(Protocol):
    lon: float
    lat: float
    accuracy: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """A case that is dispatched: as a task, and what is needed to say something of it or to move it; the time agreed
    with the resident, if any."""

    id: UUID
    row: Mapping[str, Any]
    task: Task | None  # None where nobody knows where it is
    waiting: bool
    begun: datetime | None
    window: Window | None = None

    @property
    def person(self) -> int | None:
        found: int | None = self.row["person"]
        return found


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody on shift: as a worker, and where that is known from."""

    account: int
    worker: Worker | None  # None where nobody knows where he is
    mode: str
    capacity: int
    source: Source
    seen_at: datetime | None
    accuracy: float | None
    at_task: UUID | None
    end: datetime


def matter(
    row: Mapping[str, Any],
    found: Setting,
    point: tuple[float, float] | None,
    begun: datetime | None,
    zero: datetime,
) -> Matter:
    """A case as a task; times are minutes from `zero`."""
    kind = found.by_type[row["type"]]
    task, window = None, agreed.window(kind.appointment, row["data"] or {})
    if point is not None:
        due = row["due_at"]
        task = Task(
            str(row["id"]), *point,
            skills=found.needed(row["category"]), urgency=row["urgency"], area=row["area"],
            opened=_minute(row["opened_at"], zero), due=_minute(due, zero) if due else inf,
            minutes=found.expected(row["category"]), people=heads(kind, found, row),
            earliest=_minute(window.start, zero) if window else -inf,
            latest=_minute(window.end, zero) if window else inf,
        )  # fmt: skip
    return Matter(row["id"], row, task, row["state"] in kind.waiting, begun, window)


def heads(kind: Kind, found: Setting, row: Mapping[str, Any]) -> int:
    """How many people a case needs: as its form says, else as its category does."""
    given = (row["data"] or {}).get(kind.people) if kind.people else None
    return min(given, 4) if isinstance(given, int) and given >= 1 else found.heads(row["category"])


def hand(
    shift: ShiftLike,
    spot: SpotLike | None,
    mine: Sequence[Matter],
    worked: float,
    middle: tuple[float, float] | None,
    at: datetime,
    zero: datetime,
    limits: Limits,
) -> Hand:
    """Somebody on shift as he stands."""
    present = at_work(mine, at)
    source, point = place(spot, middle, at, limits)
    free = max(_minute(at, zero), _minute(shift.start, zero))
    if present is not None and present.task is not None:
        source, point = "task", (present.task.lon, present.task.lat)
        free += remaining(present, at)
    worker = None
    if point is not None:
        worker = Worker(
            str(shift.account), *point,
            skills=frozenset(shift.skills), free=free, start=_minute(shift.start, zero),
            end=_minute(shift.end, zero), worked=worked, area=shift.area, open=len(mine),
        )  # fmt: skip
    known = spot if source in ("fresh", "old") else None
    return Hand(
        shift.account, worker, shift.mode, shift.capacity, source, known.at if known else None,
        known.accuracy if known else None, present.id if present else None, shift.end,
    )  # fmt: skip


def place(
    spot: SpotLike | None, middle: tuple[float, float] | None, at: datetime, limits: Limits
) -> tuple[Source, tuple[float, float] | None]:
    """Where somebody is reckoned with who is not at a task: seen lately, or in the middle of his area."""
    age = (at - spot.at).total_seconds() if spot else inf
    if spot is not None and age <= limits.stale:
        return ("fresh" if age <= limits.fresh else "old"), (spot.lon, spot.lat)
    return ("area", middle) if middle is not None else ("nowhere", None)


def at_work(mine: Sequence[Matter], at: datetime) -> Matter | None:
    """The task somebody is taken to be at: of those he has begun the last, unless that is too long ago."""
    begun = [one for one in mine if not one.waiting and one.begun is not None and one.task is not None]
    last = max(begun, key=lambda one: one.begun or at, default=None)
    if last is None or last.task is None or last.begun is None:
        return None
    return last if _since(last.begun, at) <= GONE * last.task.minutes else None


def remaining(one: Matter, at: datetime) -> float:
    """Minutes until it is expected to be done, however long it has taken already."""
    if one.task is None or one.begun is None:
        return 0.0
    spent = np.array([max(_since(one.begun, at), 0.0)])
    return float(left(np.array([one.task.minutes]), spent)[0])


def _since(then: datetime, at: datetime) -> float:
    return (at - then).total_seconds() / 60


def _minute(moment: datetime, zero: datetime) -> float:
    return (moment - zero).total_seconds() / 60
