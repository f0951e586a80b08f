"""Which forms a case page offers to whom. The engine decides again; this only spares people refusals."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shanzhi.cases.who import Who
from shanzhi.desk import forms
from shanzhi.desk.sheet import Sheet
from shanzhi.orgs.queries import scope
from shanzhi.web import names
from shanzhi.web.forms import Sent

MERGERS = ("operator", "registrar", "dispatcher")


@dataclass
class Offer:
    """A form with its name, title and place on the page (`group`)."""

    name: str
    group: str
    title: str
    form: Sent
    danger: bool = False
    quick: bool = False


def form_of(sheet: Sheet, name: str, *args: Any) -> Sent:
    """The form with a name such as `move-accept`, bound when data are given."""
    kind, _dash, what = name.partition("-")
    initial = {"version": sheet.state["version"]}
    how: dict[str, Any] = {"prefix": name, "initial": initial}
    if kind == "move" and what in sheet.view.type.moves:
        move = sheet.view.type.moves[what]
        initial |= {field: sheet.state["data"].get(field) for field in move.fields}
        form = forms.MoveForm(*args, move=move, orgs=sheet.known.orgs, people=sheet.staff, **how)
        return _scored(form, sheet, name)
    if kind == "ask":
        return forms.AskForm(*args, kind=what, orgs=sheet.known.orgs, **how)
    if kind == "note":
        return forms.NoteForm(*args, colleagues=reverse("colleagues", args=[sheet.id]), **how)
    return PLAIN.get(kind, forms.Seen)(*args, **how)


def _scored(form: Sent, sheet: Sheet, name: str) -> Sent:
    """Its result, if it asks for one, is scored while somebody writes."""
    if "result" in form.fields:
        form.fields["result"].widget.attrs |= {
            "hx-post": reverse("reply", args=[sheet.id]),
            "hx-trigger": "input changed delay:700ms",
            "hx-target": f"#{name}-score",
        }
    return form


PLAIN: dict[str, type[forms.Seen]] = {
    "attach": forms.AttachForm,
    "look": forms.LookForm,
    "decide": forms.DecideForm,
    "task": forms.TaskForm,
    "supervise": forms.SuperviseForm,
    "merge": forms.MergeForm,
    "split": forms.SplitForm,
    "rate": forms.RateForm,
}


def offers(sheet: Sheet, bound: tuple[str, Sent] | None = None) -> list[Offer]:
    """All that the actor is offered now; a form that was sent and refused stands in for its fresh one."""
    found = []
    for name, group, title, danger in _names(sheet):
        form = bound[1] if bound and bound[0] == name else form_of(sheet, name)
        found.append(Offer(name, group, title, form, danger, not form.visible_fields()))
    return found


Named = tuple[str, str, str, bool]


def _names(sheet: Sheet) -> Iterator[Named]:
    yield from _moves(sheet)
    yield from _sides(sheet)
    yield from _talk(sheet)
    yield from _joins(sheet)


def _moves(sheet: Sheet) -> Iterator[Named]:
    moves = sheet.view.type.moves
    # what leads on comes first, what goes back or cannot be undone comes last
    for name in sorted(sheet.view.allowed, key=lambda n: (moves[n].danger, moves[n].bounce, moves[n].rework)):
        move = moves[name]
        yield f"move-{name}", "moves", names.titled(move.title), move.danger


def _sides(sheet: Sheet) -> Iterator[Named]:
    yield from _decisions(sheet)
    for task in sheet.view.state.tasks.values():
        if task.status == "open" and task.org in sheet.actor.orgs():
            yield f"task-{task.name}", "tasks", _("Report as done"), False
    if sheet.state["open"]:
        yield from _resting(sheet) if sheet.state["suspended_until"] else _asks(sheet)


def _decisions(sheet: Sheet) -> Iterator[Named]:
    """Nobody decides what he asked for himself."""
    approve: dict[str, str] = {kind: side.approve for kind, side in sheet.view.type.sides.items()}
    for request in sheet.view.state.requests.values():
        open_ = request.status == "asked" and request.kind in approve and request.asked_by != sheet.actor.ref
        if open_ and Who.parse(approve[request.kind]).admits(sheet.actor, sheet.view.state.party):
            yield f"decide-{request.name}", "requests", _("Decide"), False


def _resting(sheet: Sheet) -> Iterator[Named]:
    side = sheet.view.type.sides.get("suspend")
    if side and Who.parse(side.approve).admits(sheet.actor, sheet.view.state.party):
        yield "take_up", "moves", _("Take up again"), False


def _asks(sheet: Sheet) -> Iterator[Named]:
    for kind, side in sheet.view.type.sides.items():
        same = [r.status for r in sheet.view.state.requests.values() if r.kind == kind]
        spent = "asked" in same or same.count("approved") >= side.times
        if not spent and Who.parse(side.ask).admits(sheet.actor, sheet.view.state.party):
            yield (
                f"ask-{kind}",
                "asks",
                _("Ask for: %(what)s") % {"what": names.word(names.SIDE, kind)},
                False,
            )


def _talk(sheet: Sheet) -> Iterator[Named]:
    state, actor = sheet.view.state, sheet.actor
    yield "note", "talk", _("Write a note"), False
    yield "attach", "talk", _("Add files"), False
    area = state["area"]
    orgs = (state["org"], *state.party.helpers)
    if any(r.person for r in state.reporters.values()) and scope(actor, "case.view_personal").covers(
        area, orgs
    ):
        yield "look", "reporters", _("Show the contact"), False
    stage = sheet.view.type.states[state["state"]].stage
    if state["merged_into"] is None and (not state["open"] or stage in ("feedback", "verify", "evaluate")):
        if actor.has_any(("operator", "dispatcher"), area):
            yield "rate-call", "talk", _("Enter a follow-up call"), False
        if actor.has("evaluator", area):
            yield "rate-third_party", "talk", _("Evaluate"), False


def _joins(sheet: Sheet) -> Iterator[Named]:
    state, actor = sheet.view.state, sheet.actor
    merger = actor.has_any(MERGERS, state["area"])
    if state["open"] and Who.parse(sheet.view.type.supervise).admits(actor, state.party):
        yield "supervise", "talk", _("Supervise"), False
    if merger and state["merged_into"] is not None:
        yield "part", "joins", _("Undo the merge"), False
    elif merger:
        yield "merge", "joins", _("Merge into another case"), False
    if state["open"] and (merger or state["org"] in actor.orgs()):
        yield "split", "joins", _("Split"), False
