"""Planning shifts: one or a week of them, all or none, with what stands against it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from shanzhi.base.clock import Span, now
from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.dispatch import rota
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.models import Shift
from shanzhi.dispatch.queries.shifts import as_duty, week_of
from shanzhi.dispatch.rights import demand
from shanzhi.dispatch.rota import Duty, Finding
from shanzhi.dispatch.setting import Setting
from shanzhi.journal.actions import append
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import people_of

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c000e")
AROUND = timedelta(days=2)
SAYS = {
    "order": gettext_noop("A shift ends after it begins"),
    "long": gettext_noop("%(hours)s hours are too long for one shift"),
    "twice": gettext_noop("Two shifts of one person at once"),
    "rest": gettext_noop("Only %(hours)s hours of rest before or after another shift"),
}


@transaction.atomic
def plan(
    actor: Actor, duties: Sequence[Duty], *, generated: bool = False, at: datetime | None = None
) -> list[Finding]:
    """Puts shifts on the board, all or none; the warnings there are (little rest). Raises Denied, Invalid."""
    found = _setting()
    for org in sorted({one.org for one in duties}):
        demand(actor, org)
    _check(duties, found)
    _lock(sorted({one.account for one in duties}))
    warnings = _beside(duties, found)
    rows = [
        Shift(
            id=new_id(), account=one.account, org=one.org, area=one.area, start=one.start, end=one.end,
            mode=one.mode, skills=sorted(one.skills), capacity=one.capacity, generated=generated,
        )
        for one in duties
    ]  # fmt: skip
    Shift.objects.bulk_create(rows)
    for org in sorted({one.org for one in duties}):
        facts = [_plain(one) for one in duties if one.org == org]
        append(actor.ref, uuid5(SPACE, org), "dispatch.shifts", {"org": org, "shifts": facts}, at=at or now())
    return warnings


@transaction.atomic
def remove(actor: Actor, shift: UUID, *, at: datetime | None = None) -> Duty:
    """Takes a shift off the board; one that runs ends now. Raises NotFound, Denied, Conflict for one that is over."""
    row, when = Shift.objects.select_for_update().filter(pk=shift).first(), at or now()
    if row is None:
        raise NotFound()
    demand(actor, row.org)
    if row.end <= when:
        raise Conflict(gettext_noop("This shift is over"))
    duty = as_duty(row)
    if row.start < when:
        Shift.objects.filter(pk=shift).update(end=when)
    else:
        row.delete()
    append(
        actor.ref, uuid5(SPACE, row.org), "dispatch.unshift", {"org": row.org, "shift": _plain(duty)}, at=when
    )
    return duty


def copy_week(
    actor: Actor, org: str, monday: date, *, at: datetime | None = None
) -> tuple[int, list[Finding]]:
    """The shifts of the week before in this one too; those that are there already are passed over. Raises Denied."""
    demand(actor, org)
    before = [as_duty(row) for row in week_of(org, monday - timedelta(days=7))]
    fresh = rota.copied(before, timedelta(days=7))
    people, when = people_of(org), at or now()
    there = [as_duty(row) for row in week_of(org, monday, around=AROUND)]
    found = _setting()
    wanted = [one for one in fresh if one.account in people and one.end > when]
    wrong = {id(f.duty) for f in _against(wanted, there, found) if f.kind in rota.REFUSED}
    kept = [one for one in wanted if id(one) not in wrong]
    return len(kept), plan(actor, kept, at=at) if kept else []


def _setting() -> Setting:
    found = setting()
    if found is None:
        raise Conflict(gettext_noop("This district has not set up its dispatch (dispatch.yaml)"))
    return found


def _check(duties: Sequence[Duty], found: Setting) -> None:
    """What a shift names has to be there."""
    wrong = []
    people = {org: people_of(org) for org in {one.org for one in duties}}
    for one in duties:
        if one.account not in people[one.org]:
            wrong.append(FieldError("account", gettext_noop("This person does not work there")))
        if one.mode not in found.modes:
            wrong.append(FieldError("mode", gettext_noop("Nobody here gets about like that")))
        if unknown := set(one.skills) - set(found.skills):
            wrong.append(
                FieldError("skills", gettext_noop("There is no skill %(skill)s"), {"skill": min(unknown)})
            )
        if not 1 <= one.capacity <= 50:
            wrong.append(FieldError("capacity", gettext_noop("One to fifty")))
    if wrong:
        raise Invalid(errors=wrong[:20])


def _lock(accounts: Sequence[int]) -> None:
    """Nobody else plans for these people until this is done."""
    for account in accounts:
        run("SELECT pg_advisory_xact_lock(hashtext('dispatch.shift'), %s::int)", [account])


def _beside(duties: Sequence[Duty], found: Setting) -> list[Finding]:
    """What stands against new shifts: raises Invalid for what cannot be, the rest are warnings."""
    if not duties:
        return []
    first, last = min(one.start for one in duties) - AROUND, max(one.end for one in duties) + AROUND
    rows = Shift.objects.filter(account__in={one.account for one in duties}, end__gt=first, start__lt=last)
    all_ = _against(duties, [as_duty(row) for row in rows], found)
    if refused := [one for one in all_ if one.kind in rota.REFUSED]:
        errors = [FieldError("start", SAYS[one.kind], {"hours": round(one.hours, 1)}) for one in refused]
        raise Invalid(errors=errors[:20], code="shifts")
    return all_


def _against(duties: Sequence[Duty], known: Sequence[Duty], found: Setting) -> list[Finding]:
    rest, longest = (
        timedelta(seconds=Span.parse(text).seconds) for text in (found.shifts.rest, found.shifts.longest)
    )
    return rota.findings(duties, known, rest, longest)


def _plain(one: Duty) -> dict[str, object]:
    return {
        "account": one.account, "start": one.start.isoformat(), "end": one.end.isoformat(), "mode": one.mode,
        "skills": sorted(one.skills), "area": one.area,
    }  # fmt: skip
