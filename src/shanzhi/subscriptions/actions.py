"""Following a place, confirming it, ending it. What is said to whom is decided in `telling.py`."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, TooMany, gettext_noop
from shanzhi.base.geo import Point
from shanzhi.base.identity import normal_phone
from shanzhi.base.ids import new_id
from shanzhi.journal.actions import append
from shanzhi.notices.actions import drop, write_to
from shanzhi.notices.notice import Letter
from shanzhi.orgs.actor import Actor
from shanzhi.places import queries as places
from shanzhi.subscriptions import links, queries, sealing
from shanzhi.subscriptions.models import Happening, Subscription
from shanzhi.subscriptions.place import RADII

NEAR_M = 300.0
VALID = timedelta(days=2)  # for a code and a link to confirm by
TRIES = 5
ASKED_A_DAY = 5
ASKED_AN_HOUR = 500  # of all together: nobody makes the platform write to half a town
MOST = 20
CHANNELS = ("inbox", "email", "sms")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to follow, and how he wants to be told: in the pages (`inbox`), by email or by sms."""

    channel: str
    address: str = ""
    area: str = ""
    point: Point | None = None
    radius_m: int = 500
    categories: tuple[str, ...] = ()
    daily: bool = True
    language: str = "zh-hans"


@transaction.atomic
def follow(actor: Actor, wish: Wish, *, at: datetime | None = None) -> Subscription:
    """A new subscription; it runs once its address is confirmed, in the pages of an account at once.

    Raises Invalid for a place that is none or a way without an address, Denied for the pages without an
    account, TooMany for an address that was asked five times in a day or follows twenty places.
    """
    when = at or now()
    address = _address(actor, wish)
    one = Subscription(
        id=new_id(), account_id=actor.account, channel=wish.channel, language=wish.language[:8],
        categories=sorted(set(wish.categories)), daily=wish.daily, created_at=when, **_place(wish),
    )  # fmt: skip
    if address:
        one.address, one.address_hash = sealing.sealed(one, address), sealing.pseudonym(address)
    _limit(one, when)
    if wish.channel == "inbox":
        one.confirmed_at = when
    one.save(force_insert=True)
    append(actor.ref, one.pk, "subscription.asked", {"place": one.area or one.within, "channel": one.channel})
    if address:
        write_to([_question(one, address, when)])
    return one


def _address(actor: Actor, wish: Wish) -> str:
    if wish.channel not in CHANNELS or (wish.channel == "inbox" and actor.account is None):
        raise Denied()
    text = wish.address.strip()
    if wish.channel == "inbox":
        return ""
    if not text:
        raise Invalid(errors=[FieldError("address", gettext_noop("Say where it is to be sent"))])
    if wish.channel == "sms":
        return normal_phone(text)
    try:
        validate_email(text)
    except ValidationError as error:
        raise Invalid(
            errors=[FieldError("address", gettext_noop("This is not an e-mail address"))]
        ) from error
    return text.lower()


def _place(wish: Wish) -> dict[str, object]:
    if wish.point is None:
        if wish.area not in places.names([wish.area]):
            raise Invalid(errors=[FieldError("area", gettext_noop("Choose a community or a street"))])
        return {"area": wish.area, "within": wish.area}
    if wish.radius_m not in RADII:
        raise Invalid(errors=[FieldError("radius_m", gettext_noop("Choose one of the distances"))])
    grid = places.grid_of(wish.point, within_m=NEAR_M)
    if grid is None:
        raise Invalid(errors=[FieldError("area", gettext_noop("This place lies outside the district"))])
    return {"within": grid[:12], "lon": wish.point.lon, "lat": wish.point.lat, "radius_m": wish.radius_m}


def _limit(one: Subscription, at: datetime) -> None:
    hash_ = bytes(one.address_hash) if one.address_hash is not None else None
    known = queries.asked_since(hash_, one.account_id, at - timedelta(days=1))
    too_often = hash_ is not None and (
        known["asked"] >= ASKED_A_DAY or queries.unconfirmed_since(at - timedelta(hours=1)) >= ASKED_AN_HOUR
    )
    if too_often or known["running"] >= MOST:
        raise TooMany()


def _question(one: Subscription, address: str, at: datetime) -> Letter:
    """The message that asks whether it was he; it is sent at once, because he waits for it."""
    english = one.language.startswith("en")
    data = {"place": queries.named(one, one.language), "language": "en" if english else "zh"}
    secret = {"address": address, "code": links.code(one.pk), "link": f"{settings.URL}{links.path(one.pk)}"}
    return Letter(one.channel, f"place:{one.pk}", one.pk, "place.confirm", at, secret, None, data)


def confirm_by_code(actor: Actor, id_: UUID, code: str, *, at: datetime | None = None) -> Subscription:
    """By the six digits that were sent; five wrong ones are the end of it. Raises Invalid, Conflict, NotFound."""
    with transaction.atomic():
        one = _locked(id_)
        _still_open(one, at or now())
        right = hmac.compare_digest(links.code(id_).encode(), code.strip().encode())
        if right:
            return _confirmed(actor, one, at or now())
        one.tries += 1  # counted even though it fails: the transaction is not undone
        one.save(update_fields=["tries"])
    raise Invalid(errors=[FieldError("code", gettext_noop("This is not the code that was sent"))])


@transaction.atomic
def confirm(actor: Actor, id_: UUID, secret: str, *, at: datetime | None = None) -> Subscription:
    """By the link that was sent; a second time changes nothing. Raises NotFound, Conflict when it is too late."""
    links.check(id_, secret)
    one = _locked(id_)
    if one.confirmed_at is not None and one.ended_at is None:
        return one
    _still_open(one, at or now(), tries=False)
    return _confirmed(actor, one, at or now())


def _still_open(one: Subscription, at: datetime, *, tries: bool = True) -> None:
    gone = one.ended_at is not None or one.confirmed_at is not None or at > one.created_at + VALID
    if gone or (tries and one.tries >= TRIES):
        raise Conflict(gettext_noop("This can no longer be confirmed: please subscribe again"))


def _confirmed(actor: Actor, one: Subscription, at: datetime) -> Subscription:
    one.confirmed_at = at
    one.save(update_fields=["confirmed_at"])
    append(actor.ref, one.pk, "subscription.confirmed", {})
    return one


@transaction.atomic
def end(actor: Actor, id_: UUID, *, secret: str = "", at: datetime | None = None) -> None:
    """Ends a subscription, by its link or of one's own; its address is forgotten, what waits is not sent.

    Raises NotFound; a second time changes nothing.
    """
    if secret:
        links.check(id_, secret)
    one = _locked(id_)
    if not secret and (actor.account is None or one.account_id != actor.account):
        raise NotFound()
    if one.ended_at is not None:
        return
    one.ended_at, one.due_at, one.address, one.address_hash = at or now(), None, None, None
    one.save(update_fields=["ended_at", "due_at", "address", "address_hash"])
    drop(f"place:{id_}")
    append(actor.ref, id_, "subscription.ended", {})


KEPT = timedelta(days=7)


def forget(at: datetime | None = None) -> int:
    """What nobody confirmed goes after a week, and so does what was ended or told; how many rows there were."""
    old = (at or now()) - KEPT
    gone = Subscription.objects.filter(Q(confirmed_at=None, created_at__lt=old) | Q(ended_at__lt=old))
    told = Happening.objects.filter(sent_at__lt=old)
    return gone.delete()[0] + told.delete()[0]


def _locked(id_: UUID) -> Subscription:
    found = Subscription.objects.select_for_update().filter(pk=id_).first()
    if found is None:
        raise NotFound()
    return found
