"""What is done each minute: a plan for each organisation with people on shift; places that are forgotten; and the
reader that keeps what everybody has finished."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from shanzhi.base.clock import now
from shanzhi.dispatch import worked
from shanzhi.dispatch.actions.appointments import tell_missed
from shanzhi.dispatch.actions.places import forget_places
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.models import Planned, Run, Shift, StandRow, Whereabouts
from shanzhi.dispatch.running import run
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader

EVERY = timedelta(minutes=1)
_looked = -EVERY.total_seconds()


def plan(at: datetime | None = None) -> int:
    """The plan of the organisation that waits longest for one; workers side by side take one each."""
    found, when = setting(), at or now()
    if found is None:
        return 0
    soon = when + timedelta(minutes=found.weights.horizon)
    orgs = set(Shift.objects.filter(end__gt=when, start__lte=soon).values_list("org", flat=True).distinct())
    orgs |= set(
        Planned.objects.filter(assigned=True).values_list("org", flat=True).distinct()
    )  # of who went home
    last = dict(Run.objects.filter(org__in=orgs).values_list("org", "at"))
    due = sorted(org for org in orgs if org not in last or not when - EVERY < last[org] <= when)
    return next((1 for org in due if run(org, when)), 0)


def missed(at: datetime | None = None) -> int:
    """Times agreed with residents at which nobody came: looked for once a minute."""
    global _looked
    if at is None and time.monotonic() - _looked < EVERY.total_seconds():
        return 0
    _looked = time.monotonic()
    return tell_missed(at or now())


def forget(at: datetime | None = None) -> int:
    """Places that need not be known any more, and who was asked to stand by until a shift that is over."""
    when = at or now()
    StandRow.objects.filter(until__lt=when).delete()
    return forget_places(when) if Whereabouts.objects.filter(until__lt=when).exists() else 0


def keep(entries: Sequence[Entry]) -> None:
    """Who has finished what: for a fair share of the work."""
    found = setting()
    moved = [entry for entry in entries if entry.kind == "case.moved"]
    if found is not None and moved:
        worked.add(moved, found)


READERS = [Reader("dispatch-worked", keep, kinds=("case.moved",))]
TICKERS = [plan, missed, forget]
