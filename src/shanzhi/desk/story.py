"""The timeline of a case in sentences for those who work on it: names, not ids."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import gettext_noop
from shanzhi.cases.casetype import CaseType
from shanzhi.desk.mentioning import linked
from shanzhi.journal.entry import Entry
from shanzhi.web import names
from shanzhi.web.names import Names
from shanzhi.web.rooms import installed

WHAT = {
    "case.opened": gettext_noop("Reported"),
    "case.noted": gettext_noop("Note"),
    "case.attached": gettext_noop("Files added"),
    "case.task_done": gettext_noop("Help finished"),
    "case.supervised": gettext_noop("Supervised"),
    "case.taken_up": gettext_noop("Taken up again"),
    "case.joined": gettext_noop("One more person reported it"),
    "case.merged": gettext_noop("Merged"),
    "case.parted": gettext_noop("Merge undone"),
    "case.split": gettext_noop("Split"),
    "case.rated": gettext_noop("Rated"),
    "case.called": gettext_noop("Called the reporter"),
    "case.promised": gettext_noop("Limit set by another platform"),
    "case.looked": gettext_noop("Looked at contact data"),
    "case.migrated": gettext_noop("Moved to a newer version of its type"),
    "case.amended": gettext_noop("Changed while it runs: other rules, or something added"),
    "case.clock": gettext_noop("Clock"),
    "case.asked": gettext_noop("Asked for a special procedure"),
    "case.decided": gettext_noop("Decided about a special procedure"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened; `words` are (label, text)."""

    at: datetime
    who: str
    what: str
    words: tuple[tuple[str, str], ...]
    kind: str


def people(entries: Iterable[Entry]) -> Iterator[Any]:
    """Everybody the lines will name."""
    for entry in entries:
        yield entry.actor
        yield entry.data.get("set", {}).get("person")
        for name in ("together", "leaves"):
            yield from entry.data.get("facts", {}).get(name, ())


def lines(entries: Iterable[Entry], type_: CaseType, known: Names, reporters: Collection[int]) -> list[Line]:
    """The lines, newest first; reporters stay without their names."""
    refs = {f"account:{one}" for one in reporters}
    found = [
        _line(entry, type_, known, _("The reporter") if entry.actor in refs else known.actor(entry.actor))
        for entry in entries
    ]
    return found[::-1]


def _line(entry: Entry, type_: CaseType, known: Names, who: str) -> Line:
    facts = entry.data.get("facts", {})
    words = (
        *_text(facts), *_fields(facts, type_), *_owner(entry, known), *_special(entry, type_, known), *_rests(facts),
    )  # fmt: skip
    if entry.kind == "case.moved" and facts.get("why"):
        together = "、".join(known.person(one) for one in facts.get("together", ()))
        words = (
            *words,
            *(((_("Together with"), together),) if together else ()),
            *_chosen(facts["why"]),
        )
    return Line(entry.at, who, _what(entry, facts, type_), words, entry.kind)


def _chosen(why: Any) -> Iterator[tuple[str, str]]:
    """Why the dispatch has chosen this person, in the words that it keeps."""
    if installed("dispatch"):
        from shanzhi.dispatch.saying import said

        yield _("Why"), said(why)


def _missed(agreed: dict[str, Any]) -> str:
    """That nobody came at the time agreed."""
    if not installed("dispatch"):
        return names.word(WHAT, "case.amended")
    from shanzhi.dispatch.keeping import MISSED

    return str(_(MISSED) % agreed)


def _what(entry: Entry, facts: dict[str, Any], type_: CaseType) -> str:
    match entry.kind:
        case "case.amended" if facts.get("missed"):
            return _missed(facts["missed"])
        case "case.amended" if facts.get("leaves"):
            return _("Who goes there was changed")
        case "case.moved":
            move = type_.moves.get(facts.get("move", ""))
            return names.titled(move.title) if move else str(facts.get("move", ""))
        case "case.asked":
            return _("Asked for: %(what)s") % {"what": names.word(names.SIDE, facts.get("asked", ""))}
        case "case.decided":
            verdict = _("granted") if facts.get("granted") else _("refused")
            return f"{names.word(names.SIDE, facts.get('decided', ''))}: {verdict}"
        case "case.clock":
            return _("Overdue") if facts.get("breached") else _("Time is running out")
        case "case.supervised":
            return _(names.LEVEL[facts.get("level", 0)])
    return names.word(WHAT, entry.kind)


def _text(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    labels = {
        "reason": _("Reason"),
        "result": _("Result"),
        "words": _("Words"),
        "decision": _("Decision"),
    }
    for name, label in labels.items():
        if facts.get(name):
            text = str(facts[name])
            yield (
                label,
                linked(text, facts["mentions"]) if name == "words" and facts.get("mentions") else text,
            )


def _fields(facts: dict[str, Any], type_: CaseType) -> list[tuple[str, str]]:
    """What a move has written into the form of the case."""
    move = type_.moves.get(facts.get("move", ""))
    form = {name: spec for name, spec in move.fields.items() if name in type_.form} if move else {}
    return names.filled(form, facts.get("fields") or {})


def _owner(entry: Entry, known: Names) -> Iterator[tuple[str, str]]:
    changed = entry.data.get("set", {})
    if "org" in changed and entry.kind != "case.opened":
        yield _("Now with"), known.org(changed["org"])
    if changed.get("person") is not None:
        yield _("Person"), known.person(changed["person"])
    if leaves := entry.data.get("facts", {}).get("leaves"):
        yield _("Need not go there any more"), "、".join(known.person(one) for one in leaves)


def _special(entry: Entry, type_: CaseType, known: Names) -> Iterator[tuple[str, str]]:
    facts, changed = entry.data.get("facts", {}), entry.data.get("set", {})
    state = type_.states.get(changed.get("state", ""))
    if state is not None and entry.kind in ("case.moved", "case.decided", "case.migrated"):
        yield _("Now"), names.titled(state.title)
    for task in entry.data.get("tasks", {}).values():
        if task.get("status") == "open":
            yield _("Asked to help"), known.org(task["org"])
    if entry.kind == "case.task_done":
        yield _("By"), known.org(facts.get("org", ""))
    if entry.kind == "case.noted" and facts.get("public") and not facts.get("by_reporter"):
        yield _("For"), _("the reporters too")  # who wrote one of theirs stands above it
    if entry.kind == "case.clock":
        clocks = [names.titled(type_.clocks[c].title) for c in facts.get("lamps", {}) if c in type_.clocks]
        yield _("Clock"), "、".join(clocks)
    if entry.kind == "case.opened" and facts.get("why"):
        yield from _why(facts["why"])


def _rests(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """An interval that does not count: until the time that the resident wished."""
    found = facts.get("rests")
    if not found:
        return
    since, until = (datetime.fromisoformat(found[name]).astimezone(BEIJING) for name in ("since", "until"))
    longer = _("; longer or more often is not allowed") if found.get("capped") else ""
    if until <= since:
        yield _("Clock"), _("counts") + longer
    else:
        said = _("does not count until %(at)s: a later time was the resident's wish")
        yield _("Clock"), said % {"at": f"{until:%m-%d %H:%M}"} + longer


def _why(why: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The rules that were asked, and what they rest on."""
    for found in why.values():
        basis = "；".join(found.get("basis", ()))
        yield _("By the rule"), " ".join(one for one in (names.rule(found.get("rule", "")), basis) if one)
