"""The same move for several cases: each is moved by itself, and each says how it went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shanzhi.base.clock import now
from shanzhi.base.errors import Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import queries, types, workflow
from shanzhi.cases.casetype import Move
from shanzhi.cases.state import State
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered, move
from shanzhi.desk.forms import MoveForm
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs
from shanzhi.web import names
from shanzhi.web.forms import ManyFiles, posted
from shanzhi.web.problems import said

MOST = 100
SINGLE = ("person", "photo_after", "files")  # what belongs to one case and is not said of many


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went with one case; no error means done."""

    id: UUID
    number: str
    title: str
    error: str = ""


def bulk(request: HttpRequest) -> HttpResponse:
    """The chosen cases, the moves that all of them allow, the form of one, and then what came of it."""
    actor = at_work(request)
    given = request.POST if request.method == "POST" else request.GET
    states = chosen(actor, given.getlist("case"))
    moves = common(states, actor)
    name = given.get("move", "")
    form = None
    outcomes: list[Outcome] = []
    if name in moves:
        data = posted(request)
        form = bulk_form(moves[name], data)
        if data is not None and form.is_valid():
            outcomes = list(done(actor, states, name, form))
    context = {
        "cases": [_told(state) for state in states],
        "moves": [
            (code, names.titled(one.title), one.danger)
            for code, one in sorted(
                moves.items(), key=lambda move: (move[1].danger, move[1].bounce, move[1].rework)
            )
        ],
        "move": name if form else "",
        "form": form,
        "title": names.titled(moves[name].title) if form else "",
        "outcomes": outcomes,
        "failed": sum(bool(one.error) for one in outcomes),
        "succeeded": sum(not one.error for one in outcomes),
        "others": urlencode([("case", state.id) for state in states]),
        "here": "desk",
    }
    return render(request, "desk/bulk.html", context, status=422 if form and form.errors else 200)


def chosen(actor: Actor, ids: Sequence[str]) -> list[State]:
    """The chosen cases that the actor may see, at most 100, in the order in which they were chosen."""
    known = [one for one in (_uuid(text) for text in ids) if one][:MOST]
    states = queries.states_of(list(dict.fromkeys(known)))
    return [
        state for id_ in dict.fromkeys(known) if (state := states.get(id_)) and queries.may_see(actor, state)
    ]


def common(states: Sequence[State], actor: Actor) -> dict[str, Move]:
    """The moves that each of the cases allows its actor now, and that need nothing that differs between them."""
    at = now()
    found = []
    for state in states:
        type_ = types.version(state["type"], state["type_version"])
        allowed = workflow.allowed(type_, state, actor, at)
        found.append(
            {name: type_.moves[name] for name in allowed if not set(type_.moves[name].needs) & set(SINGLE)}
        )
    if not found:
        return {}
    shared = reduce(lambda names_, moves: names_ & moves.keys(), found[1:], set(found[0]))
    return {
        name: one for name, one in found[0].items() if name in shared and all(m[name] == one for m in found)
    }


def bulk_form(move_: Move, data: object) -> MoveForm:
    form = MoveForm(data, move=move_, orgs=orgs(), people={})
    for name in [n for n, field in form.fields.items() if n in SINGLE or isinstance(field, ManyFiles)]:
        del form.fields[name]
    return form


def done(actor: Actor, states: Sequence[State], name: str, form: MoveForm) -> Iterator[Outcome]:
    """Moves each case in a transaction of its own, once under the form's key however often it is sent."""
    given = {key: value for key, value in form.cleaned_data.items() if key != "version"}
    for state in states:
        key = f"{form.idempotency_key}:{state.id}"[:100] if form.idempotency_key else ""
        number, title = format_number(state["number"]), state["title"]
        try:
            with transaction.atomic():
                once(
                    actor.ref, key, form.mark(f"{state.id}:bulk:{name}"),
                    lambda state=state: answered(move(actor, state.id, name, given)),  # type: ignore[misc]
                )  # fmt: skip
            yield Outcome(state.id, number, title)
        except Problem as error:
            yield Outcome(state.id, number, title, said(error.message, error.facts))


def _told(state: State) -> dict[str, object]:
    type_ = types.version(state["type"], state["type_version"])
    return {
        "id": state.id,
        "number": format_number(state["number"]),
        "title": state["title"],
        "state": names.titled(type_.states[state["state"]].title),
        "area": names.area(state["area"]),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
