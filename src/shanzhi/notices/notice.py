"""A notice before it is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shanzhi.base.errors import gettext_noop

# What is said of each kind, whatever room it comes from.
WORDS = {
    "assigned": gettext_noop("Waits for you or your organisation"),
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
    "alarm": gettext_noop("Look at once: the words tell of suicide or a threat"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """That `account` should know of `entry`: `kind` says as what (`case.assigned`, `clock.warned`, …).

    `data` holds what the text needs (number, title, state), never personal data.
    """

    account: int
    entry: UUID
    kind: str
    at: datetime
    case: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)
