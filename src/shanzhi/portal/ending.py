"""How a case stands for those outside: closed is not solved, and a refusal says why and who is next. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shanzhi.base.errors import gettext_noop
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.state import State
from shanzhi.cases.telling import DONE, outcome
from shanzhi.journal.entry import Entry

# What each ending is called, and its colour: green only where somebody concerned said that it is solved.
ENDINGS = {
    "refused": (gettext_noop("Not taken up"), "warn"),
    "solved": (gettext_noop("Solved"), "good"),
    "unsolved": (gettext_noop("Closed, but not solved"), "bad"),
    "closed": (gettext_noop("Closed"), "plain"),
}


@dataclass(frozen=True, slots=True)
class Handing:
    """An office gave a case away (`returned`) or did not take it up (`refused`): why, and who has it next."""

    at: datetime
    what: str
    by: str
    reason: str
    to: str


def ending(type_: CaseType, state: str, is_open: bool, solved: Iterable[bool | None]) -> str:
    """How it ended, from what was said of it, the latest last; empty while it is open."""
    if is_open:
        return ""
    if not _after_work(type_, state):
        return "refused"
    said = [one for one in solved if one is not None]
    return ("solved" if said[-1] else "unsolved") if said else "closed"


def _after_work(type_: CaseType, state: str) -> bool:
    """Whether the state is reached from one in which somebody had said that it is done."""
    return any(
        move.to == state and any(type_.states[source].stage in DONE for source in move.source)
        for move in type_.moves.values()
    )


def handings(entries: Iterable[Entry], state: State, type_: CaseType) -> Iterator[Handing]:
    """Each time it was given away or not taken up, the oldest first; organisations by their keys."""
    owner = ""
    for entry in entries:
        changed: dict[str, Any] = entry.data.get("set", {})
        after = str(changed.get("org", owner))
        what = outcome(entry, state, type_)
        if what in ("returned", "refused"):
            facts = entry.data.get("facts", {})
            reason = str(facts.get("reason") or facts.get("decision") or "")
            yield Handing(entry.at, what, owner, reason, after if what == "returned" else "")
        owner = after
