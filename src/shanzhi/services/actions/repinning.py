"""Re-pinning (换用新版本): a running application goes on under the versions in force. A person says so, with a reason,
after he has seen what would differ; the applicant is told where something is asked now, and gives it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases import queries as casequeries
from shanzhi.cases.state import State
from shanzhi.files.actions import put_to
from shanzhi.journal.tables import write
from shanzhi.orgs.actor import Actor
from shanzhi.residents import queries as residents
from shanzhi.residents.actions import facts as keeping
from shanzhi.residents.fact import DECLARED, Known, plain
from shanzhi.residents.queries import facts
from shanzhi.rules.facts import FactError
from shanzhi.services import form
from shanzhi.services.actions.drafting import numbered
from shanzhi.services.models import Application
from shanzhi.services.queries import applications, pins
from shanzhi.services.queries.applications import Opened
from shanzhi.services.queries.pins import Proposal

NEWEST = gettext_noop("This application runs on the versions in force already")
OTHER = gettext_noop("Yet another version has come into force since you looked: please compare again")


def proposed(actor: Actor, found: Opened, *, at: datetime | None = None) -> Proposal | None:
    """What the versions in force would make of an application; None where it runs on them. Nothing changes.

    What they ask beside is read from the record for this purpose, which is an entry. Raises NotFound for whoever
    does not work on it.
    """
    when = at or now()
    if not casequeries.works_on(actor, found.state):
        raise NotFound()
    versions = pins.in_force(found, when.astimezone(BEIJING).date())
    if versions is None:
        return None
    return pins.proposal(found, _read(actor, found, sorted(pins.wanting(found, *versions[:2]))), when)


def _read(actor: Actor, found: Opened, keys: Sequence[str]) -> dict[str, Known]:
    if not keys:
        return {}
    one = found.application
    return keeping.read_for(actor, one.person, keys, purpose="repin", case=one.case)


@transaction.atomic
def repin(
    actor: Actor, case: UUID, *, to: str, reason: str, seen: int | None = None, at: datetime | None = None
) -> State:
    """Puts a running application on to the versions in force, as `proposed` has shown them (`to`, its pins).

    Raises NotFound, Invalid without a reason, Conflict when it is on them already, was decided, has changed, or when
    they are not those that were shown.
    """
    when = at or now()
    if not reason.strip():
        raise Invalid(errors=[FieldError("reason", gettext_noop("This is needed"))])
    Application.objects.select_for_update().filter(pk=case).first()
    found = applications.opened(actor, case)
    plan = proposed(actor, found, at=when)
    if plan is None:
        raise Conflict(NEWEST, code="pinned")
    if plan.pins.ref != to:
        raise Conflict(OTHER, code="renewed")
    told = {
        "amended": "repinned", "reason": reason.strip()[:500], "before": pins.pinned(found).plain(),
        "after": plan.pins.plain(), "differs": plan.differs.plain(),
        "asks": [*plan.differs.asked, *plan.differs.bring],
    }  # fmt: skip
    limits = {name: str(span) for name in ("legal", "promised") if (span := getattr(plan.item, name))}
    state = cases.amend(actor, case, data=plan.pins.plain(), limits=limits, facts=told, seen=seen, at=when)
    _keep(found.application, plan)
    return state


def _keep(one: Application, plan: Proposal) -> None:
    """The application on its new pins; what was prefilled when it was sent stays counted as it was then."""
    needs = [need for need in plan.review.needs if need.needed]
    one.item_version, one.rule = plan.item.version, plan.pins.rule
    one.calendar, one.form = plan.pins.calendar, plan.pins.schema
    one.facts = {**pins.ids_of(plan.facts), **one.facts}
    one.needed, one.spared = len(needs), sum(need.proved for need in needs)
    one.once = plan.item.once
    one.save()


def asked(found: Opened) -> list[str]:
    """What an open application still lacks from its applicant: after a re-pinning, by the rule that counts now."""
    if found.application.verdict or not found.state["open"]:
        return []
    registry = facts.types()
    keys = [one.key for one in applications.reviewed(found).findings if one.what == "fact"]
    return list(dict.fromkeys(key for one in keys if (key := form.askable(one, registry))))


@transaction.atomic
def answer(actor: Actor, case: UUID, key: str, raw: Any, *, at: datetime | None = None) -> State:
    """What an applicant says after sending, because a newer rule asks it. Raises NotFound, Invalid, Conflict."""
    when, found = at or now(), _own(actor, case)
    if key not in asked(found):
        raise NotFound()
    try:
        value = plain(facts.types()[key].read(raw))
    except FactError as error:
        raise Invalid(errors=[FieldError(key, str(error))]) from None
    one, evidence = found.application, {"application": str(case)}
    rows = keeping.rows(one.person, [keeping.Given(key, value, evidence=evidence)], DECLARED, at=when)
    write([keeping.insert(rows)])
    state = cases.amend(actor, case, facts={"amended": "said", "given": [key]}, at=when)
    one.facts = {**one.facts, key: rows[0]["id"]}
    one.save(update_fields=["facts"])
    return state


@transaction.atomic
def hand_in(
    actor: Actor, case: UUID, key: str, files: Sequence[UUID], *, at: datetime | None = None
) -> State:
    """A material that a newer version asks, handed in after sending. Raises NotFound, Invalid, Conflict."""
    found = _own(actor, case)
    lacking = {one.key for one in applications.reviewed(found).findings if one.what == "material"}
    if key not in lacking:
        raise NotFound()
    if not files:
        raise Invalid(errors=[FieldError(key, gettext_noop("Choose the file that was missing"))])
    put_to(actor, files, case, kind="other")
    told = {"amended": "handed_in", "given": [key], "files": [str(one) for one in files]}
    state = cases.amend(actor, case, facts=told, at=at)
    one = found.application
    one.materials = numbered([*one.materials.items(), *((key, str(file)) for file in files)])
    one.save(update_fields=["materials"])
    return state


def _own(actor: Actor, case: UUID) -> Opened:
    """One's own open application, locked."""
    Application.objects.select_for_update().filter(pk=case).first()
    found = applications.opened(actor, case)
    own = residents.own(actor)
    if own is None or own not in (found.application.person, found.application.agent):
        raise Denied()
    return found
