"""Whistles (吹哨报到): blowing one, who has mustered, what each has done, how the street rates it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.clock import now
from shanzhi.base.errors import Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import actions as cases
from shanzhi.cases.evaluation import rates_tasks
from shanzhi.cases.state import State
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.desk.sheet import lamp_of
from shanzhi.hotline.actions import whistling
from shanzhi.hotline.queries import whistles as queries
from shanzhi.hotline.queries.whistles import Department
from shanzhi.hotline.words import WHISTLES
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs
from shanzhi.web import names
from shanzhi.web.forms import Sent, posted


class BlowForm(Sent):
    """A whistle: where, which, for what; departments of the list, all of them unless some are chosen."""

    area = forms.ChoiceField(label=gettext_lazy("Street"))
    whistle = forms.ChoiceField(label=gettext_lazy("Whistle"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("What is it about?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5_000
    )
    address = forms.CharField(label=gettext_lazy("Where do they muster?"), max_length=500, required=False)

    def __init__(self, *args: Any, areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [(a, names.area(a)) for a in areas]  # type: ignore[attr-defined]
        kinds = [(k, f"{names.word(WHISTLES, k)}：{_listed(k)}") for k in whistling.kinds()]
        self.fields["whistle"].choices = kinds  # type: ignore[attr-defined]


def _listed(whistle: str) -> str:
    """Whom the list names for a whistle now, and how soon."""
    said = whistling.table(whistle, now()).outputs
    known = orgs()
    who = "、".join(known.get(org, org) for org in said.get("departments", ()))
    return f"{who}（{said.get('muster', '')}）"


class AnswerForm(Sent):
    """A department's word: that it is there, or what it has done."""

    task = forms.CharField(widget=forms.HiddenInput, max_length=20)
    result = forms.CharField(
        label=gettext_lazy("In words"), widget=forms.Textarea(attrs={"rows": 2}), max_length=5_000
    )


class StarsForm(Sent):
    """The street's rating of a department."""

    task = forms.CharField(widget=forms.HiddenInput, max_length=20)
    stars = forms.TypedChoiceField(
        label=gettext_lazy("Rating (1 to 5)"),
        coerce=int,
        choices=[(str(n), "★" * n) for n in range(5, 0, -1)],
    )
    words = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=1_000)


def whistles(request: HttpRequest) -> HttpResponse:
    """The whistles one may see, and the form for whoever may blow one."""
    actor = at_work(request)
    areas = whistling.streets(actor)
    sent = posted(request)
    form = BlowForm(sent, areas=areas) if areas and whistling.kinds() else None
    status = 200
    if form is not None and request.method == "POST":
        case = _blown(actor, form)
        if case:
            return redirect("whistle", case)
        status = 422
    at = now()
    context = {
        "open": [_card(state, at) for state in queries.listed(actor)],
        "ended": [_card(state, at) for state in queries.listed(actor, open_=False, limit=20)],
        "form": form,
        "here": "hotline",
    }
    return render(request, "desk/hotline/whistles.html", context, status=status)


def _blown(actor: Actor, form: BlowForm) -> str:
    if not form.is_valid():
        return ""
    given = form.cleaned_data

    def work() -> dict[str, Any]:
        state = whistling.blow(
            actor, given["area"], given["whistle"], given["text"], address=given["address"]
        )
        return {"case": str(state.id)}

    try:
        return str(once(actor.ref, form.idempotency_key, form.mark("whistle"), work)["case"])
    except Problem as error:
        form.refuse(error)
        return ""


def _card(state: State, at: Any) -> dict[str, Any]:
    found = list(queries.departments(state, at))
    return {
        "id": state.id,
        "number": format_number(state["number"]),
        "title": state["title"],
        "area": names.area(state["area"]),
        "whistle": names.word(WHISTLES, state["data"].get("whistle", "")),
        "opened_at": state["opened_at"],
        "called": len(found),
        "there": sum(one.stage != "called" for one in found),
        "done": sum(one.stage == "done" for one in found),
        "late": sum(one.late for one in found),
    }


def whistle(request: HttpRequest, id_: UUID) -> HttpResponse:
    """One whistle: a row for each department with its clock; forms for who owes and for who rates."""
    actor = at_work(request)
    status = 200
    bound: tuple[str, Sent] | None = None
    if request.method == "POST":
        bound, problem = _done(actor, id_, request)
        if problem is None and not bound[1].errors:
            messages.success(request, _("Done."))
            return redirect("whistle", id_)
        status = problem.status if problem else 422
    view = queries.one(actor, id_)
    state = view.state
    owns = rates_tasks(view.type, state, actor)
    rows = [_department(actor, one, owns, bound) for one in queries.departments(state, now())]
    context = {
        "view": view,
        "card": _card(state, now()),
        "state": state,
        "state_title": names.titled(view.type.states[state["state"]].title),
        "rows": rows,
        "unrated": sum(one["rates"] for one in rows),
        "here": "hotline",
    }
    return render(request, "desk/hotline/whistle.html", context, status=status)


def _department(actor: Actor, one: Department, owns: bool, bound: tuple[str, Sent] | None) -> dict[str, Any]:
    task = one.current
    owes = task is not None and task.org in actor.orgs()
    rates = owns and one.act is not None and one.act.status == "done" and one.rating is None
    name = task.name if task and owes else one.act.name if one.act and rates else ""
    form: Sent | None = None
    if name:
        kind = AnswerForm if owes else StarsForm
        form = bound[1] if bound and bound[0] == name else kind(prefix=name, initial={"task": name})
    return {
        "one": one,
        "name": names.names([]).org(one.org),
        "owes": owes,
        "musters": owes and task is not None and task.kind == "muster",
        "rates": rates,
        "form": form,
        "task": name,
        "lamp": lamp_of(one.clock) if one.clock and one.clock.status == "running" else "",
        "stage": STAGES[one.stage],
    }


STAGES = {
    "called": gettext_lazy("Called"),
    "mustered": gettext_lazy("Has mustered"),
    "done": gettext_lazy("Has acted"),
}


def _done(actor: Actor, case: UUID, request: HttpRequest) -> tuple[tuple[str, Sent], Problem | None]:
    """Does what a department's or the street's form says, once."""
    name, what = request.POST.get("task", ""), request.POST.get("form", "")
    form: Sent = (StarsForm if what == "rate" else AnswerForm)(request.POST, prefix=name)
    if not form.is_valid():
        return (name, form), None
    given = form.cleaned_data

    def work() -> dict[str, Any]:
        if what == "rate":
            return answered(whistling.rate(actor, case, name, given["stars"], words=given["words"]))
        return answered(cases.finish_task(actor, case, name, result=given["result"]))

    try:
        once(actor.ref, form.idempotency_key, form.mark(f"whistle:{case}:{what}:{name}"), work)
    except Problem as error:
        form.refuse(error)
        return (name, form), error
    return (name, form), None
