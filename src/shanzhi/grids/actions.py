"""Redrawing grids: a draft, its steps one by one, and the day on which it comes into force."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import shapely
from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.grids import queries
from shanzhi.grids.models import Draft
from shanzhi.grids.steps import Difference, Step, done, mark
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.places import actions as places
from shanzhi.places import queries as areas
from shanzhi.places import redrawing
from shanzhi.places.history import Change, today

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0021")
MOST_STEPS = 300
MEANWHILE = gettext_noop("The draft was changed meanwhile: look at it again")
OTHERS = gettext_noop("The grids have changed since this draft was begun: begin a new one")
LOST = gettext_noop("The steps can no longer be done on the grids in force")
FAULTY = gettext_noop("There are gaps or overlaps: mend them first")


@transaction.atomic
def begin(actor: Actor, community: str, title: str) -> Draft:
    """A new draft on the grids in force; raises Conflict when there is one already."""
    queries.require_edit(actor, community)
    place = areas.areas().get(community)
    if place is None or place.level != "community":
        raise NotFound()
    if Draft.objects.filter(community=community, state__in=queries.RUNNING).exists():
        raise Conflict(
            gettext_noop("There is a draft for this community already: go on with it, or withdraw it")
        )
    plan = queries.plan_of(community)
    base = mark(plan.shapes, plan.names)
    draft = Draft.objects.create(
        community=community, title=title.strip(), base=base, made_by=actor.ref, made_at=now()
    )
    _write(actor, draft, "begun", {"community": community})
    return draft


@transaction.atomic
def step(actor: Actor, draft_id: int, wanted: Step, *, seen: int | None = None) -> Draft:
    """One step more; raises Invalid when it cannot be done, Conflict when others have changed the draft."""
    draft = _locked(actor, draft_id, seen)
    if len(draft.steps) >= MOST_STEPS:
        raise Invalid(gettext_noop("A draft has at most 300 steps"))
    plan = done(queries.plan_of(draft.community), draft.steps)
    done(plan, [wanted])
    draft.steps = [*draft.steps, dict(wanted)]
    _write(actor, _raised(draft), "stepped", {"do": wanted["do"], "n": len(draft.steps)})
    return draft


@transaction.atomic
def undo(actor: Actor, draft_id: int, *, seen: int | None = None) -> Draft:
    """Takes the last step back."""
    draft = _locked(actor, draft_id, seen)
    if draft.steps:
        draft.steps = draft.steps[:-1]
        _write(actor, _raised(draft), "undone", {"n": len(draft.steps)})
    return draft


@transaction.atomic
def withdraw(actor: Actor, draft_id: int) -> Draft:
    """Gives a draft up, also one that waits for its day."""
    draft = _locked(actor, draft_id, None, states=queries.RUNNING)
    draft.state = Draft.State.WITHDRAWN
    _write(actor, _raised(draft), "withdrawn", {})
    return draft


@transaction.atomic
def reopen(actor: Actor, draft_id: int) -> Draft:
    """A draft that waits for its day is worked on again."""
    draft = _locked(actor, draft_id, None, states=(Draft.State.SET,))
    draft.state, draft.on, draft.problem = Draft.State.OPEN, None, ""
    _write(actor, _raised(draft), "reopened", {})
    return draft


@transaction.atomic
def put_in_force(actor: Actor, draft_id: int, on: date, *, seen: int | None = None) -> Draft:
    """In force from a day on: at once today, else by itself when the day comes. Raises Invalid, Conflict.

    History is not rewritten: a day in the past is refused.
    """
    draft = _locked(actor, draft_id, seen)
    if on < today():
        raise Invalid(
            errors=[FieldError("on", gettext_noop("A day from today on: history is not rewritten"))]
        )
    if on > today():
        checked(queries.work(draft))
        draft.state, draft.on = Draft.State.SET, on
        _write(actor, _raised(draft), "set", {"on": on.isoformat()})
        return draft
    return _brought(actor, draft, on)


@transaction.atomic
def bring(draft_id: int, day: date) -> None:
    """The day of a draft has come. What stands in the way is kept for who made it, and nothing changes."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id, state=Draft.State.SET).first()
    if draft is None:
        return
    actor = Actor.system("grids")
    try:
        with transaction.atomic():
            _brought(actor, draft, day)
    except (Invalid, Conflict) as error:
        draft.problem = error.message
        _write(actor, draft, "stopped", {"problem": error.message})


def _brought(actor: Actor, draft: Draft, day: date) -> Draft:
    work = checked(queries.work(draft))
    shapes, corners = redrawing.fitted(work.after.shapes, work.around)
    changes = _changes(work.changes, shapes)
    corners |= {code: shapes[code] for code in work.changes.corners}
    corners |= {
        code: shapes[code]
        for code in shapes
        if code not in changes and _other(shapes, work.before.shapes, code)
    }
    places.redraw(changes, day, corners=corners)
    draft.state, draft.on, draft.problem = Draft.State.IN_FORCE, day, ""
    draft.changed = sorted(changes)
    facts: dict[str, Any] = {
        "on": day.isoformat(),
        "community": draft.community,
        "changed": {code: one.how for code, one in changes.items() if one.outline is not None},
        "closed": sorted(code for code, one in changes.items() if one.outline is None),
    }
    _write(actor, _raised(draft), "in_force", facts)
    return draft


def _other(shapes: Mapping[str, Any], before: Mapping[str, Any], code: str) -> bool:
    return code in before and not shapely.equals_exact(shapes[code], before[code], 0)


def _changes(found: Difference, shapes: Mapping[str, Any]) -> dict[str, Change]:
    changed = {
        code: Change(name, shapely.to_wkb(shapes[code]), how, ground)
        for code, (name, _shape, how, ground) in found.changed.items()
    }
    return changed | {code: Change("", None) for code in found.closed}


def checked(work: queries.Work) -> queries.Work:
    """The work, if nothing stands in its way; raises Conflict or Invalid."""
    if work.stale:
        raise Conflict(OTHERS, code="stale")
    if work.wrong:
        raise Invalid(LOST)
    if work.faults:
        raise Invalid(FAULTY)
    if not (work.changes.changed or work.changes.closed):
        raise Invalid(gettext_noop("The draft changes nothing"))
    return work


def _locked(
    actor: Actor, draft_id: int, seen: int | None, states: Sequence[str] = (Draft.State.OPEN,)
) -> Draft:
    found = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if found is None or not queries.may_edit(actor, found.community):
        raise NotFound()
    if found.state not in states:
        raise Conflict(gettext_noop("This draft is not open"))
    if seen is not None and seen != found.version:
        raise Conflict(MEANWHILE, code="stale")
    return found


def _raised(draft: Draft) -> Draft:
    draft.version += 1
    return draft


def _write(actor: Actor, draft: Draft, what: str, facts: dict[str, Any]) -> None:
    draft.save()
    data = {"draft": draft.pk, **facts}
    append(actor.ref, uuid5(SPACE, str(draft.pk)), f"grids.{what}", data, county=draft.community[:6])
