"""Telling accounts something, and that they have read it."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied, FieldError, Invalid, gettext_noop
from shanzhi.journal.actions import append
from shanzhi.journal.tables import Insert, write
from shanzhi.notices import proving
from shanzhi.notices.models import Endpoint, Notice, Preference
from shanzhi.notices.notice import WORDS, Letter, Message
from shanzhi.notices.sending import enqueue, post, resend, sealed, withdraw
from shanzhi.orgs import actions as orgs
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import contacts, require

COLUMNS = ("account_id", "case_id", "entry", "kind", "data", "created_at")


def rows(messages: Iterable[Message]) -> Insert:
    """Messages as a part of a statement, so that what is told is told in the transaction in which it happens.

    The reader that tells it as well finds it told, and puts on its way what is to go elsewhere.
    """
    made = [
        {
            "account_id": m.account,
            "case_id": str(m.case) if m.case else None,
            "entry": str(m.entry),
            "kind": m.kind,
            "data": m.data,
            "created_at": m.at.isoformat(),
        }
        for m in messages
    ]
    return Insert("notices_notice", COLUMNS, made, key=("account_id", "entry", "kind"), keep=True)


def tell(messages: Iterable[Message]) -> None:
    """Keeps the messages, and puts them on their way to those who want to be told elsewhere as well.

    Those that were told before are not told again.
    """
    messages = list(messages)
    if messages:
        write([rows(messages)])
        enqueue([message for message in messages if not message.inbox_only])


def write_to(letters: Iterable[Letter]) -> None:
    """Puts letters to people without an account on their way; those that are on their way already stay as they are."""
    post(list(letters))


def drop(recipient: str) -> None:
    """Letters to somebody that have not left yet do not leave any more."""
    withdraw(recipient)


def read(actor: Actor, ids: Iterable[int] | None = None, *, at: datetime | None = None) -> int:
    """Marks the actor's own notices as read, all or these; how many there were."""
    if actor.account is None:
        return 0
    unread = Notice.objects.filter(account=actor.account, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=at or now())


@transaction.atomic
def prefer(
    actor: Actor,
    *,
    email: str = "",
    phone: str = "",
    by_email: bool = False,
    by_sms: bool = False,
    muted: Iterable[str] = (),
    quiet: tuple[time | None, time | None] = (None, None),
    at: datetime | None = None,
) -> list[str]:
    """How the actor wants to be told; the channels whose address waits for the code that was sent there.

    Raises Invalid for a way without an address, Denied for nobody, TooMany for the sixth new address in a day.
    """
    if actor.account is None:
        raise Denied()
    _complete(quiet, {"email": (by_email, email), "phone": (by_sms, phone)})
    wanted = {"email": by_email, "sms": by_sms}
    used, fresh = _addresses(actor.account, orgs.checked_reach(email, phone), wanted, at or now())
    orgs.reach_at(actor, email=used["email"], phone=used["sms"])
    chosen = {name: on and bool(used[name]) for name, on in wanted.items()}
    kinds = sorted({f"case.{kind}" for kind in WORDS} & set(muted))
    kept = {**chosen, "quiet_from": quiet[0], "quiet_until": quiet[1], "muted": kinds}
    Preference.objects.update_or_create(account_id=actor.account, defaults=kept)
    return fresh


def _addresses(
    account: int, wished: Mapping[str, str], wanted: Mapping[str, bool], at: datetime
) -> tuple[dict[str, str], list[str]]:
    """The addresses used from now on, and the channels whose new one waits for the code that is sent there."""
    known = contacts([account])[account]
    used = {"email": known.email, "sms": known.phone}
    fresh = [name for name, address in wished.items() if address and address != used[name]]
    for name, address in wished.items():
        if name in fresh:
            proving.ask(account, name, address, wanted=wanted[name], language=known.language, at=at)
        else:
            proving.drop(account, name)
            used[name] = address
    return used, fresh


def _complete(quiet: tuple[time | None, time | None], ways: Mapping[str, tuple[bool, str]]) -> None:
    missing = [name for name, (wanted, address) in ways.items() if wanted and not address]
    if missing:
        raise Invalid(
            errors=[FieldError(name, gettext_noop("Say where it is to be sent")) for name in missing]
        )
    if (quiet[0] is None) != (quiet[1] is None):
        raise Invalid(
            errors=[FieldError("quiet_until", gettext_noop("Quiet hours have a beginning and an end"))]
        )


def prove(actor: Actor, channel: str, code: str, *, at: datetime | None = None) -> None:
    """By the code that was sent there an address is the actor's, and used from now on.

    Raises Invalid for a wrong code, Conflict when it is too late or five were wrong, NotFound where none was asked.
    """
    if actor.account is None:
        raise Denied()
    with transaction.atomic():
        one = proving.proved(actor.account, channel, code, at or now())
        if one is not None:
            known = contacts([actor.account])[actor.account]
            used = {"email": known.email, "sms": known.phone, channel: proving.opened(one)}
            orgs.reach_at(actor, email=used["email"], phone=used["sms"])
            Preference.objects.filter(account=actor.account).update(**{channel: one.wanted})
    if one is None:
        raise proving.wrong()  # counted, although it fails: the transaction is not undone


@transaction.atomic
def add_endpoint(actor: Actor, name: str, url: str, kinds: Iterable[str] = ()) -> str:
    """Another system that is told; returns its secret, which is shown once. Raises Invalid for a bad URL."""
    require(actor, "org.manage")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise Invalid(errors=[FieldError("url", gettext_noop("An address begins with https:// or http://"))])
    secret = secrets.token_urlsafe(32)
    endpoint = Endpoint.objects.create(
        name=name, url=url, secret=sealed(secret), kinds=sorted(set(kinds)), created_at=now()
    )
    append(actor.ref, uuid4(), "endpoint.added", {"endpoint": endpoint.pk, "url": url, "name": name})
    return secret


@transaction.atomic
def switch_endpoint(actor: Actor, id_: int, *, active: bool) -> None:
    """Switches an endpoint on or off; what waits for it fails until it is on again."""
    require(actor, "org.manage")
    if Endpoint.objects.filter(pk=id_).update(active=active):
        append(actor.ref, uuid4(), "endpoint.switched", {"endpoint": id_, "active": active})


def send_again(actor: Actor, ids: Iterable[int]) -> int:
    """Dead messages are tried again; how many there were."""
    require(actor, "org.manage")
    return resend(ids)
