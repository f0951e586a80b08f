"""What follows from what happens to cases: those concerned are told, its words are kept for the search."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import lru_cache

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.cases import search, types
from shanzhi.cases.queries import states_of
from shanzhi.cases.state import State
from shanzhi.cases.telling import Audience, audiences
from shanzhi.cases.ticker import TICKERS
from shanzhi.cases.writing import letters
from shanzhi.journal.entry import Entry
from shanzhi.journal.follow import Reader
from shanzhi.notices.actions import tell, write_to
from shanzhi.notices.notice import Message
from shanzhi.orgs.queries import holders, people_of
from shanzhi.packs.queries import version

NEWS = timedelta(days=7)


def notify(entries: Sequence[Entry]) -> None:
    """Puts a notice into the inbox of everybody concerned; the one who did it is not told of it.

    What an import brings of years ago is no news.
    """
    recent = now() - NEWS
    ours = [entry for entry in entries if entry.kind.startswith("case.") and entry.at > recent]
    states = states_of(list({entry.stream for entry in ours}))
    known = [(entry, states[entry.stream]) for entry in ours if entry.stream in states]
    tell([message for entry, state in known for message in _messages(entry, state)])
    write_to(letters(known))


def _messages(entry: Entry, state: State) -> Iterator[Message]:
    type_ = types.version(state["type"], state["type_version"])
    data = {
        "number": format_number(state["number"]),
        "title": state["title"],
        "facts": entry.data.get("facts", {}),
    }
    for audience in audiences(entry, state, type_):
        for account in _accounts(audience, state["area"]):
            if f"account:{account}" != entry.actor:
                yield Message(account, entry.id, f"case.{audience.kind}", entry.at, entry.stream, data)


def _accounts(audience: Audience, area: str) -> Sequence[int]:
    if audience.org:
        return _people(audience.org, version("accounts"))
    if audience.role:
        return _holders(audience.role, area, version("accounts"))
    return audience.accounts


@lru_cache(maxsize=1000)
def _people(org: str, _: int) -> tuple[int, ...]:
    return tuple(people_of(org))


@lru_cache(maxsize=10_000)
def _holders(role: str, area: str, _: int) -> tuple[int, ...]:
    return tuple(holders(role, area))


READERS = [Reader("notices", notify), Reader("search", search.keep)]
__all__ = ["READERS", "TICKERS"]
