"""Appointments with residents (预约): what is checked when one is made, and that one was missed, told once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import FieldError, Problem, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases.agreeing import Rest, Said, Wished
from shanzhi.cases.who import Who
from shanzhi.dispatch import reading, rests
from shanzhi.dispatch.agreed import Window, window, wrong
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.models import Missed, Shift
from shanzhi.dispatch.setting import Appointment, Kind, Setting
from shanzhi.journal.queries import stream
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import people_of

PLATFORM = Actor.system("dispatch")
NEWS = timedelta(
    days=2
)  # what was missed longer ago (the platform stood still) is shown, and nobody is written to
MOST = 5_000  # shifts looked through
NOBODY = gettext_noop("Nobody who could come is on shift then: choose another time")
_ONCE = """INSERT INTO dispatch_missed (case_id, day, part, at) VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING 1"""


def check(said: Said) -> list[FieldError]:
    """What is wrong with the time that a form is to say: over, too far ahead, or one at which nobody works."""
    found = setting()
    kind = found.by_type.get(said.type) if found else None
    if kind is None or kind.appointment is None:
        return []
    if errors := wrong(kind.appointment, said.data, said.at):
        return errors
    agreed = window(kind.appointment, said.data)
    if agreed is not None and said.org and not _works(said.org, agreed):
        return [FieldError(kind.appointment.day, NOBODY)]
    return []


def rest(wished: Wished) -> Rest | None:
    """The clocks that do not count until the time at which the resident wishes to be visited, as the pack says.

    What stood in the form when a clock began was wished by who reported it: no owner had it yet.
    """
    found = setting()
    kind = found.by_type.get(wished.type) if found else None
    rule = kind.appointment.rests if kind and kind.appointment else None
    agreed = window(kind.appointment, wished.data) if kind else None
    if kind is None or rule is None or (agreed is None and wished.by is None):
        return None
    own = wished.by is None or Who.parse(rule.who).admits(wished.by, wished.party)
    before = rests.told(entry.data.get("facts", {}) for entry in stream(wished.case))
    names = wished.clocks.keys() if wished.by is not None else wished.began
    running = {name: wished.clocks[name] for name in names}
    made = rests.resting(rule, agreed, own, running, before, wished.at, wished.calendar)
    return Rest(made[1], {"rests": made[0].facts}) if made is not None else None


def _works(org: str, agreed: Window) -> bool:
    """Whether somebody of an organisation has a shift then; while none begins on that day or later, somebody may."""
    day = agreed.start.replace(hour=0, minute=0)
    shifts = Shift.objects.filter(org=org, account__in=list(people_of(org)), end__gt=day).order_by("start")
    there = list(shifts.values_list("start", "end")[:MOST])
    known = any(start >= day for start, _end in there)
    return not known or any(start < agreed.end and end > agreed.start for start, end in there)


def tell_missed(at: datetime) -> int:
    """Tells the resident, the owner and the dispatchers of each time agreed at which nobody came; how many."""
    return sum(_told(case, seen, one, at) for case, seen, one in over(at))


def over(at: datetime) -> Iterator[tuple[UUID, int, Window]]:
    """Cases that wait still after the time agreed, and of which nobody was told; with their versions."""
    found = setting()
    for kind in found.kinds if found is not None else ():
        if kind.appointment is not None and found is not None:
            yield from _over(kind, kind.appointment, found, at)


def _over(kind: Kind, agreed: Appointment, found: Setting, at: datetime) -> list[tuple[UUID, int, Window]]:
    """Those of one kind. The index `cases_open_agreed` finds what a form says by its content."""
    days = [f"{(at.astimezone(BEIJING) - timedelta(days=n)).date()}" for n in range(NEWS.days + 1)]
    said = reduce(or_, (Q(data__contains={agreed.day: day}) for day in days))
    wanted = Q(type=kind.type, state__in=kind.waiting) & ~Q(data={}) & said
    rows = [(row["id"], row["version"], row["data"]) for row in reading.open_cases(wanted, found)]
    over = [(case, seen, one) for case, seen, data in rows if (one := window(agreed, data)) and one.end <= at]
    told = set(Missed.objects.filter(case__in=[row[0] for row in over]).values_list("case", "day", "part"))
    return [row for row in over if (row[0], row[2].day, row[2].part) not in told]


def _told(case: UUID, seen: int, agreed: Window, at: datetime) -> bool:
    """An entry of the case, once for each time agreed, whoever else does the same just now."""
    facts: dict[str, Any] = {"missed": agreed.facts}
    try:
        with transaction.atomic():
            if not run(_ONCE, [case, agreed.day, agreed.part, at]):
                return False
            cases.amend(PLATFORM, case, facts=facts, seen=seen, at=at)
    except Problem:  # it has moved on meanwhile: it is looked at again
        return False
    return True
