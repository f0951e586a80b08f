"""What follows: what other systems want to know is put into the outbox, and the outbox is emptied."""

from collections.abc import Sequence

from shanzhi.base.clock import now
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.notices import sending
from shanzhi.notices.models import Endpoint
from shanzhi.notices.webhooks import payload, wants


def tell_endpoints(entries: Sequence[Entry]) -> None:
    """A message for each entry that an endpoint wants; what an import brings of years ago is no news."""
    endpoints = list(Endpoint.objects.filter(active=True))
    at = now()
    sending.put(
        [
            sending.row(
                "webhook", entry.id, entry.kind, entry.stream, payload(entry), at, endpoint=endpoint.pk
            )
            for endpoint in endpoints
            for entry in entries
            if wants(endpoint.kinds, entry, at)
        ]
    )


READERS = [Reader("webhooks", tell_endpoints)]
TICKERS = [sending.send]
