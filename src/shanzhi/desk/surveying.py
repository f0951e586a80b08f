"""Third-party evaluation at the desk: auditors draw, evaluators look through their window and judge."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.clock import now
from shanzhi.base.errors import Problem
from shanzhi.base.ids import format_number
from shanzhi.base.shares import interval
from shanzhi.cases import types
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.queries import may_see, visible
from shanzhi.cases.who import window
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.desk.forms import RateForm
from shanzhi.desk.sheet import Sheet
from shanzhi.files.serve import answer
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import account_names, holders, scope
from shanzhi.places import queries as places
from shanzhi.surveys import actions, queries
from shanzhi.web import names
from shanzhi.web.forms import Sent, posted
from shanzhi.web.report import area_choices


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DrawForm(Sent):
    """A sample to draw."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    first = forms.DateField(label=gettext_lazy("Closed from"), widget=_date())
    last = forms.DateField(label=gettext_lazy("Closed until"), widget=_date())
    area = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    size = forms.IntegerField(
        label=gettext_lazy("How many cases"), min_value=1, max_value=actions.MOST, initial=30
    )
    evaluators = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Evaluators"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = account_names(holders("evaluator", places.county()))
        for name, choices in (
            ("area", [("", _("All")), *area_choices()[1:]]),
            (
                "type",
                [("", _("All")), *((t.type, names.titled(t.title)) for t in types.everything().values())],
            ),
            ("evaluators", [(str(k), v) for k, v in people.items()]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


def surveys(request: HttpRequest) -> HttpResponse:
    """The list; whoever may draw has the form below it."""
    actor = at_work(request)
    may_draw = bool(scope(actor, "audit.read"))
    day = timezone.localtime(now()).date()
    usual = {"first": day - timedelta(days=30), "last": day}
    form = DrawForm(posted(request), initial=usual) if may_draw else None
    if form is not None and request.method == "POST" and form.is_valid() and (drawn := _drawn(actor, form)):
        return redirect("survey", drawn)
    context = {"surveys": queries.surveys(actor), "form": form, "here": "surveys"}
    return render(request, "desk/surveys.html", context, status=422 if form and form.errors else 200)


def _drawn(actor: Actor, form: DrawForm) -> int:
    given = form.cleaned_data
    wanted = actions.Plan(*(given[name] for name in ("title", "first", "last", "size", "area", "type")))
    try:
        done = once(
            actor.ref,
            form.idempotency_key,
            form.mark("survey"),
            lambda: {"survey": actions.plan(actor, wanted, given["evaluators"]).pk},
        )
    except Problem as error:
        form.refuse(error)
        return 0
    return int(done["survey"])


def survey(request: HttpRequest, id_: int) -> HttpResponse:
    """What was drawn, how to draw it again, what is judged, and beside it what residents said."""
    actor = at_work(request)
    if request.method == "POST":
        actions.close(actor, id_)
        return redirect("survey", id_)
    found, picks = queries.survey(actor, id_)
    known, whole = queries.cases_of(picks), queries.reads(actor)
    people = account_names({pick.evaluator for pick in picks})
    context = {
        "survey": found,
        "rows": [_row(one, known[one.case], people) for one in picks if _may_know(actor, one, known)],
        "drawn": len(picks),
        "whole": whole,
        "mine": actor.account,
        "closes": found.drawn_by == actor.ref and found.closed_at is None,
        "area": names.area(found.area) if found.area else "",
        "result": _told(queries.result(picks)) if whole else None,
        "here": "surveys",
    }
    return render(request, "desk/survey.html", context)


def _may_know(actor: Actor, pick: Any, known: dict[UUID, Any]) -> bool:
    """A leader reads the result of the whole sample, but only those of its cases that he may see."""
    state = known.get(pick.case)
    return state is not None and (pick.evaluator == actor.account or may_see(actor, state))


def _row(pick: Any, state: Any, people: dict[int, str]) -> dict[str, Any]:
    return {
        "pick": pick,
        "number": format_number(state["number"]),
        "title": state["title"],
        "area": names.area(state["area"]),
        "evaluator": people.get(pick.evaluator, ""),
    }


def _told(result: queries.Result) -> list[dict[str, Any]]:
    """Shares with their intervals, third party and residents beside each other."""

    def share(value: tuple[int, int]) -> dict[str, Any] | None:
        n, of = value
        low, high = interval(n, of) if of else (0.0, 0.0)
        text = f"{n / of:.1%} ({low:.0%}–{high:.0%})" if of else "—"
        return {"n": n, "of": of, "text": text}

    return [
        {"title": _("Solved"), "third": share(result.third_solved), "said": share(result.said_solved)},
        {
            "title": _("Satisfied"),
            "third": share(result.third_satisfied),
            "said": share(result.said_satisfied),
        },
        {"title": _("Both say the same of solved or not"), "third": share(result.alike), "said": None},
    ]


def judging(request: HttpRequest, id_: int, pick: int) -> HttpResponse:
    """One case through the window: what was reported, what was done, and the evaluator's answers."""
    actor = at_work(request)
    view = queries.look(actor, id_, pick)
    form, status = RateForm(posted(request)), 200
    form.fields["words"].label = _("What you found")
    if request.method == "POST":
        problem = _judged(actor, id_, pick, form)
        if problem is None and not form.errors:
            messages.success(request, _("Done."))
            return redirect("survey", id_)
        status = problem.status if problem else 422
    sheet = Sheet.of(window(actor, view.state.id), view.state.id)
    sheet.base = request.path
    context = {"sheet": sheet, "form": form, "survey": id_, "here": "surveys"}
    return render(request, "desk/judging.html", context, status=status)


def _judged(actor: Actor, id_: int, number: int, form: RateForm) -> Problem | None:
    if not form.is_valid():
        return None
    given, said = form.cleaned_data, {"yes": True, "no": False}
    answers = Answers(
        said.get(given["contacted"]), said.get(given["solved"]), given["satisfied"], given["words"]
    )
    key, mark = form.idempotency_key, form.mark(f"survey:{id_}:{number}")
    try:
        once(actor.ref, key, mark, lambda: answered(actions.judge(actor, id_, number, answers)))
    except Problem as error:
        form.refuse(error)
        return error
    return None


def windowed_file(request: HttpRequest, id_: int, pick: int, file: UUID, name: str) -> HttpResponse:
    """A file of the case in the window."""
    actor = at_work(request)
    case = queries.look(actor, id_, pick).state.id
    request.actor = window(actor, case)  # type: ignore[attr-defined]
    return answer(request, file, name, visible)


urlpatterns = [
    path("desk/surveys", surveys, name="surveys"),
    path("desk/surveys/<int:id_>", survey, name="survey"),
    path("desk/surveys/<int:id_>/<int:pick>", judging, name="judging"),
    path("desk/surveys/<int:id_>/<int:pick>/files/<uuid:file>/<str:name>", windowed_file, name="windowed"),
]
