"""What a desk or a wall is told of a case the moment it changes: enough for its row, in both languages."""

from collections.abc import Iterator, Sequence

import orjson

from shanzhi.base.ids import format_number
from shanzhi.cases import queries, types
from shanzhi.cases.state import State
from shanzhi.journal.entry import Entry
from shanzhi.orgs.queries import orgs
from shanzhi.web.hub import News


def news(entries: Sequence[Entry]) -> list[News]:
    """One piece for each case that these entries changed, as it stands now."""
    last = {entry.stream: entry for entry in entries if entry.kind.startswith("case.")}
    states = queries.states_of(list(last))
    return [_news(states[stream], entry) for stream, entry in last.items() if stream in states]


def _news(state: State, entry: Entry) -> News:
    party = state.party
    accounts = {*party.reporters, *([party.person] if party.person is not None else [])}
    data = b"event: case\ndata: " + orjson.dumps(told(state, entry)) + b"\n\n"
    return News(data, party.area, frozenset({party.org, *_orgs(state)}), frozenset(accounts))


def _orgs(state: State) -> Iterator[str]:
    return (task.org for task in state.tasks.values())


def told(state: State, entry: Entry) -> dict[str, object]:
    """The fields of the event `case`."""
    type_ = types.version(state["type"], state["type_version"])
    title = type_.states[state["state"]].title
    return {
        "id": str(state.id),
        "number": format_number(state["number"]),
        "title": state["title"],
        "version": state["version"],
        "seq": entry.seq,
        "kind": entry.kind,
        "by": entry.actor,
        "at": entry.at,
        "open": state["open"],
        "state": {"zh": title.zh, "en": title.en},
        "org": orgs().get(state["org"], state["org"]),
        "due": state["due_at"],
        "new": entry.kind == "case.opened",
    }
