"""The outbox: what is to be sent is kept with the notice itself, and sent by whichever worker is free.

Each message is claimed for two minutes before it is sent, so that a worker that dies in the middle loses
nothing; whoever is told twice for that is told under the same id.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.clock import now
from shanzhi.journal.tables import Insert, write
from shanzhi.notices import channels, timing
from shanzhi.notices.models import Delivery, Endpoint, Preference, Template
from shanzhi.notices.notice import Letter, Message, words
from shanzhi.notices.texts import PLACES, written
from shanzhi.orgs.queries import Contact, contacts, field_key
from shanzhi.residents.queries import phone

BATCH = 20
COLUMNS = ("channel", "account_id", "endpoint_id", "recipient", "sealed", "entry", "kind", "case_id", "data", "status",
           "attempts", "next_at", "error", "created_at")  # fmt: skip
ONCE = ("channel", "account_id", "endpoint_id", "recipient", "entry", "kind")


def enqueue(messages: Sequence[Message]) -> None:
    """Puts what people want to be told by e-mail or text message into the outbox, in two statements."""
    wanted = {
        one.account_id: one
        for one in Preference.objects.filter(account__in={m.account for m in messages})
        if one.email or one.sms
    }
    rows = [
        _row(channel, message, timing.after_quiet(now(), likes.quiet_from, likes.quiet_until))
        for message in messages
        if (likes := wanted.get(message.account)) and message.kind not in likes.muted
        for channel in ("email", "sms")
        if getattr(likes, channel)
    ]
    put(rows)


def post(letters: Sequence[Letter]) -> None:
    """Puts letters into the outbox, in one statement; what nobody else may read is encrypted."""
    put(
        [
            row(letter.channel, letter.entry, letter.kind, letter.case, letter.data, letter.not_before)
            | {"recipient": letter.recipient, "sealed": "\\x" + _closed(letter).hex()}
            for letter in letters
        ]
    )


def _closed(letter: Letter) -> bytes:
    text = orjson.dumps(dict(letter.secret)).decode()
    return FieldCipher(field_key("letter")).encrypt(text, letter.recipient.encode())


def withdraw(recipient: str) -> None:
    """What waits for a recipient is dead, and can not be sent again: its address is gone."""
    waiting = Delivery.objects.filter(recipient=recipient).exclude(status="sent")
    waiting.update(status="dead", error="no longer wanted", sealed=None)


def put(rows: Sequence[dict[str, Any]]) -> None:
    """Keeps messages on their way; one that is there already stays as it is."""
    if rows:
        write([Insert("notices_delivery", COLUMNS, rows, key=ONCE, keep=True)])


def _row(channel: str, message: Message, at: datetime) -> dict[str, Any]:
    return row(channel, message.entry, message.kind, message.case, message.data, at, account=message.account)


def row(
    channel: str,
    entry: UUID,
    kind: str,
    case: UUID | None,
    data: Mapping[str, Any],
    at: datetime,
    *,
    account: int | None = None,
    endpoint: int | None = None,
) -> dict[str, Any]:
    """A message as the outbox keeps it."""
    return {
        "channel": channel,
        "account_id": account,
        "endpoint_id": endpoint,
        "recipient": "",
        "sealed": None,
        "entry": str(entry),
        "kind": kind,
        "case_id": str(case) if case else None,
        "data": data,
        "status": "waiting",
        "attempts": 0,
        "next_at": at.isoformat(),
        "error": "",
        "created_at": now().isoformat(),
    }


def send() -> int:
    """Sends a batch of what is due; how many were tried."""
    claimed = _claim()
    if not claimed:
        return 0
    known = contacts({one.account_id for one in claimed if one.account_id})
    templates = {one.kind: one.body for one in Template.objects.filter(pk__in={d.kind for d in claimed})}
    for delivery in claimed:
        try:
            _sent(delivery, known, templates)
        except channels.Failed as error:
            _failed(delivery, str(error), final=error.final)
        else:
            Delivery.objects.filter(pk=delivery.pk).update(
                status="sent", sent_at=now(), error="", sealed=None
            )
    return len(claimed)


@transaction.atomic
def _claim() -> list[Delivery]:
    """What is due, counted as tried and out of the way of other workers for as long as sending may take."""
    at = now()
    due = Delivery.objects.filter(status="waiting", next_at__lte=at).order_by("next_at")
    ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
    if not ids:
        return []
    Delivery.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1, next_at=at + timing.LEASE)
    return list(Delivery.objects.filter(pk__in=ids).select_related("endpoint").order_by("pk"))


def _sent(delivery: Delivery, known: Mapping[int, Contact], templates: Mapping[str, Any]) -> None:
    if delivery.channel == "webhook":
        _to_endpoint(delivery)
        return
    if delivery.recipient:
        address, language, more = _letter(delivery)
    else:
        address, language, more = _to_account(delivery, known.get(delivery.account_id or 0))
    if not address:
        raise (channels.Unwanted if delivery.recipient else channels.Failed)("there is no address to send to")
    with translation.override("en" if language == "en" else "zh-hans"):
        what = gettext(words(delivery.kind))
    facts = {name: str(value) for name, value in delivery.data.items() if name in PLACES}
    text = written(templates.get(delivery.kind), language, {"what": what, **facts, **more}, delivery.kind)
    if delivery.channel == "email":
        id_ = f"{delivery.pk}.{delivery.entry}"
        channels.email(address, text.subject, text.text, id_, leave=more.get("leave", ""))
    else:
        channels.sms(address, text.sms)


def _to_account(delivery: Delivery, contact: Contact | None) -> tuple[str, str, dict[str, str]]:
    """Address, language and link for an account; no address when it is closed or has none."""
    if contact is None:
        return "", "zh", {}
    address = contact.email if delivery.channel == "email" else contact.phone
    language = "en" if contact.language.startswith("en") else "zh"
    return address, language, {"link": link(delivery.case, staff=contact.staff)}


def _letter(delivery: Delivery) -> tuple[str, str, dict[str, str]]:
    """The same for a letter: a person's own number as it is now, as long as he agrees; else the sealed address."""
    if delivery.sealed is None:
        return "", "zh", {}
    cipher = FieldCipher(field_key("letter"))
    secret: dict[str, str] = orjson.loads(cipher.decrypt(bytes(delivery.sealed), delivery.recipient.encode()))
    address = secret.pop("address", "")
    if delivery.recipient.startswith("person:"):
        address = phone(UUID(delivery.recipient.removeprefix("person:")), secret.pop("purpose", ""))
    return address, str(delivery.data.get("language", "zh")), secret


def _to_endpoint(delivery: Delivery) -> None:
    endpoint = delivery.endpoint
    if endpoint is None or not endpoint.active:
        raise channels.Failed("the endpoint is switched off")
    body = orjson.dumps({"type": delivery.kind, "timestamp": delivery.created_at, "data": delivery.data})
    channels.webhook(endpoint.url, opened(endpoint), f"msg_{delivery.pk}", body, now())


def _failed(delivery: Delivery, error: str, *, final: bool) -> None:
    at = None if final else timing.again(delivery.attempts, now())
    changes = {"status": "dead"} if at is None else {"next_at": at}
    Delivery.objects.filter(pk=delivery.pk).update(error=error, **changes)


def link(case: UUID | None, *, staff: bool) -> str:
    """Where the case is read: at the desk, or among one's own matters."""
    return f"{settings.URL}/{'desk/cases' if staff else 'my'}/{case}" if case else settings.URL


def resend(ids: Iterable[int]) -> int:
    """Dead messages are tried again at once, as if they were new; how many there were."""
    lost = ~Q(recipient="") & Q(sealed=None)  # nobody knows any more where they were to go
    dead = Delivery.objects.filter(pk__in=list(ids), status="dead").exclude(lost)
    return dead.update(status="waiting", attempts=0, next_at=now(), error="")


def sealed(secret: str) -> bytes:
    """The secret of an endpoint as it is kept."""
    return FieldCipher(field_key("webhook")).encrypt(secret)


def opened(endpoint: Endpoint) -> bytes:
    return FieldCipher(field_key("webhook")).decrypt(bytes(endpoint.secret)).encode()
