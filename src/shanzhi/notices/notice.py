"""A notice before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shanzhi.base.errors import gettext_noop

# What is said of each kind, whatever room it comes from.
WORDS = {
    "assigned": gettext_noop("Waits for you or your organisation"),
    "spared": gettext_noop("You need not go there any more"),
    "unlisted": gettext_noop("No longer on the list of regular visits: the record says so"),
    "helping": gettext_noop("Your organisation is asked to help"),
    "answered": gettext_noop("Answered"),
    "asked": gettext_noop("Something is asked for and waits for a decision"),
    "decided": gettext_noop("Decided"),
    "warned": gettext_noop("Time is running out"),
    "breached": gettext_noop("Overdue"),
    "supervised": gettext_noop("Supervised"),
    "noted": gettext_noop("A note was written"),
    "joined": gettext_noop("One more person reported it"),
    "taken_up": gettext_noop("Taken up again"),
    "task_done": gettext_noop("Help finished"),
    "rework": gettext_noop("Not solved, to be done again"),
    "mentioned": gettext_noop("You are mentioned in a note"),
    "accepted": gettext_noop("Accepted"),
    "refused": gettext_noop("Not taken up"),
    "returned": gettext_noop("Sent back, another office will take it"),
    "extended": gettext_noop("The promised time was moved"),
    "supplement": gettext_noop("Something is missing: please add it"),
    "repinned": gettext_noop("New rules apply to your application: something is asked now"),
    "granted": gettext_noop("Granted"),
    "declined": gettext_noop("Not granted"),
    "alarm": gettext_noop("Look at once: the words tell of suicide or a threat"),
    "missed": gettext_noop("Nobody came at the time agreed: another has to be agreed"),
}
# Of these, what those hear who reported it; all else is the work of the house.
REPORTED = ("accepted", "refused", "returned", "extended", "answered", "noted", "missed")
# What is said of what happens at a place that somebody follows.
PLACE = {
    "opened": gettext_noop("New near a place you follow"),
    "refused": gettext_noop("Not taken up near a place you follow"),
    "answered": gettext_noop("Answered near a place you follow"),
    "closed": gettext_noop("Closed near a place you follow"),
}
# What those without an account are written: about their own report, and about places they follow; and codes.
LETTERS = {
    "reporter.accepted": WORDS["accepted"],
    "reporter.refused": WORDS["refused"],
    "reporter.returned": WORDS["returned"],
    "reporter.extended": WORDS["extended"],
    "reporter.missed": WORDS["missed"],
    "reporter.answered": gettext_noop("Answered: please say whether it is solved"),
    "service.found": gettext_noop("You may have a right to this: it is filled in already"),
    "place.confirm": gettext_noop("Please confirm"),
    "account.confirm": gettext_noop("Is this your address?"),
    "place.news": gettext_noop("News from a place you follow"),
}
KINDS = frozenset({f"case.{kind}" for kind in WORDS} | set(LETTERS))


def words(kind: str) -> str:
    """What is said of a kind, in English; the kind itself when nobody has said."""
    room, _, last = kind.rpartition(".")
    return LETTERS.get(kind) or (PLACE if room == "place" else WORDS).get(last) or kind


@dataclass(frozen=True, slots=True)
class Message:
    """That `account` should know of `entry`: `kind` says as what (`case.assigned`, `clock.warned`, …).

    `data` holds what the text needs (number, title, state), never personal data. What is for the `inbox_only`
    goes nowhere else.
    """

    account: int
    entry: UUID
    kind: str
    at: datetime
    case: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)
    inbox_only: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to somebody who needs no account: `recipient` is `person:…`, `place:…` or `proof:…`.

    `secret` is kept encrypted and only until it is sent: an address, links that open something. `data` holds
    what else the text needs, never personal data. `not_before` is when it may leave at the earliest.
    """

    channel: str
    recipient: str
    entry: UUID
    kind: str
    not_before: datetime
    secret: Mapping[str, str]
    case: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)
