"""What applicants do after sending: add what was missing, take it back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.orgs.actor import Actor


def supply(actor: Actor, case: UUID, *, files: Sequence[UUID], at: datetime | None = None) -> State:
    """Adds what was asked for: the clocks run on. Raises Invalid without anything, Denied, Conflict."""
    if not files:
        raise Invalid(errors=[FieldError("files", gettext_noop("Choose the file that was missing"))])
    return cases.move(actor, case, "supply", inputs=Inputs(files=tuple(files)), at=at)


def withdraw(actor: Actor, case: UUID, *, at: datetime | None = None) -> State:
    """Takes the application back, while it is not decided."""
    return cases.move(actor, case, "withdraw", at=at)
