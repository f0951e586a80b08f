"""What happens at a place is kept for those who follow it; what is due is written; what nobody confirmed goes."""

import random
from collections.abc import Sequence
from datetime import timedelta

from shanzhi.base.clock import now
from shanzhi.cases.queries import states_of
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.notices.actions import tell
from shanzhi.subscriptions import telling
from shanzhi.subscriptions.actions import forget
from shanzhi.subscriptions.models import RUNNING, Subscription
from shanzhi.subscriptions.queries import concerned

NEWS = timedelta(days=7)
TIDIED_ONE_IN = 1000  # turns of a worker


def keep(entries: Sequence[Entry]) -> None:
    """Who follows the place of a public case is told that it was opened, refused, answered or closed.

    Whoever did it himself is not, and what an import brings of years ago is no news.
    """
    recent = [entry for entry in entries if entry.at > now() - NEWS]
    if not recent or not Subscription.objects.filter(RUNNING).exists():
        return
    states = states_of(list({entry.stream for entry in recent}))
    news = [
        (entry, what)
        for entry in recent
        if entry.stream in states and (what := telling.what_of(entry, states[entry.stream]))
    ]
    followers = {stream: concerned(states[stream]) for stream in {entry.stream for entry, _ in news}}
    found = [
        (one, entry, what)
        for entry, what in news
        for one in followers[entry.stream]
        if one.account_id is None or entry.actor != f"account:{one.account_id}"
    ]
    telling.kept(found)
    tell(telling.messages(found, states))


def tidy() -> int:
    """Now and then what is no longer needed is forgotten."""
    return forget() if random.randrange(TIDIED_ONE_IN) == 0 else 0


READERS = [Reader("subscriptions", keep, kinds=("case.opened", "case.moved", "case.decided"), batch=200)]
TICKERS = [telling.digest, tidy]
