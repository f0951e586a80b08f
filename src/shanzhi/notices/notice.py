"""A notice before it is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


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
