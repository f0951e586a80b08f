"""Samples of handled cases for a second person to look at, and the hours of training."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import NotFound, Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.desk.performance.sheets import frame
from shanzhi.desk.tables import complain, table_of
from shanzhi.insight import contesting, people
from shanzhi.insight.periods import Period
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import account_names, scope
from shanzhi.orgs.staffing import led
from shanzhi.places import queries as places
from shanzhi.places.history import today
from shanzhi.web import names
from shanzhi.web.forms import Sent

CHECKERS = ("street_leader", "registrar", "dispatcher")


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class DrawForm(Sent):
    """A sample to draw."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    first = _date(gettext_lazy("Reported from"))
    last = _date(gettext_lazy("Reported until"))
    area = forms.ChoiceField(label=gettext_lazy("Place"))
    size = forms.IntegerField(
        label=gettext_lazy("How many cases"), min_value=1, max_value=contesting.MOST, initial=20
    )
    checkers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who looks at them"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", _("A period ends after it begins"))
        return given


class TrainingForm(Sent):
    file = forms.FileField(
        label=gettext_lazy("Table (CSV)"),
        help_text=gettext_lazy("Columns: username, day, hours, title. All of it is taken or nothing."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class JudgeForm(Sent):
    good = forms.ChoiceField(
        label=gettext_lazy("Was it handled well?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("What you found"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
    )


def samples(request: HttpRequest) -> HttpResponse:
    """What was drawn, what one has to look at, and for who leads people: drawing, and training."""
    actor = at_work(request)
    draws = bool(scope(actor, "figures.view"))
    do = request.POST.get("do", "")
    bound: Sent | None = None
    status = 200
    if request.method == "POST":
        bound = _filled(request, actor, do, draws)
        problem = _done(request, actor, do, bound)
        if problem is None and not bound.errors:
            return redirect("samples")
        status = problem.status if problem else 422
    context = frame(request, actor, "samples") | {
        "samples": [_sample(actor, one, do, bound) for one in people.samples(actor)],
        "forms": [
            ("draw", _("Draw a sample"), bound if do == "draw" and bound else _draw_form(actor)),
            (
                "training",
                _("Training"),
                bound if do == "training" and bound else TrainingForm(prefix="training"),
            ),
        ]
        if draws
        else [],
        "open_form": do,
    }
    return render(request, "desk/performance/samples.html", context, status=status)


def _filled(request: HttpRequest, actor: Actor, do: str, draws: bool) -> Sent:
    if do == "draw" and draws:
        return _draw_form(actor, request.POST)
    if do == "training" and draws:
        return TrainingForm(request.POST, request.FILES, prefix="training")
    if do.startswith("p") and do[1:].isascii() and do[1:].isdecimal() and len(do) < 15:
        return JudgeForm(request.POST, prefix=do)
    raise NotFound()


def _draw_form(actor: Actor, *args: Any) -> DrawForm:
    day = today()
    form = DrawForm(*args, prefix="draw", initial={"first": day.replace(day=1), "last": day})
    reach, county = scope(actor, "figures.view"), places.county()
    found = [(county, names.area(county))] if reach.covers(county) else []
    found += [(one.code, one.name) for one in places.children(county) if reach.covers(one.code)]
    people_ = led(reach, CHECKERS)
    form.fields["area"].choices = found  # type: ignore[attr-defined]
    form.fields["checkers"].choices = [(str(k), v) for k, v in people_.items()]  # type: ignore[attr-defined]
    return form


def _done(request: HttpRequest, actor: Actor, do: str, form: Sent) -> Problem | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    if do == "training":
        _trained(request, actor, form)
        return None

    def work() -> object:
        if do == "draw":
            plan = contesting.Plan(
                given["title"], Period(given["first"], given["last"]), given["area"], given["size"]
            )
            return contesting.draw_sample(actor, plan, given["checkers"])
        return contesting.judge(actor, int(do[1:]), good=given["good"] == "yes", words=given["words"])

    try:
        once(actor.ref, form.idempotency_key, form.mark(f"sample:{do}"), lambda: answered(work()))
    except NotFound:
        raise
    except Problem as error:
        form.refuse(error)
        return error
    messages.success(request, _("Done."))
    return None


def _trained(request: HttpRequest, actor: Actor, form: Sent) -> None:
    text = table_of(form)
    if text is None:
        return
    found = contesting.take_training(actor, text)
    complain(form, found.faults)
    if not found.faults:
        messages.success(request, _("%(n)s rows were taken over.") % {"n": found.n})


def _sample(actor: Actor, found: dict[str, Any], do: str, bound: Sent | None) -> dict[str, Any]:
    """A sample with its cases: whoever looks at one has the form, the one who drew sees what was found."""
    picks = found["picks"]
    rows = {row["id"]: row for row in cases.of_ids(actor, [one.case for one in picks])}
    people_ = account_names({one.checker for one in picks})
    lines = []
    for one in picks:
        row, name = rows.get(one.case), f"p{one.pk}"
        mine = one.checker == actor.account and one.judged_at is None and row is not None
        form = (bound if do == name else JudgeForm(prefix=name)) if mine else None
        lines.append(
            {
                "one": one,
                "row": row,
                "no": format_number(row["number"]) if row else "",
                "checker": people_.get(one.checker, ""),
                "form": form,
                "name": name,
            }
        )
    return {
        "sample": found["sample"],
        "lines": lines,
        "judged": sum(one.judged_at is not None for one in picks),
    }
