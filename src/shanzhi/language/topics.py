"""Topics: messages of the same matter at the same place put together, and how hot each topic is. Pure.

A new message joins the topic of the message it is most like, if that likeness reaches JOIN, else it begins one. Topics
grow one message at a time and are never taken apart, so that what somebody saw on Tuesday is still there on Wednesday.

Heat index = freshness × spread × (1 + growth): each report of the period counts by 0.5^(days since ÷ 7), spread is
people ÷ reports (at most 1), growth the share of both periods by which the period brought more than the one before
(not below 0).
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from shanzhi.language.similar import Index, kept, near

JOIN = 0.8
HALF_LIFE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Message:
    """What topics are made of; `who` is anything that tells people apart (never shown), `place` an area code."""

    id: Hashable
    title: str
    text: str
    place: str
    at: datetime
    who: Hashable = None


@dataclass(slots=True)
class Groups:
    """Topics that grow: the topic of each message, and the messages of each topic."""

    index: Index = field(default_factory=Index)
    topic: dict[Hashable, int] = field(default_factory=dict)
    members: dict[int, list[Hashable]] = field(default_factory=dict)

    def add(self, one: Message, join: float = JOIN) -> int:
        """Puts a message into the topic of the one it is most like, or into a new one."""
        item = kept(one.title, one.text, one.place, one.at)
        found = near(item, self.index, least=join, most=1, leave=one.id)
        topic = self.topic[found[0].id] if found else len(self.members)
        self.index.add(one.id, item)
        self.topic[one.id] = topic
        self.members.setdefault(topic, []).append(one.id)
        return topic


def grouped(messages: Iterable[Message], join: float = JOIN) -> Groups:
    """The topics of messages, in the order of time."""
    groups = Groups()
    for one in sorted(messages, key=lambda m: m.at):
        groups.add(one, join)
    return groups


@dataclass(frozen=True, slots=True)
class Report:
    """When a message came, and from whom (keys that tell people apart)."""

    at: datetime
    people: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Heat:
    """How hot a topic is, with the parts its index is made of."""

    fresh: float
    reports: int
    people: int
    before: int

    @property
    def spread(self) -> float:
        """People for each report: one person who calls ten times is one person."""
        return min(1.0, self.people / self.reports) if self.reports else 0.0

    @property
    def growth(self) -> float:
        """Between -1 and 1: how many more than in the period before, as a share of both."""
        both = self.reports + self.before
        return (self.reports - self.before) / both if both else 0.0

    @property
    def index(self) -> float:
        return self.fresh * self.spread * (1 + max(0.0, self.growth))


def heat(reports: Iterable[Report], *, before: int, at: datetime) -> Heat:
    """Of the reports of a period that ends at `at`; `before` is how many came in the period before."""
    found = list(reports)
    days = [max(0.0, (at - one.at).total_seconds() / 86_400) for one in found]
    fresh = sum(0.5 ** (n / HALF_LIFE_DAYS) for n in days)
    people = frozenset[str]().union(*(one.people for one in found))
    nameless = sum(not one.people for one in found)
    return Heat(fresh, len(found), len(people) + nameless, before)
