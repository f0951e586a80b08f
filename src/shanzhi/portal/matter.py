"""A case as its reporter reads it: plain words, no names of persons, what he can do next."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.base.errors import gettext_noop
from shanzhi.base.ids import format_number
from shanzhi.base.masking import masked
from shanzhi.cases import types
from shanzhi.cases.queries import View, rated
from shanzhi.cases.schemas import shown
from shanzhi.cases.state import State
from shanzhi.cases.telling import promised, purpose
from shanzhi.files import queries as files
from shanzhi.journal.entry import Entry
from shanzhi.orgs import queries as orgs
from shanzhi.orgs.actor import Actor
from shanzhi.portal.ending import ENDINGS, ending, handings
from shanzhi.portal.forms import MoveForm, NoteForm, RatingForm
from shanzhi.residents.queries import has_consent
from shanzhi.web import names
from shanzhi.web.forms import Sent

STAGES = {
    "report": gettext_noop("Received"),
    "register": gettext_noop("Accepted"),
    "dispatch": gettext_noop("Given to those responsible"),
    "handle": gettext_noop("Being handled"),
    "verify": gettext_noop("Checked on the spot"),
    "feedback": gettext_noop("Answered"),
    "evaluate": gettext_noop("Answered: your word"),
    "ended": gettext_noop("Closed"),
}
MISSED = gettext_noop(
    "It was %(day)s, %(since)s–%(until)s. We are sorry: please choose another time, or call the hotline 12345."
)
REASONS_SHOWN = ("refuse", "void")


@dataclass(frozen=True, slots=True)
class Said:
    """Something that happened, for the reporter: when, what, in whose words."""

    at: datetime
    what: str
    words: str = ""
    ours: bool = False


@dataclass
class Matter:
    """Everything on the page of a report. `bound` is the form that was sent and could not be done."""

    view: View
    actor: Actor
    here: str
    name: str = ""
    bound: Sent | None = None
    stages: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.stages = list(self._stages())

    @property
    def state(self) -> Any:
        return self.view.state.columns

    @property
    def number(self) -> str:
        return format_number(self.state["number"])

    @cached_property
    def first(self) -> bool:
        """Whether the asker is the one whose words the case holds; "me too" makes somebody another reporter."""
        if self.actor.kind == "anonymous":
            return self.actor.name == "r1"
        first = self.view.state.reporters.get("r1")
        return first is not None and first.account is not None and first.account == self.actor.account

    @property
    def title(self) -> str:
        return str(self.state["title"]) if self.first else masked(self.state["title"])

    @property
    def text(self) -> str:
        """What was reported; others than the reporter do not read how to reach him."""
        return str(self.state["text"]) if self.first else masked(self.state["text"])

    @property
    def filled(self) -> list[tuple[str, str]]:
        """What the form says besides, such as the time agreed; for the one who filled it in."""
        return names.filled(self.view.type.form, self.state["data"]) if self.first else []

    @property
    def address(self) -> str:
        return str(self.state["address"]) if self.first else ""

    def _wrote(self, entry: Entry) -> bool:
        """Whether the asker himself wrote a note; of a note by an unknown link, only a sole reporter did."""
        if self.actor.kind != "anonymous":
            return entry.actor == self.actor.ref
        given = entry.data.get("facts", {}).get("reporter")
        sole = len(self.view.state.reporters) == 1
        return entry.actor == "anonymous" and (given == self.actor.name if given else sole)

    @property
    def state_title(self) -> str:
        return names.titled(self.view.type.states[self.state["state"]].title)

    @property
    def type_title(self) -> str:
        return names.titled(self.view.type.title)

    @property
    def category(self) -> str:
        return names.category(self.state["category"])

    @property
    def area(self) -> str:
        return names.area(self.state["area"])

    @cached_property
    def org(self) -> str:
        key = str(self.state["org"])
        return orgs.orgs([key]).get(key, key)

    @property
    def promised(self) -> datetime | None:
        """By when it is to be done: the end of the handling, as far as it is known."""
        return promised(self.view.state)

    @property
    def late(self) -> bool:
        return bool(self.state["open"] and self.promised and self.promised < now())

    @property
    def secret(self) -> str:
        """The code to write down; only whoever came with the link has one."""
        return self.here.rsplit("/", 1)[-1] if self.here.startswith("/track/") else ""

    @cached_property
    def ending(self) -> str:
        """How it ended, by what those concerned said; empty while it is open."""
        said = sorted(self.view.state.ratings.values(), key=lambda r: r.at)
        return ending(self.view.type, self.state["state"], self.state["open"], [r.solved for r in said])

    @property
    def badge(self) -> tuple[str, str]:
        """The word and the colour of how it stands: closed is not yet solved."""
        word, colour = ENDINGS.get(self.ending, ("", ""))
        return (_(word) if self.ending in ("solved", "unsolved") else self.state_title), colour

    @cached_property
    def handings(self) -> list[dict[str, Any]]:
        """Who gave it away or did not take it up, why, and who has it next."""
        found = list(handings(self.view.timeline, self.view.state, self.view.type))
        known = orgs.orgs({key for one in found for key in (one.by, one.to) if key}) if found else {}
        return [
            {
                "at": g.at,
                "what": g.what,
                "by": known.get(g.by, ""),
                "to": known.get(g.to, ""),
                "reason": g.reason,
            }
            for g in found
        ]

    def _stages(self) -> Iterator[dict[str, Any]]:
        """The stages of the type in their order, which of them are reached, and which is now."""
        has = {s.stage for s in self.view.type.states.values()}
        order = [stage for stage in STAGES if stage in has]
        now_in = self.view.type.states[self.state["state"]].stage
        current = order.index(now_in)
        for index, stage in enumerate(order):
            yield {
                "title": _(STAGES[stage]),
                "done": index < current and not self.refused,
                "now": index == current,
            }

    @property
    def refused(self) -> bool:
        """Ended without ever having been handled."""
        return self.ending == "refused" and not self.merged

    @property
    def merged(self) -> bool:
        return self.state["merged_into"] is not None

    @cached_property
    def said(self) -> list[Said]:
        """What happened, newest first."""
        return [s for e in reversed(self.view.timeline) if shown(e, True) for s in self._line(e)]

    @property
    def changes(self) -> list[Said]:
        """What has happened since the version that a refused form has seen."""
        seen = (
            self.bound.cleaned_data.get("version") if self.bound is not None and self.bound.is_bound else None
        )
        late = [e for e in self.view.timeline if e.data.get("set", {}).get("version", 0) > (seen or 0)]
        return [s for e in late if seen and shown(e, True) for s in self._line(e)]

    def _line(self, entry: Entry) -> Iterator[Said]:
        facts = entry.data.get("facts", {})
        if facts.get("missed"):
            yield Said(entry.at, _("We did not come at the time agreed"), _(MISSED) % facts["missed"])
        match entry.kind:
            case "case.opened":
                yield Said(entry.at, _("Received"))
            case "case.moved":
                yield Said(entry.at, self._moved(entry), self._words(facts))
            case "case.noted":
                yield from self._noted(entry, facts)
            case "case.rated":
                yield Said(entry.at, _("Rated"))
            case "case.merged":
                yield Said(entry.at, _("Joined with another report of the same matter"))
            case "case.decided" if "state" in entry.data.get("set", {}):
                yield Said(entry.at, self._moved(entry), str(facts.get("decision", "")))

    def _noted(self, entry: Entry, facts: dict[str, Any]) -> Iterator[Said]:
        """What other reporters say is between them and us."""
        ours = bool(facts.get("by_reporter"))
        if not ours or self._wrote(entry):
            yield Said(entry.at, _("You wrote") if ours else _("We wrote"), facts["words"], ours)

    def _moved(self, entry: Entry) -> str:
        move = self.view.type.moves.get(entry.data.get("facts", {}).get("move", ""))
        if move is not None and self._wrote(entry):
            return _("You: %(what)s") % {"what": names.titled(move.title)}
        code = entry.data.get("set", {}).get("state", "")
        found = self.view.type.states.get(code)
        return names.titled(found.title, code) if found else code

    def _words(self, facts: dict[str, Any]) -> str:
        """A result is for the reporter; a reason only where it is one for him."""
        move = self.view.type.moves.get(facts.get("move", ""))
        agreed = names.filled(move.fields, facts.get("fields") or {}) if move is not None else []
        if agreed and set(move.fields if move else ()) <= set(self.view.type.form):
            return " · ".join(text for _label, text in agreed)
        for_him = move is not None and (move.rework or not self.view.type.states[move.to].open)
        return str(facts.get("result") or (facts.get("reason") if for_him else "") or "")

    @cached_property
    def photos(self) -> dict[str, list[dict[str, str]]]:
        """Public copies of what was sent, by phase."""
        found: dict[str, list[dict[str, str]]] = {}
        if not (self.first or self.state["public"]):
            return found
        base = self.here if self.here.startswith("/track/") else ""
        for file in files.of_cases([self.view.state.id])[self.view.state.id]:
            if file.public_sha256:
                address = f"{base}/files/{file.pk}"
                alt = _("Photo afterwards") if file.kind == "after" else _("Photo of the report")
                one = {"url": f"{address}/public", "thumbnail": f"{address}/thumbnail", "alt": alt}
                found.setdefault("after" if file.kind == "after" else "before", []).append(one)
        return found

    @cached_property
    def moves(self) -> list[dict[str, Any]]:
        """The moves he may make that lead on, each with its form; what needs no reason first."""
        return sorted((one for one in self._moves if not one["stays"]), key=lambda move: bool(move["reason"]))

    @property
    def changing(self) -> list[dict[str, Any]]:
        """What he may change without its going on, such as the time agreed."""
        return [one for one in self._moves if one["stays"]]

    @cached_property
    def _moves(self) -> list[dict[str, Any]]:
        return [self._move(name) for name in self.view.allowed]

    def _move(self, name: str) -> dict[str, Any]:
        move = self.view.type.moves[name]
        form: Sent = MoveForm(
            prefix=name,
            move=move,
            initial={"version": self.state["version"]} | {n: self.state["data"].get(n) for n in move.fields},
        )
        if self.bound is not None and self.name == name:
            form = self.bound
            form.retype("version", str(self.state["version"]))
        return {
            "name": name,
            "title": names.titled(move.title),
            "form": form,
            "reason": "reason" in move.needs,
            "stays": move.to == self.state["state"],
        }

    @property
    def note(self) -> Sent:
        return self.bound if self.bound is not None and self.name == "note" else NoteForm(prefix="note")

    @property
    def rating(self) -> Sent | None:
        """The rating form once it has been answered; None before."""
        if self.bound is not None and self.name == "rating":
            return self.bound
        stage = self.view.type.states[self.state["state"]].stage
        answered = not self.state["open"] or stage in ("feedback", "verify", "evaluate")
        return RatingForm(prefix="rating") if answered and not self.merged and not self.refused else None

    @property
    def rated(self) -> bool:
        return any(r.source == "reporter" for r in self.view.state.ratings.values())

    @property
    def silence(self) -> Sent | None:
        """The form that ends text messages about this report; None where there are none."""
        found = texts(self.view.state, self.actor)
        return Sent(prefix="silence") if found and has_consent(*found) else None

    @property
    def homeless(self) -> Sent | None:
        """A form that was sent but has no place on the page any more, with what was typed."""
        known = {"note", "rating", "silence", *self.view.allowed}
        return self.bound if self.bound is not None and self.name not in known else None


def texts(state: State, actor: Actor) -> tuple[UUID, str] | None:
    """Whose consent to which text messages it is that a holder of a secret link may take back."""
    reporter = state.reporters.get(actor.name) if actor.kind == "anonymous" else None
    if reporter is None or reporter.person is None:
        return None
    return UUID(str(reporter.person)), purpose(reporter.origin or state.id)


def rows(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a list with words for codes."""
    said = rated([one["id"] for one in found if not one["open"]])
    return [_row(one, [r["solved"] for r in said.get(one["id"], [])]) for one in found]


def _row(one: dict[str, Any], solved: list[bool | None]) -> dict[str, Any]:
    type_ = types.version(one["type"], one["type_version"])
    title = state_title(one["type"], one["type_version"], one["state"])
    end = ending(type_, one["state"], one["open"], solved)
    return {
        **one,
        "number": format_number(one["number"]),
        "badge": _(ENDINGS[end][0]) if end in ("solved", "unsolved") else title,
        "colour": ENDINGS[end][1] if end else "",
        "category_title": names.category(one["category"]),
    }


def state_title(type_: str, version: int, state: str) -> str:
    return names.titled(types.version(type_, version).states[state].title, state)
