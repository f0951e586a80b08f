"""What the API takes and gives for cases."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field

from shanzhi.base.ids import format_number
from shanzhi.cases.queries import View
from shanzhi.cases.state import State, plain
from shanzhi.cases.who import reports
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.entry import Entry
from shanzhi.orgs.actor import Actor


class Strict(BaseModel):
    """Input: unknown fields are refused, so that a slip is told and not lost."""

    model_config = ConfigDict(extra="forbid")


class MoveIn(Strict):
    """What a move is given; which of it is needed the type says."""

    move: str = Field(max_length=40)
    version: int | None = Field(None, description="The version of the case that you have seen")
    reason: str = Field("", max_length=5_000)
    result: str = Field("", max_length=20_000)
    org: str = Field("", max_length=64)
    person: int | None = Field(None, ge=1, le=2**62)
    helpers: list[str] = Field([], max_length=20)
    photo_after: list[UUID] = Field([], max_length=20)
    files: list[UUID] = Field([], max_length=20)
    fields: dict[str, Any] = {}

    def inputs(self) -> Inputs:
        return Inputs(
            reason=self.reason,
            result=self.result,
            org=self.org,
            person=self.person,
            helpers=tuple(self.helpers),
            photo_after=tuple(self.photo_after),
            files=tuple(self.files),
            fields=self.fields,
        )


class NoteIn(Strict):
    words: str = Field(max_length=5_000)
    public: bool = False


class AttachIn(Strict):
    files: list[UUID] = Field(min_length=1, max_length=20)
    phase: Literal["before", "after", "other"] = "before"


class RateIn(Strict):
    contacted: bool | None = None
    solved: bool | None = None
    satisfied: int | None = Field(None, ge=1, le=5)
    words: str = Field("", max_length=2_000)
    source: Literal["reporter", "call", "third_party"] = "reporter"


class AskIn(Strict):
    kind: Literal["extend", "suspend", "send_back", "void", "consult"]
    reason: str = Field(max_length=5_000)
    until: datetime | None = None
    hours: int | None = Field(None, ge=1, le=10_000)
    orgs: list[str] = Field([], max_length=20)
    version: int | None = None


class DecideIn(Strict):
    granted: bool
    decision: str = Field("", max_length=5_000)


class TaskIn(Strict):
    result: str = Field(max_length=20_000)


class SuperviseIn(Strict):
    level: int = Field(ge=1, le=4)
    words: str = Field("", max_length=5_000)


class MergeIn(Strict):
    into: UUID


class LookIn(Strict):
    reason: str = Field(min_length=2, max_length=500)


class SplitIn(Strict):
    parts: list[str] = Field(min_length=2, max_length=20)


class CaseOut(Schema):
    """A case in a list, and the head of a case page."""

    id: UUID
    number: str
    type: str
    state: str
    open: bool
    title: str
    category: str
    urgency: str
    area: str
    address: str
    org: str
    person: int | None
    channel: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    level: int
    lon: float | None
    lat: float | None


class Page(Schema):
    items: list[CaseOut]
    next: str | None = None


class ViewOut(Schema):
    """A case with everything on its page."""

    case: dict[str, Any]
    allowed: list[dict[str, Any]]
    clocks: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    reporters: int
    ratings: list[dict[str, Any]]
    timeline: list[dict[str, Any]]
    children: list[dict[str, Any]]
    duplicates: list[dict[str, Any]]


def brief(state: State) -> dict[str, Any]:
    """A case as every write answers it: what it is now."""
    names = (
        "type",
        "state",
        "open",
        "version",
        "title",
        "org",
        "person",
        "due_at",
        "closed_at",
        "merged_into",
    )
    return {
        "id": str(state.id),
        "number": format_number(state["number"]),
        **{n: plain(state[n]) for n in names},
    }


def row(values: dict[str, Any]) -> dict[str, Any]:
    """A row of a list, with its number as people read it."""
    return {**values, "number": format_number(values["number"])}


def view_out(view: View, actor: Actor) -> dict[str, Any]:
    """The case page as JSON; a reporter sees no internal notes."""
    state, moves = view.state, view.type.moves
    outside = reports(actor, state.party)
    return {
        "case": {"id": str(state.id), **plain(state.columns), "number": format_number(state["number"])},
        "allowed": [
            {
                "move": n,
                "title": moves[n].title.model_dump(),
                "needs": moves[n].needs,
                "takes": moves[n].takes,
            }
            for n in view.allowed
        ],
        "clocks": [plain(clock) for clock in state.clocks.values()],
        "tasks": [plain(task) for task in state.tasks.values()],
        "requests": [plain(request) for request in state.requests.values()],
        "reporters": sum(r.active for r in state.reporters.values()),
        "ratings": [plain(rating) for rating in state.ratings.values()],
        "timeline": [line(entry) for entry in view.timeline if shown(entry, outside)],
        "children": [row(c) for c in view.children],
        "duplicates": [row(d) for d in view.duplicates],
    }


def shown(entry: Entry, outside: bool) -> bool:
    """Whether an entry is for reporters too: everything but internal notes and looks at personal data."""
    if not outside:
        return True
    if entry.kind == "case.noted":
        return bool(entry.data.get("facts", {}).get("public"))
    return entry.kind not in ("case.looked", "case.clock", "case.called", "case.promised")


def line(entry: Entry) -> dict[str, Any]:
    """An entry of the timeline: what people want to know of it."""
    facts = entry.data.get("facts", {})
    return {"seq": entry.seq, "kind": entry.kind, "at": plain(entry.at), "actor": entry.actor, "facts": facts}
