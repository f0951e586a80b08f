"""Stopping a rule (停用): from the next moment it decides nothing by itself; and looking at what it decided."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.services.models import Application, RuleStop

STREAM = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0011")


@transaction.atomic
def stop(actor: Actor, rule: str, *, reason: str, at: datetime | None = None) -> RuleStop:
    """Stops a rule. Raises Denied, Invalid without a reason, Conflict when it is stopped already."""
    require(actor, "service.manage")
    if not reason.strip():
        raise Invalid(errors=[FieldError("reason", gettext_noop("This is needed"))])
    try:
        with transaction.atomic():
            made = RuleStop.objects.create(
                rule=rule, reason=reason.strip()[:500], at=at or now(), by=actor.ref
            )
    except IntegrityError as error:
        raise Conflict(gettext_noop("This rule is stopped already")) from error
    append(actor.ref, uuid5(STREAM, rule), "rule.stopped", {"rule": rule, "reason": made.reason})
    return made


@transaction.atomic
def lift(actor: Actor, rule: str, *, at: datetime | None = None) -> None:
    """Lets a rule decide again. Raises NotFound when it is not stopped."""
    require(actor, "service.manage")
    if not RuleStop.objects.filter(rule=rule, lifted_at=None).update(
        lifted_at=at or now(), lifted_by=actor.ref
    ):
        raise NotFound()
    append(actor.ref, uuid5(STREAM, rule), "rule.lifted", {"rule": rule})


@transaction.atomic
def checked(actor: Actor, case: UUID, *, right: bool, words: str, at: datetime | None = None) -> None:
    """What a person found who looked at an instant approval that was drawn. A wrong one needs words."""
    require(actor, "service.manage")
    found = Application.objects.select_for_update().filter(pk=case, drawn_at__isnull=False).first()
    if found is None:
        raise NotFound()
    if found.checked_at is not None:
        raise Conflict(gettext_noop("Somebody has looked at this already"))
    if not right and not words.strip():
        raise Invalid(errors=[FieldError("words", gettext_noop("Say what is wrong"))])
    found.checked_at, found.checked_by, found.right, found.words = (
        at or now(),
        actor.ref,
        right,
        words.strip(),
    )
    found.save(update_fields=["checked_at", "checked_by", "right", "words"])
    append(
        actor.ref, uuid5(STREAM, f"check:{case}"), "application.checked", {"case": str(case), "right": right}
    )
