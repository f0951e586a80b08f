"""Text messages to reporters without an account, who left a number and agreed: about their own report only."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.timezone import localtime

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.cases import links, types
from shanzhi.cases.state import Reporter, State
from shanzhi.cases.telling import audiences, promised, purpose
from shanzhi.journal.entry import Entry
from shanzhi.notices.notice import Letter
from shanzhi.notices.queries import after_night, written_since
from shanzhi.orgs.queries import orgs
from shanzhi.residents.queries import agreed

KINDS = ("accepted", "refused", "returned", "extended", "answered", "missed")
MOST_A_DAY = 10  # for one person: whoever gives a number that is not his own does not fill it
WORDS = 80


def letters(known: Sequence[tuple[Entry, State]]) -> list[Letter]:
    """The letters that follow from entries, for those who agreed; three statements however many there are."""
    meant = [found for entry, state in known for found in _meant(entry, state)]
    if not meant:
        return []
    asked = {(UUID(str(r.person)), _purpose(r, state)) for _, _, state, r in meant}
    willing = agreed(asked)
    people = {f"person:{person}" for person, _ in willing}
    counted = written_since(people, now() - timedelta(days=1)) if people else {}
    names = orgs({state["org"] for _, _, state, _ in meant}) if willing else {}
    return [
        _letter(kind, entry, state, reporter, names)
        for kind, entry, state, reporter in meant
        if (UUID(str(reporter.person)), _purpose(reporter, state)) in willing
        and counted.get(f"person:{reporter.person}", 0) < MOST_A_DAY
    ]


def _meant(entry: Entry, state: State) -> Iterator[tuple[str, Entry, State, Reporter]]:
    for audience in audiences(entry, state, types.version(state["type"], state["type_version"])):
        if audience.kind in KINDS:
            yield from ((audience.kind, entry, state, state.reporters[name]) for name in audience.letters)


def _purpose(reporter: Reporter, state: State) -> str:
    """Whoever came with a merged report agreed for that one, and hears of the answer to both."""
    return purpose(reporter.origin or state.id)


def _letter(kind: str, entry: Entry, state: State, reporter: Reporter, names: dict[str, str]) -> Letter:
    facts, due = entry.data.get("facts", {}), promised(state)
    data: dict[str, Any] = {
        "number": format_number(state["number"]),
        "title": str(state["title"])[:WORDS],
        "reason": str(facts.get("reason") or facts.get("decision") or "")[:WORDS],
        "org": names.get(state["org"], ""),
        "due": f"{localtime(due):%Y-%m-%d %H:%M}" if due else "",
    }
    secret = {
        "purpose": _purpose(reporter, state),
        "link": f"{settings.URL}{links.path(state.id, reporter.name)}",
    }
    return Letter(
        "sms",
        f"person:{reporter.person}",
        entry.id,
        f"reporter.{kind}",
        after_night(now()),
        secret,
        state.id,
        data,
    )
