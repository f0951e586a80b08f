"""Taking a call at the desk (接听登记): a new case, one more caller of a case that is known, or an answer at once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.cases import actions as cases
from shanzhi.cases import types, workflow
from shanzhi.cases.opening import Report
from shanzhi.cases.state import State
from shanzhi.cases.telling import purpose
from shanzhi.cases.workflow import Inputs
from shanzhi.files.actions import put_to
from shanzhi.hotline import alarms
from shanzhi.hotline.models import Call
from shanzhi.hotline.queries import calls
from shanzhi.hotline.queries.calls import RIGHT, History, channel
from shanzhi.hotline.queries.desk import Draft, Suggestion, suggested
from shanzhi.journal.actions import append
from shanzhi.language.danger import dangers
from shanzhi.learning import actions as learning
from shanzhi.learning.queries import CATEGORY, URGENCY
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.residents import actions as residents
from shanzhi.residents.person import Contact
from shanzhi.residents.queries import Masked

Outcome = Literal["case", "joined", "answered"]
KINDS: dict[Outcome, str] = {"case": "case", "joined": "joined", "answered": "consultation"}
LOOKED = "来电识别：查看来电人以往诉求"
NEEDS_ANSWER = gettext_noop("Say what you have answered")
NEEDS_NUMBER = gettext_noop("Text messages need a number")
NEEDS_WORDS = gettext_noop("Say what it is about")
IN_DANGER = gettext_noop(
    "These words tell of danger to life: take it down as a case, or confirm that you have made sure that nobody "
    "is in danger"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A call as the operator ends it. `key` is the form's own number of it, `report` what it is about.

    `into` is the case that the caller joins, `org` the owner chosen instead of the one that the list names,
    `send` whether the case goes to its owner at once, `safe` that the operator has made sure that no life is
    in danger, `agreed` the sentence by which the caller agreed to text messages.
    """

    key: str
    report: Report
    outcome: Outcome = "case"
    contact: Contact = Contact()
    began: datetime | None = None
    into: UUID | None = None
    org: str = ""
    send: bool = False
    reply: str = ""
    answer: str = ""
    safe: bool = False
    agreed: str = ""


@transaction.atomic
def end(actor: Actor, taken: Taken, at: datetime | None = None) -> Call:
    """Writes a call down: what came of it, and as examples what the operator chose against the models.

    Nothing is locked that another line needs. Raises Denied for who takes no calls, Invalid for what is missing,
    Conflict for a caller who has joined before.
    """
    require(actor, RIGHT)
    moment = at or now()
    _check(taken)
    person = _person(actor, taken.contact)
    id_ = new_id()
    case, area = _ended(actor, taken, person, id_, moment)
    return Call.objects.create(
        id=id_, channel=channel(actor), external=taken.key or str(id_), at=min(taken.began or moment, moment),
        ended_at=moment, kind=KINDS[taken.outcome], text=taken.report.text, reply=taken.reply, answer=taken.answer,
        category=taken.report.category, case=case, person=person, area=area,
        files=[str(one) for one in taken.report.files], alarmed=sorted(alarms.found(taken.report.text)),
    )  # fmt: skip


def _check(taken: Taken) -> None:
    """Raises Invalid with everything that is missing for this outcome."""
    errors = []
    text = taken.report.text
    if not text.strip():
        errors.append(FieldError("text", NEEDS_WORDS))
    if taken.outcome == "answered":
        if not taken.reply.strip():
            errors.append(FieldError("reply", NEEDS_ANSWER))
        if not taken.safe and (dangers(text) or alarms.found(text)):
            errors.append(FieldError("safe", IN_DANGER))
    if taken.agreed and not taken.contact.phone.strip():
        errors.append(FieldError("phone", NEEDS_NUMBER))
    if errors:
        raise Invalid(errors=errors)


def _person(actor: Actor, contact: Contact) -> UUID | None:
    if not contact:
        return None
    return residents.contact(actor, name=contact.name, phone=contact.phone, address=contact.address)


def _ended(
    actor: Actor, taken: Taken, person: UUID | None, call: UUID, at: datetime
) -> tuple[UUID | None, str]:
    """Does what the outcome says; the case it concerns and where it is."""
    if taken.outcome == "answered":
        put_to(actor, taken.report.files, call)
        data = {"answer": taken.answer, "category": taken.report.category, "area": taken.report.area}
        append(actor.ref, call, "hotline.answered", data, at=at)
        return None, taken.report.area
    if taken.outcome == "joined":
        state = _joined(actor, taken, person)
    else:
        state = _opened(actor, taken, person, at)
    if taken.agreed and person is not None:
        residents.agree(actor, person, purpose=purpose(state.id), basis=taken.agreed, case=state.id, at=at)
    return state.id, state["area"]


def _joined(actor: Actor, taken: Taken, person: UUID | None) -> State:
    """One more caller of a case; what he adds is a note on it."""
    if taken.into is None:
        raise NotFound()
    who = str(person) if person else None
    state, _ = cases.join(actor, taken.into, person=who, channel="hotline", caller=True)
    cases.note(actor, taken.into, f"【来电补充】{taken.report.text[:4_900]}")
    if taken.report.files:
        cases.attach(actor, taken.into, taken.report.files, phase="other")
    return state


def _opened(actor: Actor, taken: Taken, person: UUID | None, at: datetime) -> State:
    seen = suggested(
        actor, Draft(taken.report.text, taken.report.type, taken.report.category or None), at, lists=False
    )
    report = replace(taken.report, channel="hotline", person=str(person) if person else None)
    if report.urgency == (seen.ruling.urgency if seen.ruling else ""):
        report = replace(report, urgency="")  # as the rule says: it is asked again with the category chosen
    state = cases.open_case(actor, report)
    _learnt(actor, taken.report, seen, state.id)
    return _sent(actor, state, taken, at)


def _learnt(actor: Actor, report: Report, seen: Suggestion, case: UUID) -> None:
    """What the operator chose against the models is kept for the next training."""
    best = seen.understood.category
    chosen = {
        CATEGORY: (best.label if best else "", best.probability if best else None, report.category),
        URGENCY: (seen.urgency.value, seen.urgency.sure, report.urgency),
    }
    for name, (proposed, probability, value) in chosen.items():
        if value and value != proposed:
            learning.correct(
                actor.ref, name, report.text, proposed=proposed, probability=probability, chosen=value, case=case
            )  # fmt: skip


def _sent(actor: Actor, state: State, taken: Taken, at: datetime) -> State:
    """To its owner at once, where the type lets an operator do that and an owner is known."""
    if not (taken.send or taken.org) or not (taken.org or state["proposed"]):
        return state
    type_ = types.version(state["type"], state["type_version"])
    moves = [
        name
        for name in workflow.allowed(type_, state, actor, max(at, state["opened_at"]))
        if type_.moves[name].sets == "owner" and "reason" not in type_.moves[name].needs
    ]
    if not moves:
        return state
    return cases.move(actor, state.id, moves[0], inputs=Inputs(org=taken.org or state["proposed"]))


def recognise(actor: Actor, phone: str) -> tuple[list[Masked], History]:
    """Who calls from a phone, masked, and what is known of him; each look at a person is written down.

    Raises Denied for who takes no calls, Invalid for what is not a phone number.
    """
    people = residents.recognise(actor, phone, reason=LOOKED)
    return people, calls.of_people(actor, [person.id for person in people])


@transaction.atomic
def attach(actor: Actor, id_: UUID, files: tuple[UUID, ...]) -> Call:
    """Recordings put to a call, and to its case if it has one. Raises NotFound."""
    call = calls.one(actor, id_)
    fresh = [one for one in dict.fromkeys(files) if str(one) not in set(call.files)]
    if fresh and call.case is not None:
        cases.attach(actor, call.case, fresh, phase="other")
    elif fresh:
        put_to(actor, fresh, call.pk)
        append(actor.ref, call.pk, "hotline.recorded", {"files": [str(one) for one in fresh]})
    if fresh:
        call.files = [*call.files, *map(str, fresh)]
        call.save(update_fields=["files"])
    return call
