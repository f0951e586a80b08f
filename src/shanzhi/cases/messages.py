"""What accounts are told of an entry: whom it concerns, as a message for each."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from shanzhi.base.ids import format_number
from shanzhi.cases import types
from shanzhi.cases.state import State
from shanzhi.cases.telling import Audience, audiences
from shanzhi.journal.entry import Entry
from shanzhi.notices.notice import Message
from shanzhi.orgs.queries import holders, people_of
from shanzhi.packs.queries import version


def messages(entry: Entry, state: State) -> Iterator[Message]:
    """A message for each account concerned; the one who did it is not told of it."""
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
