"""Who hears of what, live: subscribers grouped by what they may see. Pure but for the queues it fills.

Five hundred desks are perhaps thirty different reaches: whether a piece of news lies within one is asked once
for each of them, and the bytes that go out are the same for all who share it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from shanzhi.orgs.permissions import Scope

WAITING = 20  # messages a slow browser may be behind before it is let go; it comes back by itself


@dataclass(frozen=True, slots=True)
class News:
    """Something that changed, ready to be sent, and what decides who may know of it."""

    data: bytes
    area: str
    orgs: frozenset[str]
    accounts: frozenset[int]


@dataclass(eq=False, slots=True)
class Subscriber:
    """One open page."""

    reach: Scope
    account: int | None
    queue: "asyncio.Queue[bytes]" = field(default_factory=lambda: asyncio.Queue(WAITING))
    lost: bool = False

    def offer(self, data: bytes) -> None:
        """Puts it into the queue; whoever does not keep up is lost, and is told everything when he returns."""
        try:
            self.queue.put_nowait(data)
        except asyncio.QueueFull:
            self.lost = True


class Hub:
    """All open pages of one process."""

    def __init__(self) -> None:
        self.groups: defaultdict[Scope, set[Subscriber]] = defaultdict(set)
        self.count = 0

    def join(self, scope: Scope) -> Subscriber:
        """A subscriber who hears of everything within a scope."""
        one = Subscriber(replace(scope, account=None), scope.account)
        self.groups[one.reach].add(one)
        self.count += 1
        return one

    def leave(self, one: Subscriber) -> None:
        group = self.groups[one.reach]
        self.count -= len(group & {one})
        group.discard(one)
        if not group:
            del self.groups[one.reach]

    def end(self) -> None:
        """Lets all go; what waits for them is still sent."""
        for members in self.groups.values():
            for member in members:
                member.offer(b"")
                member.lost = True

    def publish(self, news: Sequence[News]) -> None:
        """Gives each subscriber, in one piece, what he may know of."""
        for reach, members in self.groups.items():
            within = [reach.covers(one.area, one.orgs) for one in news]
            shared = _joined(one for one, known in zip(news, within, strict=True) if known)
            beyond = [one for one, known in zip(news, within, strict=True) if not known and one.accounts]
            for member in members:
                own = _joined(one for one in beyond if member.account in one.accounts)
                if shared or own:
                    member.offer(shared + own)


def _joined(news: Iterable[News]) -> bytes:
    return b"".join(one.data for one in news)
