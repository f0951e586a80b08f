"""Orders of another platform (上级平台工单), mirrored both ways: its number, its clock, its urging; our progress."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, NotFound, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases.opening import Report
from shanzhi.cases.queries import state_of
from shanzhi.hotline.mirroring import said
from shanzhi.hotline.models import Order
from shanzhi.hotline.queries.calls import RIGHT
from shanzhi.hotline.queries.settings import setting
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.residents import actions as residents
from shanzhi.residents.person import Contact

WORDS = {"urge": "【上级平台催办】", "note": "【上级平台】", "withdraw": "【上级平台请求撤回】"}


@dataclass(frozen=True, slots=True)
class Given:
    """An order as the other platform has it; sent again, its limit is taken over and the rest stays."""

    number: str
    platform: str
    text: str
    title: str = ""
    due_at: datetime | None = None
    category: str = ""
    area: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    contact: Contact = Contact()


@transaction.atomic
def mirror(actor: Actor, given: Given) -> tuple[Order, bool]:
    """The order and whether it is new. Its limit runs in our case as a clock of its own, beside ours.

    Raises Denied, Invalid for a platform that the pack does not name.
    """
    require(actor, RIGHT)
    if given.platform not in setting().platforms:
        raise Invalid(errors=[FieldError("platform", gettext_noop("The pack names no such platform"))])
    known = Order.objects.select_for_update().filter(channel=actor.ref, number=given.number).first()
    if known is None:
        order = _opened(actor, given)
        _promise(actor, order, given.due_at)
        return order, True
    if given.due_at is not None and given.due_at != known.due_at:
        _promise(actor, known, given.due_at)
    return known, False


def _opened(actor: Actor, given: Given) -> Order:
    person = None
    if given.contact:
        person = residents.contact(actor, name=given.contact.name, phone=given.contact.phone)
    report = Report(
        type="complaint", text=given.text, title=given.title, category=given.category, lon=given.lon,
        lat=given.lat, area=given.area, address=given.address, channel=f"client:{actor.id}",
        external=given.number, person=str(person) if person else None,
    )  # fmt: skip
    state = cases.open_case(actor, report)
    return Order.objects.create(
        channel=actor.ref, number=given.number, platform=given.platform, case=state.id, created_at=now()
    )


def _promise(actor: Actor, order: Order, due: datetime | None) -> None:
    if due is None:
        return
    order.due_at = due
    order.save(update_fields=["due_at"])
    facts = {"platform": order.platform, "number": order.number, "due_at": due.isoformat()}
    cases.promise(actor, order.case, order.platform, due, facts=facts)


def found(actor: Actor, number: str) -> Order:
    """An order that this platform has brought; raises NotFound."""
    require(actor, RIGHT)
    order = Order.objects.filter(channel=actor.ref, number=number).first()
    if order is None:
        raise NotFound()
    return order


@transaction.atomic
def message(actor: Actor, number: str, kind: str, words: str) -> Order:
    """What the other platform says of its order, as a note for those who work on the case."""
    order = found(actor, number)
    if kind not in WORDS:
        raise Invalid(errors=[FieldError("kind", gettext_noop("This does not fit"))])
    cases.note(actor, UUID(str(order.case)), WORDS[kind] + words)
    return order


def told(order: Order) -> dict[str, Any]:
    """How it stands, in the platform's own words."""
    return said(order, state_of(UUID(str(order.case))))
