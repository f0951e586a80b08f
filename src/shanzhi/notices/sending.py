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
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext

from shanzhi.base.cipher import FieldCipher
from shanzhi.base.clock import now
from shanzhi.journal.tables import Insert, write
from shanzhi.notices import channels, timing
from shanzhi.notices.models import Delivery, Endpoint, Preference, Template
from shanzhi.notices.notice import WORDS, Message
from shanzhi.notices.texts import written
from shanzhi.orgs.queries import Contact, contacts, field_key

BATCH = 20
COLUMNS = ("channel", "account_id", "endpoint_id", "entry", "kind", "case_id", "data", "status", "attempts",
           "next_at", "error", "created_at")  # fmt: skip
ONCE = ("channel", "account_id", "endpoint_id", "entry", "kind")


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
            _failed(delivery, str(error))
        else:
            Delivery.objects.filter(pk=delivery.pk).update(status="sent", sent_at=now(), error="")
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
    contact = known.get(delivery.account_id or 0)
    address = (contact.email if delivery.channel == "email" else contact.phone) if contact else ""
    if not contact or not address:
        raise channels.Failed("there is no address to send to")
    with translation.override("en" if contact.language.startswith("en") else "zh-hans"):
        what = gettext(WORDS.get(delivery.kind.rpartition(".")[2], delivery.kind))
    facts = {name: str(delivery.data.get(name, "")) for name in ("number", "title")}
    facts |= {"what": what, "link": link(delivery.case, staff=contact.staff)}
    language = "en" if contact.language.startswith("en") else "zh"
    text = written(templates.get(delivery.kind), language, facts)
    if delivery.channel == "email":
        channels.email(address, text.subject, text.text, f"{delivery.pk}.{delivery.entry}")
    else:
        channels.sms(address, text.sms)


def _to_endpoint(delivery: Delivery) -> None:
    endpoint = delivery.endpoint
    if endpoint is None or not endpoint.active:
        raise channels.Failed("the endpoint is switched off")
    body = orjson.dumps({"type": delivery.kind, "timestamp": delivery.created_at, "data": delivery.data})
    channels.webhook(endpoint.url, opened(endpoint), f"msg_{delivery.pk}", body, now())


def _failed(delivery: Delivery, error: str) -> None:
    at = timing.again(delivery.attempts, now())
    changes = {"status": "dead"} if at is None else {"next_at": at}
    Delivery.objects.filter(pk=delivery.pk).update(error=error, **changes)


def link(case: UUID | None, *, staff: bool) -> str:
    """Where the case is read: at the desk, or among one's own matters."""
    return f"{settings.URL}/{'desk/cases' if staff else 'my'}/{case}" if case else settings.URL


def resend(ids: Iterable[int]) -> int:
    """Dead messages are tried again at once, as if they were new; how many there were."""
    return Delivery.objects.filter(pk__in=list(ids), status="dead").update(
        status="waiting", attempts=0, next_at=now(), error=""
    )


def sealed(secret: str) -> bytes:
    """The secret of an endpoint as it is kept."""
    return FieldCipher(field_key("webhook")).encrypt(secret)


def opened(endpoint: Endpoint) -> bytes:
    return FieldCipher(field_key("webhook")).decrypt(bytes(endpoint.secret)).encode()
