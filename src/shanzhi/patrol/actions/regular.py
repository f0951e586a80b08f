"""The list of regular visits (定期走访名册): opened in their time, ended by a person, or by what the record says."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import FieldError, Invalid, NotFound, Problem, gettext_noop
from shanzhi.base.geo import Point
from shanzhi.base.ids import format_number
from shanzhi.cases import actions as cases
from shanzhi.cases import types
from shanzhi.cases.queries import state_of
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.notices.actions import tell as told
from shanzhi.notices.notice import Message
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.patrol import queries
from shanzhi.patrol.actions.visits import Home, Plan, plan_visit, tell
from shanzhi.patrol.models import Regular, Visit
from shanzhi.patrol.queries.visits import RIGHT
from shanzhi.patrol.setting import VisitKind
from shanzhi.patrol.visiting import due_after, ended_by, opens_for
from shanzhi.places import queries as places
from shanzhi.residents.queries import facts

log = logging.getLogger(__name__)
PLATFORM = Actor.system("visits")
DROP = "drop"
MOST = 50  # visits that one turn of the ticker opens


@transaction.atomic
def stop_regular(actor: Actor, id_: int, reason: str, *, at: datetime | None = None) -> None:
    """Takes somebody off the list; a visit that waits stays until it has ended. Raises NotFound, Invalid."""
    row = Regular.objects.select_for_update().filter(pk=id_, ended_at=None).first()
    if row is None or not scope(actor, RIGHT).covers(row.area):
        raise NotFound()
    if not reason.strip():
        raise Invalid(errors=[FieldError("reason", gettext_noop("This is needed"))])
    row.ended_at = at or now()
    row.save(update_fields=["ended_at"])
    tell(actor, row.person, "visits_ended", row.kind, reason=reason.strip()[:500])


def open_due(*, at: datetime | None = None, most: int = MOST) -> int:
    """Opens the visits of those on the list whose time has come; how many. Any number of workers may do it at once."""
    when = at or now()
    today, done = when.astimezone(BEIJING).date(), 0
    for key, kind in queries.setting().visits.items():
        due = Regular.objects.filter(kind=key, ended_at=None, last__lte=opens_for(kind.every, today))
        for id_ in list(due.order_by("last", "pk").values_list("pk", flat=True)[: most - done]):
            done += _again(id_, kind, when)
    return done


def _again(id_: int, kind: VisitKind, at: datetime) -> int:
    try:
        return _opened_again(id_, kind, at)
    except Problem:  # the others are not kept waiting; it is tried again at the next turn
        log.exception("the regular visit %s could not be opened", id_)
        return 0


@transaction.atomic
def _opened_again(id_: int, kind: VisitKind, at: datetime) -> int:
    """One of them, where the last visit was; another worker that is at it has it."""
    today = at.astimezone(BEIJING).date()
    rows = Regular.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=id_, ended_at=None, last__lte=opens_for(kind.every, today)).first()
    before = Visit.objects.filter(person=row.person, kind=row.kind).order_by("-case").first() if row else None
    if row is None or row.last is None or before is None or _leaves(row, kind, at):
        return 0
    last = state_of(before.case)
    point = Point(last["lon"], last["lat"]) if last["lon"] is not None and last["lat"] is not None else None
    worker = row.worker if row.worker in queries.workers(row.area) else None
    home = Home(row.person, last["address"], point, _still(last["area"]))
    plan_visit(PLATFORM, Plan(row.kind, due_after(row.last, kind.every), worker), home, at=at)
    return 1


def _still(area: str) -> str:
    """An area, or where it is no more (a grid was redrawn) the finest one around it that still is."""
    known = [places.areas().get(area[:n]) for n in (15, 12, 9, 6)]
    return next((one.code for one in known if one is not None and one.open), area)


def left(people: Collection[UUID], *, at: datetime | None = None) -> int:
    """Something new is known of these people: those of whom the record says that they have died or moved away leave the
    list, a visit that waits is called off, and who would have made it is told. How many left."""
    when, kinds = at or now(), queries.setting().visits
    rows = Regular.objects.filter(person__in=list(people), ended_at=None).order_by("pk")
    return sum(_left(id_, kinds[kind], when) for id_, kind in rows.values_list("pk", "kind") if kind in kinds)


@transaction.atomic
def _left(id_: int, kind: VisitKind, at: datetime) -> bool:
    row = Regular.objects.select_for_update().filter(pk=id_, ended_at=None).first()
    return row is not None and _leaves(row, kind, at)


def _leaves(row: Regular, kind: VisitKind, at: datetime) -> bool:
    """Whether somebody leaves the list by what is known of him today; everything that follows, in this transaction."""
    if not kind.ends:
        return False
    known = facts.of(row.person, [one.fact for one in kind.ends.values()], day=at.astimezone(BEIJING).date())
    why = ended_by(kind.ends, known, row.area)
    if why is None:
        return False
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    reason, source = kind.ends[why].title.zh, known[kind.ends[why].fact].source
    entry = tell(PLATFORM, row.person, "visits_ended", row.kind, reason=reason, source=source)
    last = Visit.objects.filter(person=row.person, kind=row.kind).order_by("-case").first()
    if last is not None:
        _called_off(last, reason, at)
        _tell_visitors(row, last, entry, at)
    return True


def _called_off(visit: Visit, reason: str, at: datetime) -> None:
    """A visit that waits ends with its reason; one begun under an older version of its type is moved on first."""
    if visit.closed_at is not None:
        return
    state = state_of(visit.case)
    if not state["open"]:
        return
    with translation.override("zh-hans"):  # of what is written into cases, whoever reads it later
        words = gettext("The record says: %(what)s") % {"what": reason}
    if state["type_version"] != types.current(state["type"]).version:
        cases.migrate(PLATFORM, visit.case, at=at)
    cases.move(PLATFORM, visit.case, DROP, inputs=Inputs(reason=words), at=at)
    visit.closed_at = at
    visit.save(update_fields=["closed_at"])


def _tell_visitors(row: Regular, visit: Visit, entry: UUID, at: datetime) -> None:
    """Who made these visits, or was to make the next one; whoever works there where nobody was named."""
    there = queries.workers(row.area)
    named = [one for one in (visit.worker, row.worker) if one is not None and one in there]
    state: State = state_of(visit.case)
    data = {"number": format_number(state["number"]), "title": state["title"], "facts": {}}
    told(
        Message(account, entry, "case.unlisted", at, visit.case, data)
        for account in sorted(set(named or there))
    )
