"""Keeping people, and looking at their data. The journal only ever holds a person's id."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.journal.actions import append
from shanzhi.journal.tables import Insert, write
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.residents import queries
from shanzhi.residents.models import Consent, Person
from shanzhi.residents.person import COLUMNS, TABLE, Contact, row, seal

SHORTEST_REASON = 2
MOST_RECOGNISED = 5  # people who share one phone
NEEDS_REASON = gettext_noop("Say why you need to see this person's data")


def rows(people: list[dict[str, Any]]) -> Insert:
    """People (from `person.row`) as a part of a statement, for rooms that write them with something else."""
    return Insert(TABLE, COLUMNS, people, key=("id",), keep=True)


@transaction.atomic
def contact(
    actor: Actor,
    *,
    name: str = "",
    phone: str = "",
    address: str = "",
    citizen_id: str = "",
    account: int | None = None,
    at: datetime | None = None,
) -> UUID:
    """The id of the person with this contact, who is kept if not known yet.

    A phone without a name finds the latest person with that phone. Raises Invalid.
    """
    given = Contact(name, phone, citizen_id, address)
    if not given and account is None:
        raise Invalid(errors=[FieldError("name", gettext_noop("Give a name or a phone number"))])
    if phone and not name and account is None and (known := queries.by_phone(phone)):
        return known[0]
    made = row(queries.keys(), given, at=at or now(), account=account)
    write([rows([made])])
    return UUID(made["id"])


@transaction.atomic
def look(actor: Actor, person_id: UUID, *, reason: str, case: UUID | None = None) -> Contact:
    """A person's data unmasked; each look is an entry (`person.looked`) with its reason.

    The caller has checked that the actor may see the case through which he looks. Raises Denied for those
    without the right to see personal data (everybody may see his own), Invalid without a reason.
    """
    found = Person.objects.filter(pk=person_id).first()
    is_own = found is not None and found.account_id is not None and found.account_id == actor.account
    if not is_own and not (scope(actor, "case.view_personal" if case else "person.look")):
        raise Denied(right="person.look")
    if found is None:
        raise NotFound()
    if not is_own and len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(errors=[FieldError("reason", NEEDS_REASON)])
    data = {"person": str(person_id), "reason": reason.strip()[:500], "case": str(case) if case else None}
    append(actor.ref, person_id, "person.looked", data)
    return queries.plain(found)


@transaction.atomic
def addressed(actor: Actor, people: Collection[UUID], *, reason: str, right: str) -> dict[UUID, Contact]:
    """Names and addresses of people for letters to themselves; each is an entry (`person.looked`).

    Raises Denied without the right that lets the actor write to them.
    """
    if not scope(actor, right):
        raise Denied(right=right)
    found = {one.pk: queries.plain(one) for one in Person.objects.filter(pk__in=list(people))}
    for person_id in sorted(found):
        data = {"person": str(person_id), "reason": reason[:500], "case": None}
        append(actor.ref, person_id, "person.looked", data)
    return found


@transaction.atomic
def recognise(
    actor: Actor, phone: str, *, reason: str, right: str = "case.report_for"
) -> list[queries.Masked]:
    """The people with a phone, masked, for who takes their call or serves them; each look is an entry
    (`person.looked`).

    Raises Denied for those who take no calls, Invalid for what is not a phone number.
    """
    if not scope(actor, right):
        raise Denied(right=right)
    found = queries.masked(queries.by_phone(phone)[:MOST_RECOGNISED])
    for person_id in found:
        data = {"person": str(person_id), "reason": reason, "case": None, "masked": True}
        append(actor.ref, person_id, "person.looked", data)
    return list(found.values())


@transaction.atomic
def correct(actor: Actor, person_id: UUID, **changed: str) -> None:
    """Corrects name, phone, citizen_id or address (更正). The entry names the fields, not what is in them."""
    found = Person.objects.select_for_update().filter(pk=person_id).first()
    is_own = found is not None and found.account_id is not None and found.account_id == actor.account
    if not is_own and not scope(actor, "person.edit"):
        raise Denied(right="person.edit")
    if found is None:
        raise NotFound()
    known = replace(queries.plain(found), **changed).normal()
    keys = queries.keys()
    for column in changed:
        text = getattr(known, column)
        setattr(found, column, seal(keys, found.pk, column, text) if text else None)
    found.phone_hash = keys.phone_hash(known.phone) if known.phone else None
    found.save()
    append(actor.ref, person_id, "person.corrected", {"person": str(person_id), "fields": sorted(changed)})


@transaction.atomic
def consent(
    actor: Actor, person_id: UUID, *, purpose: str, basis: str, at: datetime | None = None
) -> Consent:
    """Records that a person agreed to a purpose; raises Conflict when that is recorded already."""
    _require_own_or_edit(actor, person_id)
    if queries.has_consent(person_id, purpose):
        raise Conflict(gettext_noop("This consent is recorded already"))
    given = Consent.objects.create(person_id=person_id, purpose=purpose, basis=basis, given_at=at or now())
    append(
        actor.ref, person_id, "consent.given", {"person": str(person_id), "purpose": purpose, "basis": basis}
    )
    return given


@transaction.atomic
def agree(
    actor: Actor, person_id: UUID, *, purpose: str, basis: str, case: UUID, at: datetime | None = None
) -> None:
    """Records what somebody agreed to while he reported something: `basis` is the sentence he ticked or was read.

    The caller has it from the person himself (or from who took his call). Recorded once.
    """
    if queries.has_consent(person_id, purpose):
        return
    Consent.objects.create(person_id=person_id, purpose=purpose, basis=basis, given_at=at or now())
    data = {"person": str(person_id), "purpose": purpose, "basis": basis, "case": str(case)}
    append(actor.ref, person_id, "consent.given", data)


@transaction.atomic
def take_back(actor: Actor, person_id: UUID, *, purpose: str, at: datetime | None = None) -> None:
    """Records that he does not agree any more; the caller knows that it is he. Nothing when he never did."""
    running = Consent.objects.filter(person=person_id, purpose=purpose, withdrawn_at=None)
    if running.update(withdrawn_at=at or now()):
        append(actor.ref, person_id, "consent.withdrawn", {"person": str(person_id), "purpose": purpose})


@transaction.atomic
def withdraw(actor: Actor, person_id: UUID, *, purpose: str, at: datetime | None = None) -> None:
    """Records that a person no longer agrees; raises NotFound when there was no consent."""
    _require_own_or_edit(actor, person_id)
    running = Consent.objects.filter(person=person_id, purpose=purpose, withdrawn_at=None)
    if not running.update(withdrawn_at=at or now()):
        raise NotFound()
    append(actor.ref, person_id, "consent.withdrawn", {"person": str(person_id), "purpose": purpose})


def _require_own_or_edit(actor: Actor, person_id: UUID) -> None:
    if not scope(actor, "person.edit") and (actor.account is None or queries.own(actor) != person_id):
        raise Denied(right="person.edit")
    if not Person.objects.filter(pk=person_id).exists():
        raise NotFound()
