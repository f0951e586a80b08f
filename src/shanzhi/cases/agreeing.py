"""What other rooms know against what a form says (a day on which nobody works), and what follows from it for the clocks
(an interval that does not count): they put their checks and rests here when they start. A check is asked when a case is
opened, and when a move writes into its form; a rest at each move that writes into the form or starts a clock."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shanzhi.base.clock import Calendar
from shanzhi.base.errors import FieldError, Invalid
from shanzhi.base.value import dataclass
from shanzhi.cases.clocks import Clock
from shanzhi.cases.who import Party
from shanzhi.orgs.actor import Actor


@dataclass(frozen=True, slots=True)
class Said:
    """What a form is to say from a moment on: of which type, and which organisation has it or will be proposed."""

    type: str
    data: Mapping[str, Any]
    org: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wished:
    """A case as it is after a move: who wrote into its form (None: the move only started clocks), and its clocks."""

    case: UUID
    type: str
    data: Mapping[str, Any]
    by: Actor | None
    party: Party
    clocks: Mapping[str, Clock]
    began: frozenset[str]
    at: datetime
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Rest:
    """Clocks as an interval that does not count makes them, and what is told of it in the entry."""

    clocks: Mapping[str, Clock]
    facts: Mapping[str, Any]


Check = Callable[[Said], list[FieldError]]
CHECKS: list[Check] = []
Rests = Callable[[Wished], Rest | None]
RESTS: list[Rests] = []


def check(said: Said) -> None:
    """Raises Invalid with all that any room has against it."""
    if errors := [error for ask in CHECKS for error in ask(said)]:
        raise Invalid(errors=errors)


def rests(wished: Wished) -> list[Rest]:
    """What any room says does not count."""
    return [found for ask in RESTS if (found := ask(wished)) is not None]
