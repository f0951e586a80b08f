"""The work list of applications, and the page of one: the same findings that the applicant has read."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import NotFound, Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import actions as cases
from shanzhi.cases import queries as casequeries
from shanzhi.cases.queries import View
from shanzhi.cases.workflow import Inputs
from shanzhi.desk.access import at_work
from shanzhi.desk.services.conditions import conditions
from shanzhi.files import queries as files
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs
from shanzhi.residents import queries as residents
from shanzhi.residents.actions import facts as reading
from shanzhi.residents.queries.facts import today, types
from shanzhi.services.queries import applications, catalogue, pins
from shanzhi.services.queries.applications import Opened
from shanzhi.services.review import Review
from shanzhi.web import names, pictures
from shanzhi.web.facts import finding, told
from shanzhi.web.forms import Sent
from shanzhi.web.names import titled

PAGE = 50
WORDS = {"ask": "reason", "reject": "reason", "decline": "reason", "grant": "result"}


class DecideForm(Sent):
    """A move of the clerk; `words` is the reason or the result that it needs."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("In words, for the applicant"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        required=False,
    )


def work(request: HttpRequest) -> HttpResponse:
    """What waits at one's offices, the longest waiting first; what was decided."""
    actor = at_work(request)
    tab = "done" if request.GET.get("tab") == "done" else "open"
    text = request.GET.get("page", "1")
    number = max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    found = applications.work(actor, tab=tab, offset=(number - 1) * PAGE, limit=PAGE + 1)
    known = catalogue.current()
    rows = [
        {**row, "name": titled(known[row["item"]].name) if row["item"] in known else row["item"]}
        for row in found[:PAGE]
    ]
    cases_ = casequeries.states_of([row["case"] for row in rows])
    for row in rows:
        state = cases_[row["case"]]
        row |= {
            "number": format_number(state["number"]),
            "state": state["state"],
            "due": state["due_at"],
            "late": any(clock.breached_at for clock in state.clocks.values() if clock.name == "promised"),
            "area": names.area(row["area"]),
        }
    context = {
        "rows": rows, "tab": tab, "before": number - 1, "after": number + 1 if len(found) > PAGE else 0,
        "manages_services": applications.manages(actor), "counter": applications.at_counter(actor), "here": "work",
    }  # fmt: skip
    return render(request, "desk/services/list.html", context)


@never_cache
def application(request: HttpRequest, case: UUID) -> HttpResponse:
    """One application: facts with their sources, the rule's checklist, materials, and what may be done."""
    actor = at_work(request)
    found = applications.opened(actor, case)
    if not casequeries.works_on(actor, found.state):
        raise NotFound()
    bound: tuple[str, DecideForm] | None = None
    status = 200
    if request.method == "POST":
        move = request.POST.get("move", "")
        form = DecideForm(request.POST, prefix=move)
        problem = _decided(actor, found, move, form)
        if problem is None and form.is_valid():
            messages.success(request, _("Done."))
            return redirect("work_application", case)
        bound, status = (move, form), problem.status if problem else 422
    reading.read_for(actor, found.application.person, list(found.facts), purpose="decide", case=case)
    context = _context(actor, found, bound) | {"newer": pins.in_force(found, today())}
    return render(request, "desk/services/application.html", context, status=status)


def _decided(actor: Actor, found: Opened, move: str, form: DecideForm) -> Problem | None:
    if not form.is_valid():
        return None
    words = form.cleaned_data["words"]
    given = {WORDS[move]: words} if move in WORDS else {}

    def work() -> dict[str, str]:
        cases.move(actor, found.state.id, move, inputs=Inputs(**given), seen=form.cleaned_data["version"])
        return {"case": str(found.state.id)}

    try:
        once(f"{actor.ref}:{found.state.id}", form.idempotency_key, form.mark(move), work)
    except Problem as error:
        form.refuse(error, {"reason": "words", "result": "words"})
        return error
    return None


def _context(actor: Actor, found: Opened, bound: tuple[str, DecideForm] | None) -> dict[str, Any]:
    state, one = found.state, found.application
    view = casequeries.view(actor, state.id)
    review = applications.reviewed(found)
    titles = {each.key: each.name for each in found.item.materials}
    findings = [finding(each, titles) for each in review.findings]
    return {
        "one": one,
        "state": state,
        "name": titled(found.item.name),
        "number": format_number(state["number"]),
        "state_title": titled(view.type.states[state["state"]].title),
        "person": residents.masked([one.person]).get(one.person),
        "agent": residents.masked([one.agent]).get(one.agent) if one.agent else None,
        "facts": [told(key, fact) for key, fact in found.facts.items()],
        "findings": findings,
        "checklist": conditions(applications.checklist(found), types()),
        "verdict": review.verdict,
        **_papers(found, review),
        "moves": _moves(view, findings, bound),
        "document": found.document,
        "org": orgs().get(state["org"], state["org"]),
        "clocks": _clocks(view),
        "here": "work",
    }


def _moves(
    view: View, findings: list[dict[str, Any]], bound: tuple[str, DecideForm] | None
) -> list[dict[str, Any]]:
    """What may be decided, each with its form; what is missing is written into the question already."""
    asked = "\n".join(
        f"{n}. {each['title'] + '：' if each['title'] else ''}{each['remedy'] or each['reason']}"
        for n, each in enumerate((e for e in findings if e["what"] != "condition"), 1)
    )
    moves = []
    for name in view.allowed:
        form = bound[1] if bound and bound[0] == name else None
        if form is None:
            initial = {"version": view.state["version"], "words": asked if name == "ask" else ""}
            form = DecideForm(prefix=name, initial=initial)
        if name not in WORDS:
            del form.fields["words"]
        move = view.type.moves[name]
        moves.append({"name": name, "title": titled(move.title), "form": form, "danger": move.danger})
    return moves


def _clocks(view: View) -> list[dict[str, Any]]:
    """The clocks that the type declares, with their ends."""
    return [
        {
            "title": titled(view.type.clocks[clock.name].title),
            "due": clock.due or clock.breached_at,
            "late": clock.breached_at,
        }
        for clock in view.state.clocks.values()
        if clock.name in view.type.clocks and (clock.due or clock.breached_at)
    ]


def _papers(found: Opened, review: Review) -> dict[str, Any]:
    """The papers, each with its pictures and what was found in them; and the files that nobody was asked to read."""
    looked = applications.looked(found)
    shown = {key: pictures.looked(one) for key, one in looked.items()}
    read = {picture["file"] for one in shown.values() for picture in one["pictures"]}
    kept = [one for one in files.of_cases([found.state.id])[found.state.id] if one.pk not in read]
    return {
        "needs": [{"need": need, "looked": shown.get(need.material.key)} for need in review.needs],
        "files": [{"id": one.pk, "name": one.name, "key": _key(found.application, one.pk)} for one in kept],
    }


def _key(one: Any, file: UUID) -> str:
    return next((key for key, id_ in one.materials.items() if id_ == str(file)), "")
