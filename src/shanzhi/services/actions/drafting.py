"""Filling in a form: begun with what is known, saved answer by answer, sent once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, NotSignedIn, gettext_noop
from shanzhi.base.ids import new_id
from shanzhi.cases.state import State
from shanzhi.files.queries import sent_by as mine
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import field_key, require
from shanzhi.residents import actions as people
from shanzhi.residents import queries as residents
from shanzhi.residents.fact import plain
from shanzhi.residents.queries import facts
from shanzhi.rules.facts import FactError
from shanzhi.services import ticket
from shanzhi.services.actions import reading
from shanzhi.services.actions.applying import Asked, apply, weigh
from shanzhi.services.form import wanted
from shanzhi.services.item import Item
from shanzhi.services.models import Application
from shanzhi.services.models import Draft as Draft
from shanzhi.services.queries import catalogue
from shanzhi.services.queries.pictures import material_of

SENT = gettext_noop("This was sent already")
STALE = gettext_noop("You have gone on with this form in another tab: this page shows how it stands there")
RENEWED = gettext_noop(
    "New rules for this service are in force since you began. Please look through your answers once more"
)
MOST_MATERIALS = 20
MANY = gettext_noop("That is more files than we can look at: at most 20")


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom somebody acts, and by which authority (授权): written, recorded, or as a parent by law."""

    person: UUID
    authority: str


@transaction.atomic
def begin(
    actor: Actor,
    code: str,
    *,
    behalf: Behalf | None = None,
    channel: str = "web",
    policy: UUID | None = None,
    at: datetime | None = None,
) -> Draft:
    """A form begun, or the one that was begun and not sent. Raises NotSignedIn, NotFound, Conflict (closed)."""
    if actor.account is None:
        raise NotSignedIn()
    when = at or now()
    item = catalogue.item(code, day=_day(when))
    if not item.open:
        raise Conflict(catalogue.CLOSED, code="closed")
    own = own_person(actor)
    if channel == "counter":
        require(actor, "service.counter")
    person, agent = own, None
    if behalf is not None and not behalf.authority.strip():
        raise Invalid(errors=[FieldError("authority", gettext_noop("Say by which authority you act"))])
    if behalf is not None:
        person, agent = behalf.person, (None if channel == "counter" else own)
    found = Draft.objects.filter(account=actor.account, person=person, item=code, case=None).first()
    if found is not None:
        return found
    id_ = new_id()
    return Draft.objects.create(
        id=id_, code=ticket.short(id_, field_key("paper-form")), account=actor.account, person=person, agent=agent,
        authority=behalf.authority if behalf else "", item=code, item_version=item.version, channel=channel,
        policy=policy, started_at=when, saved_at=when, rule=rule_ref(item, when),
    )  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()


def rule_ref(item: Item, at: datetime) -> str:
    """The rule of an item in the version that counts at a moment (`elderly-allowance@1`); empty without one."""
    rule = catalogue.rule(item, day=_day(at))
    return f"{rule.id}@{rule.version}" if rule is not None else ""


def own_person(actor: Actor) -> UUID:
    """The record of whoever is signed in, made if there is none yet."""
    known = residents.own(actor)
    return known or people.contact(actor, name=actor.name, account=actor.account)


def of(actor: Actor, id_: UUID, *, lock: bool = False) -> Draft:
    """One's own draft; raises NotSignedIn or NotFound."""
    if actor.account is None:
        raise NotSignedIn()
    drafts = Draft.objects.select_for_update() if lock else Draft.objects
    found = drafts.filter(pk=id_, account=actor.account).first()
    if found is None:
        raise NotFound()
    return found


def answers(draft: Draft) -> dict[str, Any]:
    """What was typed so far."""
    if not draft.answers:
        return {}
    text = _cipher().decrypt(bytes(draft.answers), draft.pk.bytes)
    found: dict[str, Any] = orjson.loads(text)
    return found


def _cipher() -> FieldCipher:
    return FieldCipher(field_key("draft"))


@transaction.atomic
def answer(actor: Actor, id_: UUID, key: str, raw: Any, *, seen: int, at: datetime | None = None) -> Draft:
    """Saves one answer. Raises Invalid for a value that cannot be, Conflict when another tab has gone on."""
    draft = open_draft(actor, id_, seen)
    item = catalogue.version(draft.item, draft.item_version)
    registry = facts.types()
    if key not in wanted(item, catalogue.rule(item), registry) or key not in registry:
        raise NotFound()
    try:
        value = plain(registry[key].read(raw))
    except FactError as error:
        raise Invalid(errors=[FieldError(key, str(error))]) from None
    return keep(draft, answers(draft) | {key: value}, at)


@transaction.atomic
def attach(
    actor: Actor, id_: UUID, materials: Mapping[str, Sequence[UUID]], *, seen: int, at: datetime | None = None
) -> Draft:
    """Saves which files are which material, beside those that were sent before; one in which something was wrong
    gives its place to them. They are read soon after."""
    draft = open_draft(actor, id_, seen)
    known = {one.key for one in catalogue.version(draft.item, draft.item_version).materials}
    sent = [file for files in materials.values() for file in files]
    if set(materials) - known or not mine(actor, sent):
        raise NotFound()
    wrong = _wrong(draft, at or now())
    kept = [
        (key, file)
        for key, file in draft.materials.items()
        if not (file in wrong and material_of(key) in materials)
    ]
    for key, files in materials.items():
        kept += [(key, str(file)) for file in files]
    if len(kept) > MOST_MATERIALS:
        raise Invalid(errors=[FieldError("materials", MANY)])
    draft.materials = numbered(kept)
    reading.ask(draft.pk, [(key, file) for key, files in materials.items() for file in files], at=at)
    return keep(draft, answers(draft), at)


@transaction.atomic
def detach(actor: Actor, id_: UUID, file: UUID, *, seen: int, at: datetime | None = None) -> Draft:
    """Takes a file back that was the wrong one; what was read from it is forgotten."""
    draft = open_draft(actor, id_, seen)
    kept = [(key, one) for key, one in draft.materials.items() if one != str(file)]
    if len(kept) == len(draft.materials):
        raise NotFound()
    draft.materials = numbered(kept)
    reading.forget(draft.pk, file)
    return keep(draft, answers(draft), at)


def _wrong(draft: Draft, at: datetime) -> set[str]:
    """The files of a draft in which something was found that is wrong."""
    looked = weigh(asked_of(draft), at).looked if draft.materials else {}
    return {
        str(picture.file)
        for one in looked.values()
        for picture, found in one.pictures
        if any(notice.level == "wrong" for notice in found)
    }


def numbered(files: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Files by material: the first under its key, a second as `id_card#2`."""
    found: dict[str, str] = {}
    for key, file in files:
        plain_, n = material_of(key), 1
        while (name := plain_ if n == 1 else f"{plain_}#{n}") in found:
            n += 1
        found[name] = file
    return found


@transaction.atomic
def unsay(actor: Actor, id_: UUID, key: str, *, seen: int, at: datetime | None = None) -> Draft:
    """Takes an answer back, to be given anew."""
    draft = open_draft(actor, id_, seen)
    kept = {name: value for name, value in answers(draft).items() if name != key}
    return keep(draft, kept, at)


def open_draft(actor: Actor, id_: UUID, seen: int) -> Draft:
    """One's own draft, locked, as the page showed it. Raises Conflict when it was sent or another tab has gone on."""
    draft = of(actor, id_, lock=True)
    if draft.case is not None:
        raise Conflict(SENT, code="sent")
    if draft.version != seen:
        raise Conflict(STALE, code="stale")
    return draft


def keep(draft: Draft, kept: Mapping[str, Any], at: datetime | None) -> Draft:
    """A draft with other answers; the caller holds its lock."""
    draft.answers = _cipher().encrypt(orjson.dumps(dict(kept)).decode(), draft.pk.bytes)
    draft.version += 1
    draft.saved_at = at or now()
    draft.save()
    return draft


def hand_over(theirs: Draft, made: Draft, *, scan: UUID | None, at: datetime) -> Draft:
    """What somebody typed before he came with his paper form goes into the draft at the counter, with the scan.

    Files that he had chosen stay his: at the counter the originals are seen.
    """
    made = Draft.objects.select_for_update().get(pk=made.pk)
    made.policy, made.scan = made.policy or theirs.policy, scan or made.scan
    return keep(made, answers(theirs) | answers(made), at)


def asked_of(draft: Draft, *, consent: str = "", anyway: bool = False) -> Asked:
    """The application that a draft would be."""
    return Asked(
        item=draft.item,
        person=draft.person,
        answers=answers(draft),
        materials={key: UUID(file) for key, file in draft.materials.items()},
        channel=draft.channel,
        account=draft.account if draft.channel != "counter" else None,
        agent=draft.agent,
        policy=draft.policy,
        consent=consent,
        anyway=anyway,
        started_at=draft.started_at,
        scan=draft.scan,
    )


def send(actor: Actor, id_: UUID, *, consent: str, anyway: bool = False, at: datetime | None = None) -> UUID:
    """Sends a draft, once: whoever presses twice, or in two tabs, gets the same case.

    `consent` is the sentence he agreed to. Raises Invalid, or Conflict when the item has a new version since.
    """
    if _renewed(actor, id_, at or now()):
        raise Conflict(RENEWED, code="renewed")
    with transaction.atomic():
        draft = of(actor, id_, lock=True)
        if draft.case is not None:
            return draft.case
        if not consent.strip():
            message = gettext_noop("Say that you agree, or fill in the paper form at the counter")
            raise Invalid(errors=[FieldError("consent", message)])
        state: State = apply(actor, asked_of(draft, consent=consent, anyway=anyway), at=at)
        draft.case, draft.answers, draft.saved_at = state.id, None, at or now()
        draft.save()
        return state.id


@transaction.atomic
def _renewed(actor: Actor, id_: UUID, at: datetime) -> bool:
    """Puts a draft on to the version in force; whether it was on another."""
    draft = of(actor, id_, lock=True)
    item: Item = catalogue.item(draft.item, day=_day(at))
    rule = rule_ref(item, at)
    if draft.case is not None or (draft.item_version, draft.rule or rule) == (item.version, rule):
        return False
    draft.item_version, draft.rule, draft.saved_at = item.version, rule, at
    draft.version += 1
    draft.save()
    return True


@transaction.atomic
def discard(actor: Actor, id_: UUID) -> None:
    """Throws a draft away with everything that was typed. Raises Conflict for what was sent."""
    draft = of(actor, id_, lock=True)
    if draft.case is not None:
        raise Conflict(SENT, code="sent")
    reading.forget(draft.pk)
    draft.delete()


def open_of(actor: Actor) -> list[Draft]:
    """One's own drafts that are not sent, the latest first."""
    if actor.account is None:
        return []
    return list(Draft.objects.filter(account=actor.account, case=None).order_by("-saved_at")[:20])


def title(draft: Draft) -> str:
    """The name of the service that a draft is for."""
    return catalogue.version(draft.item, draft.item_version).name.zh


def must_own(actor: Actor, found: Application) -> None:
    """Raises Denied unless it is the actor's own application, or he acted for the person."""
    own = residents.own(actor)
    if own is None or own not in (found.person, found.agent):
        raise Denied()
