"""Reading notices: everybody has his own."""

from typing import Any

from shanzhi.notices.models import Notice
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
