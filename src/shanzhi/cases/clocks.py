"""Clocks (时限) as plain values: start, pause, resume, extend, stop and what falls due.

A clock counts seconds of natural or working time. It keeps what it has spent up to its last pause and
since when it runs; nothing else moves it, least of all an edit of the case.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from shanzhi.base.clock import Calendar, Span
from shanzhi.base.value import dataclass, replace

Status = Literal["running", "paused", "stopped"]


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one case. `span`, `spent` in seconds; times aware; `lamp` is the last fraction warned at.

    `due` and `next_at` are set while it runs. `provisional` says that the due time lies in a year for which
    no working calendar is known yet.
    """

    name: str
    kind: str
    working: bool
    span: int
    warn_at: tuple[float, ...] = ()
    on_breach: str = "escalate"
    status: Status = "running"
    spent: int = 0
    since: datetime | None = None
    due: datetime | None = None
    next_at: datetime | None = None
    lamp: float = 0.0
    breached_at: datetime | None = None
    stopped_at: datetime | None = None
    pause_reason: str = ""
    provisional: bool = False


@lru_cache(maxsize=1000)  # those that come in bulk start at one moment
def started(
    name: str,
    kind: str,
    span: Span,
    at: datetime,
    calendar: Calendar,
    *,
    warn_at: tuple[float, ...],
    on_breach: str,
) -> Clock:
    """A clock that starts to run at `at`."""
    clock = Clock(name, kind, span.working, span.seconds, tuple(sorted(warn_at)), on_breach, since=at)
    return _scheduled(clock, calendar)


def spent(clock: Clock, at: datetime, calendar: Calendar) -> int:
    """Seconds spent until `at`."""
    if clock.since is None or at <= clock.since:
        return clock.spent
    return clock.spent + calendar.between(clock.since, at, clock.working)


def began(clock: Clock) -> datetime | None:
    """When a clock of natural time would have begun, had it never rested; none while it rests."""
    edge = clock.since or clock.stopped_at
    return edge - timedelta(seconds=clock.spent) if edge is not None else None


def paused(clock: Clock, at: datetime, calendar: Calendar, *, reason: str) -> Clock:
    """The clock at rest for a named reason; a clock that does not run stays as it is."""
    if clock.status != "running":
        return clock
    return _resting(clock, at, calendar, "paused", reason)


def stopped(clock: Clock, at: datetime, calendar: Calendar) -> Clock:
    """The clock stopped; it may be started again by a state in which it runs, and then goes on counting."""
    if clock.status == "stopped":
        return clock
    return replace(_resting(clock, at, calendar, "stopped", ""), stopped_at=at)


def resumed(clock: Clock, at: datetime, calendar: Calendar) -> Clock:
    """The clock running on from what it had spent."""
    if clock.status == "running":
        return clock
    running = replace(clock, status="running", since=at, stopped_at=None, pause_reason="")
    return _scheduled(running, calendar)


def extended(clock: Clock, seconds: int, at: datetime, calendar: Calendar) -> Clock:
    """The clock with a longer span, warning anew at the marks it has not reached yet.

    A breach that has happened stays on record.
    """
    return _relit(replace(clock, span=clock.span + seconds), at, calendar)


def rested(clock: Clock, seconds: int, calendar: Calendar) -> Clock:
    """The running clock with an interval ahead that does not count (or, with fewer than none, one that counts again).

    As if it were stopped for so long and went on: its end and each of its marks come so much later. It keeps running,
    so that its end is known at once, and work that is done within the interval is not work done late.
    """
    longer = clock.span + seconds
    if clock.status != "running" or not seconds or longer <= 0:
        return clock

    def moved(mark: float) -> float:
        return (mark * clock.span + seconds) / longer

    lamp = moved(clock.lamp) if clock.lamp else 0.0  # what has warned does not warn again
    marks = tuple(moved(mark) for mark in clock.warn_at)
    return _scheduled(replace(clock, span=longer, warn_at=marks, lamp=lamp), calendar)


def respanned(clock: Clock, span: Span, at: datetime, calendar: Calendar) -> Clock:
    """The clock with another limit, counted from its beginning; what was spent stays spent.

    Where working days become natural ones, or the other way round, what was spent before its last pause is taken
    by the length of a day.
    """
    if (span.seconds, span.working) == (clock.span, clock.working):
        return clock
    used = clock.spent
    if span.working != clock.working:
        lengths = {True: Span.parse("1wd").seconds, False: Span.parse("1d").seconds}
        used = used * lengths[span.working] // lengths[clock.working]
    return _relit(replace(clock, span=span.seconds, working=span.working, spent=used), at, calendar)


def _relit(clock: Clock, at: datetime, calendar: Calendar) -> Clock:
    """A clock whose span was changed: it has warned at the marks that it has passed."""
    used = spent(clock, at, calendar)
    lamp = max([0.0, *(mark for mark in clock.warn_at if used >= _seconds(clock, mark))])
    clock = replace(clock, lamp=lamp)
    return _scheduled(clock, calendar) if clock.status == "running" else clock


def ticked(clock: Clock, at: datetime, calendar: Calendar) -> Clock:
    """The clock after all its marks up to `at` have been acted on."""
    if clock.next_at is None or clock.next_at > at:
        return clock
    used, lamp = spent(clock, at, calendar), clock.lamp
    for mark in (*clock.warn_at, 1.0):
        if mark > lamp and used >= _seconds(clock, mark):
            lamp = mark
    breached = clock.breached_at or (clock.due if lamp >= 1.0 else None)
    marked = replace(clock, lamp=lamp, breached_at=breached, next_at=_next(clock, lamp, calendar))
    return _scheduled(marked, calendar) if clock.provisional else marked


def _resting(clock: Clock, at: datetime, calendar: Calendar, status: Status, reason: str) -> Clock:
    used = spent(clock, at, calendar)
    late = clock.due is not None and at > clock.due
    breached = clock.breached_at or (clock.due if late else None)
    return replace(
        clock,
        breached_at=breached,
        status=status,
        spent=used,
        since=None,
        due=None,
        next_at=None,
        pause_reason=reason,
        provisional=False,
    )


def _scheduled(clock: Clock, calendar: Calendar) -> Clock:
    """The running clock with the times of its end and of its next mark (a pure function of the rest)."""
    assert clock.since is not None
    end = calendar.add(clock.since, max(0, clock.span - clock.spent), clock.working)
    next_at = _next(clock, clock.lamp, calendar)
    return replace(clock, due=end.at, next_at=next_at, provisional=end.provisional)


def _next(clock: Clock, lamp: float, calendar: Calendar) -> datetime | None:
    """When a running clock that has warned at `lamp` reaches its next mark."""
    mark = next((mark for mark in (*clock.warn_at, 1.0) if mark > lamp), None)
    if mark is None or clock.since is None:
        return None
    return calendar.add(clock.since, max(0, _seconds(clock, mark) - clock.spent), clock.working).at


def _seconds(clock: Clock, mark: float) -> int:
    return round(clock.span * mark)
