"""Moves, helpers' tasks, supervision, and the end of a suspension."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, gettext_noop
from shanzhi.cases import agreeing, sides, timing, workflow
from shanzhi.cases.actions.common import locked, moment, saved, type_of, unlocked
from shanzhi.cases.models import Case
from shanzhi.cases.moment import Moment
from shanzhi.cases.state import Change, State, applied
from shanzhi.cases.store import Stored
from shanzhi.cases.who import Who
from shanzhi.cases.workflow import Inputs
from shanzhi.files.actions import put_to
from shanzhi.journal.receipts import Also
from shanzhi.journal.tables import Overtaken
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import check_owner

LADDER = ("", "remind", "urge", "supervise", "public_notice")


def move(
    actor: Actor,
    case: UUID,
    name: str,
    *,
    inputs: Inputs | None = None,
    seen: int | None = None,
    at: datetime | None = None,
    also: Also[State] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> State:
    """Makes a move. Raises Conflict (stale, wrong state), Denied, Invalid (what is missing) or NotFound.

    `also` makes rows (a receipt) that are written in the same statement; `facts` are told in the entry besides (why
    the dispatch has chosen this person).
    """
    given = inputs or Inputs()
    making = partial(_made, actor, name, given, moment(at), also, facts or {})
    if not (connection.in_atomic_block or given.files or given.photo_after):
        with suppress(Overtaken):  # read, and written if nobody was faster: a lock costs two round trips
            return making(unlocked(actor, case, seen=seen))
    with transaction.atomic():
        return making(locked(actor, case, seen=seen))


def _made(
    actor: Actor,
    name: str,
    given: Inputs,
    when: Moment,
    also: Also[State] | None,
    facts: Mapping[str, Any],
    stored: Stored,
) -> State:
    type_ = type_of(stored.state)
    if given.org or given.person or given.helpers:
        check_owner(given.org or stored.state["org"], given.person, given.helpers)
    waiting = _open_children(stored.state.id) if name in type_.moves and type_.moves[name].joins else 0
    change = workflow.moved(type_, stored.state, actor, name, given, when, open_children=waiting)
    after = applied(stored.state, change)
    if "data" in change.columns:
        org = after["proposed"] if after["org"] == after["desk"] else after["org"]
        agreeing.check(agreeing.Said(type_.type, after["data"], org, when.at))
    change.facts.update(facts)
    after = _rested(type_.type, stored.state, change, after, actor, when)
    if given.files or given.photo_after:
        put_to(actor, given.files, stored.state.id, kind="other")
        put_to(actor, given.photo_after, stored.state.id, kind="after")
    return saved(actor, stored, change, "case.moved", when.at, extra=also(after) if also else ())


def _rested(type_: str, before: State, change: Change, after: State, actor: Actor, when: Moment) -> State:
    """Intervals that do not count (a resident is awaited later than the limit), put into the change and told by it; the
    case after it."""
    wrote, began = "data" in change.columns, frozenset(change.clocks.keys() - before.clocks.keys())
    if not (wrote or began):
        return after
    by = actor if wrote else None
    wished = agreeing.Wished(
        before.id, type_, after["data"], by, after.party, after.clocks, began, when.at, when.calendar
    )
    found = agreeing.rests(wished)
    for rest in found:
        change.clocks.update(rest.clocks)
        change.facts.update(rest.facts)
        change.columns["due_at"] = timing.earliest({**after.clocks, **change.clocks})
    return applied(before, change) if found else after


def _open_children(case: UUID) -> int:
    return Case.objects.filter(parent=case, open=True).count()


@transaction.atomic
def finish_task(
    actor: Actor, case: UUID, task: str, *, result: str, seen: int | None = None, at: datetime | None = None
) -> State:
    """A helping organisation's answer; raises Denied for anybody but its people."""
    stored = locked(actor, case, seen=seen)
    when = moment(at)
    found = stored.state.tasks.get(task)
    if found is None or found.status != "open":
        raise Conflict(gettext_noop("This task is done already"))
    if found.org not in actor.orgs():
        raise Denied()
    if not result.strip():
        raise Invalid(errors=[FieldError("result", gettext_noop("This is needed"))])
    change = workflow.answered(
        type_of(stored.state), stored.state, found, result=result, person=actor.account, moment=when
    )
    return saved(actor, stored, change, "case.task_done", when.at)


@transaction.atomic
def supervise(actor: Actor, case: UUID, level: int, *, words: str, at: datetime | None = None) -> State:
    """Raises the case on the ladder 提醒 remind (1), 催办 urge (2), 督办 supervise (3), 通报 public notice (4)."""
    stored = locked(actor, case)
    state = stored.state
    if not Who.parse(type_of(state).supervise).admits(actor, state.party):
        raise Denied()
    if not state["open"] or not 1 <= level <= 4 or level < state["level"]:
        raise Conflict(gettext_noop("An open case can only be raised on the ladder, up to 4"))
    facts = {"level": level, "ladder": LADDER[level], "words": words, "org": state["org"]}
    return saved(actor, stored, Change({"level": level}, facts=facts), "case.supervised", moment(at).at)


@transaction.atomic
def take_up(actor: Actor, case: UUID, *, at: datetime | None = None) -> State:
    """Ends a suspension, before its time (whoever may grant one) or at its time (the platform itself)."""
    stored = locked(actor, case)
    side = type_of(stored.state).sides.get("suspend")
    allowed = side and Who.parse(side.approve).admits(actor, stored.state.party)
    if actor.kind != "system" and not allowed:
        raise Denied()
    if stored.state["suspended_until"] is None:
        raise Conflict(gettext_noop("The case is not suspended"))
    return saved(actor, stored, sides.taken_up(stored.state, moment(at)), "case.taken_up", moment(at).at)
