"""Reading people: masked, unless `actions.look` was asked with a reason."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from shanzhi.base import identity
from shanzhi.base.cipher import FieldCipher
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import field_key
from shanzhi.residents import person
from shanzhi.residents.models import Consent, Person
from shanzhi.residents.person import Contact, Keys


@dataclass(frozen=True, slots=True)
class Masked:
    """A person as a screen may show it: 王**, 138****5678."""

    id: UUID
    name: str
    phone: str
    citizen_id: str
    address: str


@lru_cache(maxsize=1)
def keys() -> Keys:
    """The keys of this installation, for `person.row` and for reading."""
    return Keys(FieldCipher(field_key("person")), field_key("pseudonym"))


def plain(found: Person) -> Contact:
    """The contact of a person in plain text; only `actions` and exports that log it use this."""
    fields = {
        column: person.opened(keys(), found.pk, column, getattr(found, column))
        for column in ("name", "phone", "citizen_id", "address")
    }
    return Contact(**fields)


def masked(ids: Iterable[UUID]) -> dict[UUID, Masked]:
    """People as screens show them, in one statement; those who are not there are left out."""
    return {found.pk: mask(found.pk, plain(found)) for found in Person.objects.filter(pk__in=list(ids))}


def mask(id_: UUID, known: Contact) -> Masked:
    return Masked(
        id_,
        identity.mask_name(known.name),
        identity.mask_phone(known.phone),
        identity.mask_citizen_id(known.citizen_id),
        identity.mask_address(known.address),
    )


def by_phone(phone: str) -> list[UUID]:
    """Ids of the people with a phone, the latest first. Raises Invalid for what is not a phone number."""
    normal = identity.normal_phone(phone)
    if not normal:
        return []
    found = Person.objects.filter(phone_hash=keys().phone_hash(normal)).order_by("-created_at")
    return list(found.values_list("pk", flat=True))


def own(actor: Actor) -> UUID | None:
    """The person that an account belongs to, once there is one."""
    if actor.account is None:
        return None
    return Person.objects.filter(account=actor.account).values_list("pk", flat=True).first()


def has_consent(id_: UUID, purpose: str) -> bool:
    return Consent.objects.filter(person=id_, purpose=purpose, withdrawn_at=None).exists()


def agreed(asked: Collection[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Those of (person, purpose) to which the person agreed and did not take it back; in one statement."""
    people, purposes = {person for person, _ in asked}, {purpose for _, purpose in asked}
    found = Consent.objects.filter(person__in=people, purpose__in=purposes, withdrawn_at=None)
    return set(found.values_list("person_id", "purpose")) & set(asked) if asked else set()


def name_of(id_: UUID) -> str:
    """The name of a person, for a document that is made out to him; the caller has checked who gets it."""
    found = Person.objects.filter(pk=id_).first()
    return plain(found).name if found else ""


def identities(ids: Collection[UUID]) -> list[tuple[str, str]]:
    """Name and citizen id of people, in the order asked, for a comparison: the caller shows neither in plain."""
    found = {one.pk: plain(one) for one in Person.objects.filter(pk__in=list(ids))}
    return [(found[id_].name, found[id_].citizen_id) for id_ in ids if id_ in found]


def phone(id_: UUID, purpose: str) -> str:
    """The number of a person, for a message to himself that he agreed to; empty once he does not agree any more."""
    found = Person.objects.filter(pk=id_).first() if has_consent(id_, purpose) else None
    return plain(found).phone if found else ""
