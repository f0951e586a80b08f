"""What other rooms know against what a form says (a day on which nobody works): they put their checks here when they
start. A check is asked when a case is opened, and when a move writes into its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shanzhi.base.errors import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Said:
    """What a form is to say from a moment on: of which type, and which organisation has it or will be proposed."""

    type: str
    data: Mapping[str, Any]
    org: str
    at: datetime


Check = Callable[[Said], list[FieldError]]
CHECKS: list[Check] = []


def check(said: Said) -> None:
    """Raises Invalid with all that any room has against it."""
    if errors := [error for ask in CHECKS for error in ask(said)]:
        raise Invalid(errors=errors)
