"""Clocks that do not count until the time at which a resident wishes to be visited (约后顺延). Pure.

What is granted is told in the entries of the case and nowhere else: `Interval`s, each in place of what was left of the
one before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shanzhi.base.clock import Calendar, Span
from shanzhi.cases import clocks
from shanzhi.cases.clocks import Clock
from shanzhi.dispatch.agreed import Window
from shanzhi.dispatch.setting import Rests


@dataclass(frozen=True, slots=True)
class Interval:
    """From when until when some clocks do not count; `wished` when a resident's word made it longer."""

    since: datetime
    until: datetime
    clocks: tuple[str, ...]
    wished: bool = True
    capped: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(), "until": self.until.isoformat(), "clocks": list(self.clocks),
            "wished": self.wished, "capped": self.capped,
        }  # fmt: skip


def told(facts: Iterable[Mapping[str, Any]]) -> list[Interval]:
    """The intervals that the entries of a case tell of, in order."""
    found = [one["rests"] for one in facts if one.get("rests")]
    return [
        Interval(
            datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["until"]), tuple(one["clocks"]),
            bool(one.get("wished")), bool(one.get("capped")),
        )
        for one in found
    ]  # fmt: skip


def spent(before: Sequence[Interval], at: datetime) -> timedelta:
    """How long clocks have not counted until now: each interval until the next one took its place."""
    ends = [*(one.since for one in before[1:]), at][: len(before)]
    parts = (min(one.until, end, at) - one.since for one, end in zip(before, ends, strict=True))
    return sum((max(part, timedelta(0)) for part in parts), timedelta(0))


def resting(
    rule: Rests,
    window: Window | None,
    own: bool,
    running: Mapping[str, Clock],
    before: Sequence[Interval],
    at: datetime,
    calendar: Calendar,
) -> tuple[Interval, dict[str, Clock]] | None:
    """What does not count from now on, and the clocks with it; None where nothing changes.

    A resident (`own`) who chooses a time that ends after a limit has its clock rest until the time begins, within the
    pack's bounds. Whoever else changes the time gives no more than there is; an earlier time, or none, ends the rest.
    """
    old = before[-1] if before and before[-1].until > at else None
    until = old.until if old is not None else at
    base = _counting(rule, running, old, at, calendar)
    late = any(_late(one, window) for one in base.values())
    goal = window.start if window is not None and (late or not own) else at
    end = min(goal, until)
    if own and late and goal > until and sum(one.wished for one in before) < rule.times:
        left = timedelta(seconds=Span.parse(rule.most).seconds) - spent(before, at)
        end = max(until, min(goal, at + left))
    capped = bool(own and late and end < goal)
    if not capped and (end == until or (old is None and end <= at)):
        return None
    rested = old.clocks if old is not None else ()
    made = {
        name: clocks.rested(one, _counted(one, at, end, calendar), calendar)
        for name, one in base.items()
        if name in rested or _late(one, window)
    }
    return Interval(at, max(end, at), tuple(made), wished=own and end > until, capped=capped), made


def _counting(
    rule: Rests, running: Mapping[str, Clock], old: Interval | None, at: datetime, calendar: Calendar
) -> dict[str, Clock]:
    """The clocks of the rule that are not over, as they would be if they counted from now on again."""
    base = {name: _without(running[name], old, at, calendar) for name in rule.clocks if name in running}
    return {
        name: one
        for name, one in base.items()
        if one.due is not None and one.due > at and not one.breached_at
    }


def _late(clock: Clock, window: Window | None) -> bool:
    return window is not None and clock.due is not None and clock.due < window.end


def _without(clock: Clock, old: Interval | None, at: datetime, calendar: Calendar) -> Clock:
    """The clock as it would be if it counted from now on again."""
    if old is None or clock.name not in old.clocks:
        return clock
    return clocks.rested(clock, -_counted(clock, at, old.until, calendar), calendar)


def _counted(clock: Clock, since: datetime, until: datetime, calendar: Calendar) -> int:
    return calendar.between(since, until, clock.working) if until > since else 0
