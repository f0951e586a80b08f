"""What the dispatcher says: this one for that person, never that person for this one; given by hand, and undone."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.cases import actions as cases
from shanzhi.cases import queries
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.models import Planned, Word
from shanzhi.dispatch.rights import demand
from shanzhi.dispatch.setting import Kind
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import people_of

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c000d")
LONGEST = timedelta(days=7)
USUAL = timedelta(hours=12)
KINDS = ("pin", "forbid")


@transaction.atomic
def say(
    actor: Actor,
    kind: str,
    case: UUID,
    account: int,
    *,
    why: str,
    until: datetime | None = None,
    at: datetime | None = None,
) -> Word:
    """Pins a task to a person, or forbids it, until a time. Raises NotFound, Denied, Invalid, Conflict (twice)."""
    state, when = _seen(actor, case), at or now()
    end = until or when + USUAL
    wrong = []
    if kind not in KINDS:
        wrong.append(FieldError("kind", gettext_noop("Pin or forbid")))
    if account not in people_of(state["org"]):
        wrong.append(FieldError("account", gettext_noop("This person does not work there")))
    if not why.strip():
        wrong.append(FieldError("why", gettext_noop("This is needed")))
    if not when < end <= when + LONGEST:
        wrong.append(FieldError("until", gettext_noop("A time within the next seven days")))
    if wrong:
        raise Invalid(errors=wrong)
    try:
        with transaction.atomic():
            word = Word.objects.create(
                id=new_id(), kind=kind, case=case, account=account, org=state["org"], by=actor.ref,
                why=why.strip()[:500], at=when, until=end,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(gettext_noop("This has been said already")) from error
    facts = {"account": account, "why": word.why, "until": end.isoformat()}
    _written(actor, case, f"dispatch.{kind}", facts, when)
    return word


@transaction.atomic
def lift(actor: Actor, word: UUID, *, at: datetime | None = None) -> Word:
    """Takes it back. Raises NotFound, Denied."""
    found = Word.objects.select_for_update().filter(pk=word, lifted_at=None).first()
    if found is None:
        raise NotFound()
    demand(actor, found.org)
    found.lifted_at, found.lifted_by = at or now(), actor.ref
    found.save()
    facts = {"account": found.account, "lifted": found.kind}
    _written(actor, found.case, "dispatch.lifted", facts, found.lifted_at)
    return found


def assign(
    actor: Actor,
    case: UUID,
    account: int | None,
    *,
    seen: int | None = None,
    at: datetime | None = None,
) -> State:
    """Gives a case to a person by hand (None: takes it back); from then on no run gives it to anybody else.

    Raises what `cases.actions.move` raises: Conflict when it has moved on meanwhile.
    """
    state = _seen(actor, case)
    kind = _kind(state)
    if account is not None and account not in people_of(state["org"]):
        raise Invalid(errors=[FieldError("account", gettext_noop("This person does not work there"))])
    move = kind.move if account is not None else kind.back
    if move is None:
        raise Invalid(gettext_noop("This kind of case cannot be taken back from a person"))
    with transaction.atomic():
        beside = Planned.objects.filter(case=case, assigned=True, place__gt=0).exclude(account=account)
        leaves = [one for one in beside.order_by("place").values_list("account", flat=True) if one]
        facts = {"leaves": leaves} if leaves else {}
        after = cases.move(actor, case, move, inputs=Inputs(person=account), seen=seen, at=at, facts=facts)
        Planned.objects.filter(case=case).update(assigned=False)
    return after


def _seen(actor: Actor, case: UUID) -> State:
    """The case, for whoever sees it and plans for its organisation; raises NotFound, Denied."""
    state = queries.state_of(case)
    if not queries.may_see(actor, state):
        raise NotFound()
    demand(actor, state["org"])
    return state


def _kind(state: State) -> Kind:
    found = setting()
    kind = found.by_type.get(state["type"]) if found else None
    if kind is None or state["state"] not in kind.waiting:
        raise Conflict(gettext_noop("This case does not wait for anybody any more"), code="not_waiting")
    return kind


def _written(actor: Actor, case: UUID, kind: str, facts: dict[str, object], at: datetime) -> None:
    append(actor.ref, uuid5(SPACE, str(case)), kind, {"case": str(case), "facts": facts}, at=at)
