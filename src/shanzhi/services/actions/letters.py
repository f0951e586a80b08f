"""Letters on paper to those whom a policy has found and who have no account (告知信).

Printed in a batch, carried by the grid worker or by post, marked when they are handed over; by its code a letter opens
the form, filled in.
"""

import re
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import typst
from django.conf import settings
from django.db import transaction
from django.db.models import F

from shanzhi.base import qr
from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, Invalid, NotFound, NotSignedIn, gettext_noop
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import field_key, orgs, require
from shanzhi.places.queries import areas
from shanzhi.residents import queries as residents
from shanzhi.residents.actions import addressed
from shanzhi.residents.person import Contact
from shanzhi.residents.queries import facts
from shanzhi.services import ticket
from shanzhi.services.actions import drafting
from shanzhi.services.actions.drafting import Behalf
from shanzhi.services.models import Draft, Match, NoLetters, Policy
from shanzhi.services.queries import catalogue, reach

TEMPLATE = Path(__file__).parents[1] / "letter.typ"
BATCH = 300
TRIES = 5
KEY = "letter"
PATH = "/services/letter"
LINK = re.compile(r"/services/letter\?code=([0-9A-Z]{10})$")
BY_LETTER = "凭告知信代办"
COUNTER = "凭告知信到窗口办理"
UNKNOWN = gettext_noop("There is no letter with this code: please look at it once more")
WRONG = gettext_noop("Code and date of birth do not belong together: please check both")
CLOSED = gettext_noop("Too many wrong dates were given with this letter: please come to the counter with it")
NOT_YET = gettext_noop("Let the letters go first: whoever has an account is told there")
NONE = gettext_noop("There is nobody to whom a letter is to be printed")


@transaction.atomic
def printed(actor: Actor, policy: UUID, *, again: bool = False, at: datetime | None = None) -> bytes:
    """A batch of letters as PDF, ordered by place; `again` prints those that were printed and not handed over yet.

    Whoever wants none or has it by now is left out. Each name that is read is an entry. Raises Denied, NotFound,
    Conflict.
    """
    require(actor, "service.manage")
    when, found = at or now(), _locked(policy)
    if found.status != "released":
        raise Conflict(NOT_YET, code="not_released")
    _sort_out(found)
    listed = Match.objects.filter(policy=found, status="printed" if again else "found").order_by("id")
    matches = list(listed[:BATCH])
    if not matches:
        raise Conflict(NONE, code="none")
    people = addressed(actor, [one.person for one in matches], reason="告知信", right="service.manage")
    where = reach.places_of(list(people), facts.today())
    for one in matches:
        one.code = one.code or ticket.short(one.person, field_key(KEY) + found.pk.bytes)
        one.status, one.printed_at = "printed", when
    Match.objects.bulk_update(matches, ["code", "status", "printed_at"])
    append(actor.ref, found.pk, "letters.printed", {"letters": len(matches), "again": again}, at=when)
    matches.sort(key=lambda one: (where.get(one.person, ""), one.pk))
    return _pdf(found, [_letter(one, people[one.person], where[one.person]) for one in matches], when)


def _locked(policy: UUID) -> Policy:
    found = Policy.objects.select_for_update().filter(pk=policy).first()
    if found is None:
        raise NotFound()
    return found


def _sort_out(policy: Policy) -> None:
    """Who wants no letters, has applied or has it by now is not written to."""
    waiting = Match.objects.filter(policy=policy, status__in=("found", "printed"))
    served, refused = reach.standing(policy.item, list(waiting.values_list("person", flat=True)))
    waiting.filter(person__in=refused).update(status="refused")
    waiting.filter(person__in=served - refused).update(status="served")


def _letter(one: Match, person: Contact, place: str) -> dict[str, str]:
    tree = areas()
    return {
        "name": person.name or "居民朋友",
        "address": person.address,
        "place": " · ".join(area.name for area in tree.path(place)[1:]) if place else "",
        "code": f"{one.code[:5]}-{one.code[5:]}",
        "qr": qr.drawn(f"{settings.URL}{PATH}?code={one.code}"),
    }


def _pdf(policy: Policy, letters: list[dict[str, str]], at: datetime) -> bytes:
    item = catalogue.version(policy.item, policy.item_version)
    told: dict[str, Any] = {
        "title": item.name.zh, "says": item.says.zh, "org": orgs().get(item.org, "街道便民服务中心"),
        "day": f"{at.astimezone(BEIJING):%Y年%-m月%-d日}", "sample": item.sample, "letters": letters,
    }  # fmt: skip
    made = typst.compile(TEMPLATE, format="pdf", sys_inputs={"letters": orjson.dumps(told).decode()})
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


@transaction.atomic
def handed(actor: Actor, policy: UUID, matches: Collection[int], *, at: datetime | None = None) -> int:
    """Letters that were handed over, by the grid worker or by post; how many. Raises Denied, NotFound."""
    require(actor, "service.manage")
    found, when = _locked(policy), at or now()
    ours = Match.objects.filter(policy=found, pk__in=list(matches), status="printed")
    count = ours.update(status="handed", handed_at=when, handed_by=actor.ref)
    if count:
        append(actor.ref, found.pk, "letters.handed", {"letters": count}, at=when)
    return count


@transaction.atomic
def wants_none(actor: Actor, policy: UUID, match: int, *, at: datetime | None = None) -> None:
    """Somebody without an account has said that he wants no such letters. Raises Denied, NotFound."""
    require(actor, "service.manage")
    found, when = _locked(policy), at or now()
    one = Match.objects.filter(policy=found, pk=match).first()
    if one is None:
        raise NotFound()
    NoLetters.objects.get_or_create(person=one.person, defaults={"at": when})
    Match.objects.filter(pk=one.pk).update(status="refused")
    append(actor.ref, one.person, "letters.chosen", {"person": str(one.person), "wanted": False}, at=when)


def code_in(text: str) -> str:
    """The code of a letter in the text of its QR code, or as it was typed; empty when it is none."""
    found = LINK.search(text.strip())
    code = found[1] if found else ticket.normal(text)
    return code if len(code) == ticket.LENGTH else ""


def opened(actor: Actor, code: str, born: date, *, at: datetime | None = None) -> Draft:
    """By letter and date of birth: the form of whoever it is addressed to, filled in; somebody else acts for him.

    Five wrong dates close the letter to everybody but the counter. Raises NotSignedIn, Invalid, Conflict.
    """
    if actor.account is None:
        raise NotSignedIn()
    one = _found(code)
    if one.tries >= TRIES:
        raise Conflict(CLOSED, code="closed")
    known = facts.of(one.person, ["birth_date"]).get("birth_date")
    if known is None or not known.authoritative or known.value != born:
        Match.objects.filter(pk=one.pk).update(tries=F("tries") + 1)
        raise Invalid(WRONG, code="wrong_letter")
    behalf = None if residents.own(actor) == one.person else Behalf(one.person, BY_LETTER)
    item = one.policy.item
    return drafting.begin(actor, item, behalf=behalf, policy=one.policy.pk, at=at)


def at_counter(actor: Actor, code: str, *, at: datetime | None = None) -> Draft:
    """The same at the counter, where a clerk sees who it is. Raises Denied, Invalid."""
    require(actor, "service.counter")
    one = _found(code)
    return drafting.begin(
        actor,
        one.policy.item,
        behalf=Behalf(one.person, COUNTER),
        channel="counter",
        policy=one.policy.pk,
        at=at,
    )


def known(code: str) -> bool:
    """Whether there is a letter with this code."""
    return bool(wanted := code_in(code)) and Match.objects.filter(code=wanted).exists()


def _found(code: str) -> Match:
    wanted = code_in(code)
    one = Match.objects.select_related("policy").filter(code=wanted).first() if wanted else None
    if one is None:
        raise Invalid(UNKNOWN, code="unknown_letter")
    return one
