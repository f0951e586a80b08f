"""What is given to a rule (已知事实): values with where they come from and how far they can be trusted.

A fact that is not given, is None, or is no longer valid on the day asked about, is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

GUESSED, DECLARED, SHOWN, HELD, PROVEN = range(5)
"""Trust (可信度) 0–4: guessed; declared by whoever applies, or read by a machine from a text or picture; declared
with evidence that a person has seen; held in our own record or another department's data; proven by an
authoritative register or a signed licence."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed value with its source. `until` is the first day on which it is no longer valid."""

    value: Any
    trust: int = DECLARED
    source: str = ""
    until: date | None = None

    def on(self, day: date) -> "Fact | None":
        """The fact as of a day; None where its value is unknown then."""
        gone = self.until is not None and day >= self.until
        return None if gone or self.value is None else self


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a group (a household, its homes, …), each with facts of its own.

    `complete` is false while it is not known that there are no others; `trust` is that of the list itself.
    """

    rows: tuple[Mapping[str, Any], ...] = ()
    complete: bool = True
    trust: int = DECLARED
    source: str = ""


Given = Mapping[str, Any]
"""Facts by name: a `Fact`, a plain typed value (then it is declared), or `Members` under the name of a group."""


def settled(given: Given, day: date) -> dict[str, Fact | Members]:
    """The facts that are known on a day, plain values as declared ones."""
    found: dict[str, Fact | Members] = {}
    for name, value in given.items():
        if isinstance(value, Members):
            found[name] = value
        elif (fact := (value if isinstance(value, Fact) else Fact(value)).on(day)) is not None:
            found[name] = fact
    return found
