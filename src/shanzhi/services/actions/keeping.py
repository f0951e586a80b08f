"""Keeping applications in step with their cases: read from the journal, so that every door has the same effect."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shanzhi.base.crypto import hmac_sm3
from shanzhi.cases import queries as cases
from shanzhi.cases.state import State
from shanzhi.journal.entry import Entry
from shanzhi.orgs.queries import field_key
from shanzhi.services.actions import issuing
from shanzhi.services.item import Item
from shanzhi.services.models import Application, Document
from shanzhi.services.queries import catalogue

ENDED = {"granted": "granted", "declined": "declined", "rejected": "rejected", "withdrawn": "withdrawn"}


def keep(entries: Sequence[Entry]) -> None:
    """What moves did to applications, in the order of the entries; digesting one again changes nothing."""
    moves = [entry for entry in entries if entry.kind == "case.moved"]
    found = {one.case: one for one in Application.objects.filter(pk__in={entry.stream for entry in moves})}
    for entry in moves:
        if entry.stream in found:
            _kept(found[entry.stream], entry)


def _kept(application: Application, entry: Entry) -> None:
    facts = entry.data.get("facts", {})
    state, move = entry.data.get("set", {}).get("state", ""), facts.get("move", "")
    changed: dict[str, Any] = {}
    if state == "supplement":
        changed["supplement_at"] = entry.at
    elif state == "accepted" and application.accepted_at is None:
        changed["accepted_at"] = application.sent_at if move == "lapse" else entry.at
    elif state in ENDED:
        by = "machine" if move == "grant_at_once" else "person"
        changed |= {"verdict": ENDED[state], "decided_at": entry.at, "by": by}
        if state == "granted":
            changed |= _granted(application, entry, by)
    if changed:
        for name, value in changed.items():
            setattr(application, name, value)
        application.save(update_fields=list(changed))


def _granted(application: Application, entry: Entry, by: str) -> dict[str, Any]:
    """What a person grants has its document; of what the machine granted some are drawn for a person to look at."""
    item = catalogue.version(application.item, application.item_version)
    if by == "machine":
        return {"drawn_at": entry.at} if drawn(application.case, item) else {}
    if not Document.objects.filter(case=application.case).exists():
        state: State = cases.state_of(application.case)
        issuing.issue(state, item, entry.at, words=str(entry.data["facts"].get("result", "")))
    return {}


def drawn(case: UUID, item: Item) -> bool:
    """Whether an instant approval is drawn: by a keyed hash that nobody can foresee and anybody with the key check."""
    number = int.from_bytes(hmac_sm3(field_key("sample"), case.bytes)[:8])
    return number < item.checked * 2**64
