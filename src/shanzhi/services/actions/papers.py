"""Paper forms that come back (纸质申请表): the code on the scan opens the right draft at the counter, with the scan as
evidence; the clerk types what is ticked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanzhi.base import qr
from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, Invalid, NotFound, gettext_noop
from shanzhi.base.ids import format_number
from shanzhi.cases.queries import state_of
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.services import printing, ticket
from shanzhi.services.actions import drafting
from shanzhi.services.actions.drafting import Behalf
from shanzhi.services.actions.letters import code_in
from shanzhi.services.models import Draft
from shanzhi.services.queries import catalogue
from shanzhi.services.ticket import Ticket

UNREADABLE = gettext_noop(
    "No code can be read in this file: lay the form flat, with all of the square code in the picture, or type the code "
    "that is printed below it"
)
SEVERAL = gettext_noop("There are several forms in this file: please scan them one by one")
FOREIGN = gettext_noop("There is a code in this file, but it is not that of a form of ours")
FORGED = gettext_noop(
    "This code looks like one of ours, but we have not printed it: please print the form anew"
)
UNKNOWN = gettext_noop(
    "There is no form with this code: please look at it once more, or choose who it is for"
)
GONE = gettext_noop("The draft of this form was thrown away: choose who it is for, and begin anew")
ENDED = gettext_noop("This service is not offered any more: the form cannot be taken in")
SENT = gettext_noop("This form was sent already: its number is %(number)s")
BY_PAPER = "纸质申请表签名"


@dataclass(frozen=True, slots=True)
class Taken:
    """A form that came in: the draft that is open at the counter now, or none where somebody must still be chosen.

    `outdated`: it was printed for an earlier version; what is typed goes into the form in force.
    """

    item: str
    draft: Draft | None
    outdated: bool


def read(data: bytes) -> Ticket | str:
    """The form that a scan shows, or the code of a letter. Raises Invalid saying why it cannot be read."""
    found = {text: ticket.read(text, printing.key()) for text in qr.codes(data)}
    if letter := next((code for text in found if "/" in text and (code := code_in(text))), ""):
        return letter
    ours = [one for one in found.values() if isinstance(one, Ticket)]
    if len(set(ours)) > 1:
        raise Invalid(SEVERAL, code="several_forms")
    if ours:
        return ours[0]
    if not found:
        raise Invalid(UNREADABLE, code="unreadable_form")
    raise Invalid(FORGED if "forged" in found.values() else FOREIGN, code="foreign_form")


def typed(code: str) -> Ticket:
    """The form whose short code was typed. Raises Invalid where there is none."""
    normal = ticket.normal(code)
    found = list(Draft.objects.filter(code=normal)[:2]) if len(normal) == ticket.LENGTH else []
    if len(found) != 1:
        raise Invalid(UNKNOWN, code="unknown_form")
    return Ticket(found[0].item, found[0].item_version, found[0].pk)


@transaction.atomic
def take_in(actor: Actor, printed: Ticket, *, scan: UUID | None = None, at: datetime | None = None) -> Taken:
    """Opens the draft of a form at the counter, for the same person, with what he had typed and with the scan.

    Raises Denied, Conflict for what was sent already or is offered no more, Invalid where the draft is gone.
    """
    require(actor, "service.counter")
    when = at or now()
    try:
        item = catalogue.item(printed.item, day=when.astimezone(BEIJING).date())
    except NotFound:
        raise Conflict(ENDED, code="closed") from None
    if not item.open:
        raise Conflict(catalogue.CLOSED, code="closed")
    outdated = printed.version != item.version
    if printed.draft is None:
        return Taken(item.code, None, outdated)
    theirs = Draft.objects.filter(pk=printed.draft).first()
    if theirs is None:
        raise Invalid(GONE, code="draft_gone")
    if theirs.case is not None:
        raise Conflict(SENT, code="sent", number=format_number(state_of(theirs.case)["number"]))
    made = drafting.begin(
        actor, item.code, behalf=Behalf(theirs.person, BY_PAPER), channel="counter", at=when
    )
    made = drafting.hand_over(theirs, made, scan=scan, at=when)
    told = {"draft": str(theirs.pk), "opened": str(made.pk), "scan": str(scan) if scan else None}
    append(actor.ref, made.pk, "form.taken", told, at=when)
    return Taken(item.code, made, outdated)


@transaction.atomic
def put_scan(actor: Actor, draft: UUID, scan: UUID, *, at: datetime | None = None) -> Draft:
    """The scan of a blank form that somebody filled in, with the draft that was begun for him at the counter."""
    require(actor, "service.counter")
    made = drafting.of(actor, draft, lock=True)
    if made.case is not None:
        raise Conflict(drafting.SENT, code="sent")
    made.scan = scan
    made.save(update_fields=["scan"])
    told = {"draft": None, "opened": str(made.pk), "scan": str(scan)}
    append(actor.ref, made.pk, "form.taken", told, at=at or now())
    return made
