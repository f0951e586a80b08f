"""Taking calls from a telephone system (来电接入): each once by its number, a case or a consultation; what was
said comes with it, while it is said, or later from any recogniser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.ids import format_number, new_id
from shanzhi.cases import actions as cases
from shanzhi.cases.opening import Report
from shanzhi.cases.queries import may_see, state_of
from shanzhi.cases.state import State
from shanzhi.files.actions import put_to
from shanzhi.hotline import alarms
from shanzhi.hotline.models import Call, Utterance
from shanzhi.hotline.queries.calls import RIGHT, channel
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.residents import actions as residents
from shanzhi.residents.person import Contact

LONGEST = 50_000
MOST_PIECES = 5_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call as another system tells it; `external` is its own number of it."""

    external: str
    at: datetime
    text: str = ""
    kind: str = "case"
    ended_at: datetime | None = None
    line: str = ""
    category: str = ""
    reply: str = ""
    lon: float | None = None
    lat: float | None = None
    area: str = ""
    address: str = ""
    type: str = "complaint"
    contact: Contact = Contact()
    files: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of what was said: who, when (from the start of the call), and whether it may still change."""

    seq: int
    text: str
    who: str = "caller"
    start_ms: int | None = None
    final: bool = True


@transaction.atomic
def take(actor: Actor, given: Incoming) -> tuple[Call, bool]:
    """The call, and whether it is new. A number that is known is answered with what is known of it.

    Raises Denied for who may not report for others, Invalid for a call that no case can be made of.
    """
    require(actor, RIGHT)
    known = Call.objects.filter(channel=channel(actor), external=given.external).first()
    if known is not None:
        return known, False
    if given.ended_at is not None and given.ended_at < given.at:
        raise Invalid(errors=[FieldError("ended_at", gettext_noop("A call ends after it begins"))])
    person = _person(actor, given.contact)
    state = _case(actor, given, person) if given.kind == "case" else None
    call = Call.objects.create(
        id=new_id(), channel=channel(actor), external=given.external, line=given.line, at=given.at,
        ended_at=given.ended_at, kind=given.kind, text=given.text, reply=given.reply, category=given.category,
        case=state.id if state else None, area=state["area"] if state else given.area,
        person=person, files=[str(one) for one in given.files],
        alarmed=sorted(alarms.found(given.text)),
    )  # fmt: skip
    return call, True


def take_many(actor: Actor, given: Sequence[Incoming]) -> list[tuple[Call, bool]]:
    """Many at once: all or none. Errors name the line, from 0."""
    taken = []
    with transaction.atomic():
        for number, one in enumerate(given):
            try:
                taken.append(take(actor, one))
            except Invalid as error:
                listed = error.errors or [FieldError("text", error.message, error.facts)]
                raise Invalid(
                    errors=[FieldError(f"{number}.{e.field}", e.message, e.facts) for e in listed]
                ) from error
    return taken


def _person(actor: Actor, contact: Contact) -> UUID | None:
    if not contact:
        return None
    return residents.contact(actor, name=contact.name, phone=contact.phone, address=contact.address)


def _case(actor: Actor, given: Incoming, person: UUID | None) -> State:
    report = Report(
        type=given.type, text=given.text, category=given.category, lon=given.lon, lat=given.lat,
        area=given.area, address=given.address, channel="hotline", external=f"{channel(actor)}/{given.external}",
        person=str(person) if person else None, files=given.files, at=min(given.at, now()),
    )  # fmt: skip
    return cases.open_case(actor, report)


def found(actor: Actor, external: str) -> Call:
    """A call that this system has brought; raises NotFound."""
    require(actor, RIGHT)
    call = Call.objects.filter(channel=channel(actor), external=external).first()
    if call is None:
        raise NotFound()
    return call


@transaction.atomic
def transcribe(actor: Actor, external: str, pieces: Sequence[Piece]) -> Call:
    """Keeps what was said; a piece sent again replaces the one with its number, once final it stays.

    Words that threaten a life are noted on the case at once, so that a person is told while the call lasts.
    """
    call = found(actor, external)
    if Utterance.objects.filter(call=call).count() + len(pieces) > MOST_PIECES * 2:
        raise Invalid(errors=[FieldError("pieces", gettext_noop("A call has no more than so many pieces"))])
    fixed = set(Utterance.objects.filter(call=call, final=True).values_list("seq", flat=True))
    fresh = {piece.seq: piece for piece in pieces if piece.seq not in fixed}
    Utterance.objects.bulk_create(
        [Utterance(call=call, seq=p.seq, who=p.who, start_ms=p.start_ms, text=p.text, final=p.final)
         for p in fresh.values()],
        update_conflicts=True, unique_fields=["call", "seq"],
        update_fields=["who", "start_ms", "text", "final"],
    )  # fmt: skip
    heard = alarms.found("\n".join(piece.text for piece in fresh.values()))
    if heard - set(call.alarmed):
        _alarm(actor, call, sorted({*call.alarmed, *heard}), [p.text for p in fresh.values()])
    return call


def _alarm(actor: Actor, call: Call, values: list[str], texts: list[str]) -> None:
    """Kept with the call; the words go as a note to its case, whose reader tells people."""
    call.alarmed = values
    call.save(update_fields=["alarmed"])
    if call.case is not None:
        words = next(text for text in texts if alarms.found(text))
        cases.note(actor, call.case, f"【通话转写】{words[:1_000]}")


@transaction.atomic
def record(actor: Actor, external: str, files: Sequence[UUID]) -> Call:
    """Recordings that came after the call: put to it and to its case."""
    call = found(actor, external)
    known = {str(one) for one in call.files}
    fresh = [one for one in dict.fromkeys(files) if str(one) not in known]
    if fresh and call.case is not None:
        cases.attach(actor, call.case, fresh, phase="other")
    elif fresh:
        put_to(actor, fresh, call.id)
    if fresh:
        call.files = [*call.files, *map(str, fresh)]
        call.save(update_fields=["files"])
    return call


def told(call: Call) -> dict[str, Any]:
    """What a system is answered: its number, ours, and the case."""
    state = state_of(call.case) if call.case is not None else None
    return {
        "call": call.external,
        "id": str(call.pk),
        "kind": call.kind,
        "case": str(call.case) if call.case else None,
        "number": format_number(state["number"]) if state else None,
        "state": state["state"] if state else None,
        "org": state["org"] if state else None,
        "urgency": state["urgency"] if state else None,
        "due_at": state["due_at"].isoformat() if state and state["due_at"] else None,
        "alarmed": call.alarmed,
    }


def transcript(actor: Actor, call: Call) -> list[dict[str, Any]]:
    """What was said, in order; for who may see the case."""
    if call.case is not None and not may_see(actor, state_of(call.case)):
        raise Denied()
    rows = Utterance.objects.filter(call=call).order_by("seq")
    return [dict(one) for one in rows.values("seq", "who", "start_ms", "text", "final")]
