"""Telling accounts something, and that they have read it."""

from collections.abc import Iterable
from datetime import datetime

from shanzhi.base.clock import now
from shanzhi.journal.tables import Insert, write
from shanzhi.notices.models import Notice
from shanzhi.notices.notice import Message
from shanzhi.orgs.actor import Actor

COLUMNS = ("account_id", "case_id", "entry", "kind", "data", "created_at")


def tell(messages: Iterable[Message]) -> None:
    """Keeps the messages, in one statement; those that were told before are not told again."""
    rows = [
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
    if rows:
        write([Insert("notices_notice", COLUMNS, rows, key=("account_id", "entry", "kind"), keep=True)])


def read(actor: Actor, ids: Iterable[int] | None = None, *, at: datetime | None = None) -> int:
    """Marks the actor's own notices as read, all or these; how many there were."""
    if actor.account is None:
        return 0
    unread = Notice.objects.filter(account=actor.account, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=at or now())
