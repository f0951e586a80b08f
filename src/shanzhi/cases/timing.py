"""What its states and the time do to the clocks of a case. Pure.

How one clock runs is in `clocks.py`.
"""

from collections.abc import Mapping
from datetime import datetime

from shanzhi.base.clock import Calendar, Span
from shanzhi.cases import clocks
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.moment import Moment
from shanzhi.cases.state import Change, State


def on_entering(
    type_: CaseType, state: State, target: str, moment: Moment, *, anew: bool = False
) -> dict[str, clocks.Clock]:
    """The clocks that start, go on or stop when the case enters a state.

    A clock is never set back, unless it counts per owner and the owner is new. Clocks that the type does not
    declare (of a task, of another platform) end with the case.
    """
    changed = {} if type_.states[target].open else _ended(type_, state, moment)
    for name, spec in type_.clocks.items():
        clock = state.clocks.get(name)
        runs = target in spec.runs_in
        if runs and (clock is None or (anew and spec.per_owner)):
            changed[name] = _start(type_, state, name, moment)
        elif clock is not None and runs and clock.status == "stopped":
            changed[name] = clocks.resumed(clock, moment.at, moment.calendar)
        elif clock is not None and not runs and clock.status != "stopped":
            changed[name] = clocks.stopped(clock, moment.at, moment.calendar)
    return changed


def _ended(type_: CaseType, state: State, moment: Moment) -> dict[str, clocks.Clock]:
    return {
        name: clocks.stopped(clock, moment.at, moment.calendar)
        for name, clock in state.clocks.items()
        if name not in type_.clocks and clock.status != "stopped"
    }


def _start(type_: CaseType, state: State, name: str, moment: Moment) -> clocks.Clock:
    spec = type_.clocks[name]
    limit = state["limits"].get(spec.rule_output) if spec.rule_output else None
    span = Span.parse(limit) if limit else type_.spans[name]
    return clocks.started(
        name, spec.kind, span, moment.at, moment.calendar, warn_at=spec.warn_at, on_breach=spec.on_breach
    )


def respanned(
    type_: CaseType, state: State, limits: Mapping[str, str], moment: Moment
) -> dict[str, clocks.Clock]:
    """The clocks of a case as other limits would make them; those that stay as they are are left out."""
    changed: dict[str, clocks.Clock] = {}
    for name, spec in type_.clocks.items():
        clock, limit = state.clocks.get(name), limits.get(spec.rule_output or "")
        if clock is not None and limit:
            other = clocks.respanned(clock, Span.parse(limit), moment.at, moment.calendar)
            changed |= {name: other} if other != clock else {}
    return changed


def earliest(all_clocks: Mapping[str, clocks.Clock]) -> datetime | None:
    """The time by which something is due next: what lists are ordered by."""
    return min((clock.due for clock in all_clocks.values() if clock.due), default=None)


def ticked(state: State, at: datetime, calendar: Calendar) -> Change | None:
    """What the clocks that have reached a mark change: lamps, breaches, and the supervision level on breach.

    The ladder is 提醒 remind (1), 催办 urge (2), 督办 supervise (3), 通报 public notice (4); a breach that is
    to be escalated urges at least.
    """
    due = {n: c for n, c in state.clocks.items() if c.next_at is not None and c.next_at <= at}
    if not due:
        return None
    after = {name: clocks.ticked(clock, at, calendar) for name, clock in due.items()}
    breached = [n for n, c in after.items() if c.breached_at and not due[n].breached_at]
    escalates = any(after[name].on_breach == "escalate" for name in breached)
    columns = {"level": max(state["level"], 2)} if escalates and state["level"] < 2 else {}
    lamps = {name: clock.lamp for name, clock in after.items()}
    return Change(columns, clocks=after, facts={"lamps": lamps, "breached": breached})


def suspended(state: State, until: datetime, moment: Moment, reason: str) -> dict[str, clocks.Clock]:
    """The running clocks at rest while a case is suspended (挂账)."""
    return {
        name: clocks.paused(clock, moment.at, moment.calendar, reason=reason)
        for name, clock in state.clocks.items()
        if clock.status == "running"
    }


def resumed(state: State, moment: Moment) -> dict[str, clocks.Clock]:
    """The paused clocks running on."""
    return {
        name: clocks.resumed(clock, moment.at, moment.calendar)
        for name, clock in state.clocks.items()
        if clock.status == "paused"
    }
