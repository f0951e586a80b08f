"""Leaving a case out of the ranking (剔除): proposed by one, decided by another, published in number."""

from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.cases import queries as cases
from shanzhi.hotline.actions.keeping import refresh
from shanzhi.hotline.models import Exclusion, Fact
from shanzhi.hotline.queries.exclusions import REVIEW
from shanzhi.hotline.queries.settings import setting
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0009")


@transaction.atomic
def propose(actor: Actor, case: UUID, ground: str, reason: str) -> Exclusion:
    """Asks to leave a case out. Raises NotFound, Invalid, Denied, Conflict when it is asked for already."""
    state = cases.state_of(case)
    if not cases.may_see(actor, state) or not Fact.objects.filter(pk=case).exists():
        raise NotFound()
    if not scope(actor, "case.comment").covers(state["area"], (state["org"],)):
        raise Denied()
    wrong = []
    if ground not in _grounds():
        wrong.append(FieldError("ground", gettext_noop("Choose a ground")))
    if not reason.strip():
        wrong.append(FieldError("reason", gettext_noop("This is needed")))
    if wrong:
        raise Invalid(errors=wrong)
    try:
        with transaction.atomic():
            found = Exclusion.objects.create(
                case=case, ground=ground, reason=reason.strip()[:2_000], proposed_by=actor.ref,
                proposed_at=now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(gettext_noop("This has been asked for already and waits for a decision")) from error
    _written(actor, found, "hotline.exclusion_proposed", {"ground": ground, "reason": found.reason})
    return found


def _grounds() -> set[str]:
    return {ground for formula in setting().ranking for ground in formula.exclusions}


@transaction.atomic
def decide(actor: Actor, exclusion: int, *, granted: bool, decision: str = "") -> Exclusion:
    """Grants or refuses it; never by whoever asked. Raises NotFound, Denied, Conflict, Invalid."""
    found = Exclusion.objects.select_for_update().filter(pk=exclusion).first()
    if found is None:
        raise NotFound()
    state = cases.state_of(found.case)
    if not scope(actor, REVIEW).covers(state["area"], (state["org"],)) or found.proposed_by == actor.ref:
        raise Denied(gettext_noop("Somebody else than the one who asked decides this"))
    if found.status != "proposed":
        raise Conflict(gettext_noop("There is nothing to decide, or it has been decided"))
    if not granted and not decision.strip():
        raise Invalid(errors=[FieldError("decision", gettext_noop("A refusal needs its reason"))])
    found.status = "approved" if granted else "refused"
    found.decided_by, found.decided_at, found.decision = actor.ref, now(), decision.strip()[:2_000]
    found.save()
    _written(actor, found, "hotline.exclusion_decided", {"granted": granted, "decision": found.decision})
    return found


def _written(actor: Actor, one: Exclusion, kind: str, facts: dict[str, object]) -> None:
    """The entry, and the fact of the case made again with it."""
    append(actor.ref, uuid5(SPACE, str(one.case)), kind, {"case": str(one.case), "facts": facts})
    refresh([one.case])
