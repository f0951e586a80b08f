"""Words that raise a person at once (轻生、威胁): found in reports, notes and transcripts, told, never passed over."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from shanzhi.base.clock import now
from shanzhi.base.errors import NotFound
from shanzhi.base.ids import format_number
from shanzhi.cases.queries import states_of
from shanzhi.hotline.queries.settings import setting
from shanzhi.journal.entry import Entry
from shanzhi.notices.actions import tell
from shanzhi.notices.notice import Message
from shanzhi.orgs.queries import holders
from shanzhi.rules.queries import rule

KINDS = ("case.opened", "case.noted", "case.moved", "case.rated", "case.called")
NEWS = timedelta(days=7)


def found(text: str) -> frozenset[str]:
    """The alarming values whose words are in a text, by the rule of the pack; none without a rule."""
    known = setting().alarm
    try:
        fact = rule(known.rule).spec.facts.get(known.fact)
    except NotFound:
        return frozenset()
    return fact.seen_in(text) & set(known.values) if fact is not None else frozenset()


def tell_people(entries: Sequence[Entry]) -> None:
    """A notice to every operator and dispatcher of the place: `hotline.alarm`, once for each entry."""
    told = [(entry, values) for entry in entries if (values := found("\n".join(_words(entry))))]
    states = states_of(list({entry.stream for entry, _ in told}))
    messages = []
    for entry, values in told:
        state = states.get(entry.stream)
        if state is None or entry.at < now() - NEWS:
            continue
        data = {"number": format_number(state["number"]), "title": state["title"], "values": sorted(values)}
        accounts = {a for role in setting().alarm.roles for a in holders(role, state["area"])}
        messages += [
            Message(account, entry.id, "hotline.alarm", entry.at, state.id, data)
            for account in sorted(accounts)
        ]
    tell(messages)


def _words(entry: Entry) -> Iterator[str]:
    """What somebody said in an entry."""
    changed, facts = entry.data.get("set", {}), entry.data.get("facts", {})
    yield from (str(changed[name]) for name in ("title", "text") if changed.get(name))
    yield from (str(facts[name]) for name in ("words", "reason", "result") if facts.get(name))
    for rating in entry.data.get("ratings", {}).values():
        yield str(rating.get("words") or "")
