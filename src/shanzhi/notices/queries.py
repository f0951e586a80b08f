"""Reading notices: everybody has his own."""

from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from django.db.models import Count

from shanzhi.notices import proving, timing
from shanzhi.notices.models import Delivery, Endpoint, Notice, Preference, Template
from shanzhi.orgs.actor import Actor

FIELDS = ("id", "case", "entry", "kind", "data", "created_at", "read_at")


def inbox(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """The actor's notices, newest first, in one statement; `before` is the id to go on from."""
    if actor.account is None:
        return []
    found = Notice.objects.filter(account=actor.account)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-id").values(*FIELDS)[: min(limit, 200)])


def unread(actor: Actor) -> int:
    """How many notices the actor has not read."""
    return (
        Notice.objects.filter(account=actor.account, read_at=None).count() if actor.account is not None else 0
    )


def preference(actor: Actor) -> Preference:
    """How the actor wants to be told."""
    account = actor.account or 0
    return Preference.objects.filter(account=account).first() or Preference(account_id=account)


def unproved(actor: Actor) -> dict[str, tuple[str, bool]]:
    """The addresses that wait for their code, by channel, and whether the actor wants to be told there."""
    found = proving.pending(actor.account or 0)
    return {channel: (proving.opened(one), one.wanted) for channel, one in found.items()}


def night() -> tuple[time, time]:
    """The hours in which those are left alone who could not say when they sleep: as the pack has it."""
    found = Template.objects.filter(pk="quiet").values_list("body", flat=True).first()
    return (time.fromisoformat(found["from"]), time.fromisoformat(found["until"])) if found else timing.NIGHT


def quiet_of(accounts: Collection[int]) -> dict[int, tuple[time | None, time | None]]:
    """The quiet hours of those accounts that have said how they want to be told."""
    found = Preference.objects.filter(account__in=list(accounts))
    return {one.account_id: (one.quiet_from, one.quiet_until) for one in found}


def after_night(at: datetime) -> datetime:
    """The first moment from then on that lies in no such hours."""
    return timing.after_quiet(at, *night())


def written_since(recipients: Collection[str], since: datetime) -> dict[str, int]:
    """How many letters there were for each of some recipients."""
    found = Delivery.objects.filter(recipient__in=list(recipients), created_at__gte=since)
    return dict(found.values_list("recipient").annotate(n=Count("pk")))


def endpoints() -> list[Endpoint]:
    return list(Endpoint.objects.order_by("-active", "name"))


def outbox() -> dict[str, int]:
    """How many messages wait, were sent, are dead."""
    return dict(Delivery.objects.values_list("status").annotate(n=Count("pk")))


def deliveries(status: str, *, limit: int = 100) -> list[dict[str, Any]]:
    """Messages of a status, the newest first, without what they say."""
    fields = ("id", "channel", "kind", "case", "attempts", "next_at", "error", "created_at", "sent_at")
    found = Delivery.objects.filter(status=status).order_by("-id")
    return list(found.values(*fields, "account__name", "endpoint__name")[:limit])
