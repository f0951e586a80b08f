"""What other systems are told of an entry: what happened to which case, and nothing of anybody's person. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from shanzhi.journal.entry import Entry

NEWS = timedelta(days=7)
SET = ("number", "type", "state", "open", "category", "urgency", "area", "org", "opened_at", "closed_at", "due_at",
       "version", "channel", "external", "level", "public")  # fmt: skip
FACTS = ("move", "from", "to", "asked", "decided", "granted", "rated", "breached", "clock")


def wants(kinds: Sequence[str], entry: Entry, at: datetime) -> bool:
    """All kinds of entries about cases, unless some are named; nothing that is older than a week."""
    return entry.kind.startswith("case.") and (not kinds or entry.kind in kinds) and entry.at > at - NEWS


def payload(entry: Entry) -> dict[str, Any]:
    """The case, what happened when, and those columns that changed and say nothing about a person."""
    changed, facts = entry.data.get("set", {}), entry.data.get("facts", {})
    return {
        "case": str(entry.stream),
        "entry": str(entry.id),
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "set": {name: changed[name] for name in SET if name in changed},
        "facts": {name: facts[name] for name in FACTS if name in facts},
    }
