"""Call-backs (回访): the list of whom to call, and the page of one call."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied, Problem
from shanzhi.base.ids import format_number
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.queries import states_of
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.desk.forms import YES_NO
from shanzhi.desk.sheet import Sheet
from shanzhi.hotline.actions import recalling
from shanzhi.hotline.callback import REACHED
from shanzhi.hotline.queries import recalls
from shanzhi.hotline.queries.settings import setting
from shanzhi.hotline.words import OUTCOMES, STATUS
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs
from shanzhi.web import names
from shanzhi.web.forms import Sent


class CallForm(Sent):
    """What came of a call; the questions are answered by who was reached."""

    outcome = forms.ChoiceField(label=gettext_lazy("What came of the call?"), widget=forms.RadioSelect)
    contacted = forms.ChoiceField(
        label=gettext_lazy("Contacted?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    solved = forms.ChoiceField(
        label=gettext_lazy("Solved?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    satisfied = forms.TypedChoiceField(
        label=gettext_lazy("Satisfied? (1 to 5)"),
        choices=[("", "—"), *((str(n), str(n)) for n in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("In the caller's words"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2_000,
    )
    again = forms.BooleanField(
        label=gettext_lazy("Not solved: send it back to be done again"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(k, _(v)) for k, v in OUTCOMES.items()]  # type: ignore[attr-defined]


def _operator(request: HttpRequest) -> Actor:
    """Whoever makes call-backs; raises NotSignedIn or Denied for everybody else."""
    actor = at_work(request)
    if not recalls.may_call(actor):
        raise Denied()
    return actor


@never_cache
def callbacks(request: HttpRequest) -> HttpResponse:
    """Whom to call: those whose turn it is first, then those to be tried again later."""
    actor = _operator(request)
    status = request.GET.get("status", "waiting")
    status = status if status in STATUS else "waiting"
    page = request.GET.get("page", "1")
    number = max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    at, size = now(), recalls.PAGE
    found = recalls.listed(actor, status, at, offset=(number - 1) * size, limit=size + 1)
    counts = recalls.counts(actor)
    context = {
        "tabs": [(code, _(title), counts.get(code, 0), code == status) for code, title in STATUS.items()],
        "rows": _rows(found[:size], at),
        "status": status,
        "before": number - 1,
        "after": number + 1 if len(found) > size else 0,
        "most": setting().callbacks.attempts,
        "here": "hotline",
    }
    return render(request, "desk/hotline/callbacks.html", context)


def _rows(found: list[Any], at: Any) -> list[dict[str, Any]]:
    states, known = states_of([one.case for one in found]), orgs()
    return [
        {
            "callback": one,
            "id": one.case,
            "number": format_number(states[one.case]["number"]),
            "title": states[one.case]["title"],
            "area": names.area(one.area),
            "org": known.get(one.org, one.org),
            "outcome": names.word(OUTCOMES, one.outcome) if one.outcome else "",
            "late": one.status == "waiting" and one.due < at,
            "later": one.status == "waiting" and one.next_at > at,
        }
        for one in found
        if one.case in states
    ]


@never_cache
def callback(request: HttpRequest, id_: UUID) -> HttpResponse:
    """One call: what was reported and done, the number to call (a look that is written down), what came of it."""
    actor = _operator(request)
    task = recalls.of_case(actor, id_)
    form, status, contacts = CallForm(), 200, None
    if request.method == "POST" and request.POST.get("form") == "look":
        contacts = recalling.contacts(actor, id_)
    elif request.method == "POST":
        form = CallForm(request.POST)
        problem = _called(actor, id_, form)
        if problem is None and not form.errors:
            messages.success(request, _("Written down."))
            return redirect("callbacks")
        status = problem.status if problem else 422
    sheet = Sheet.of(actor, id_)
    context = {
        "sheet": sheet,
        "task": task,
        "form": form,
        "contacts": contacts,
        "most": setting().callbacks.attempts,
        "outcome": names.word(OUTCOMES, task.outcome) if task.outcome else "",
        "here": "hotline",
    }
    return render(request, "desk/hotline/callback.html", context, status=status)


def _called(actor: Actor, case: UUID, form: CallForm) -> Problem | None:
    """Writes the call down, once; what is wrong is put on the form and returned."""
    if not form.is_valid():
        return None
    given, said = form.cleaned_data, {"yes": True, "no": False}
    answers = Answers(
        said.get(given["contacted"]), said.get(given["solved"]), given["satisfied"], given["words"]
    )
    reached = given["outcome"] == REACHED

    def work() -> dict[str, Any]:
        return answered(
            recalling.call(
                actor,
                case,
                given["outcome"],
                answers if reached else None,
                again=given["again"],
                words=given["words"],
            )
        )

    try:
        once(actor.ref, form.idempotency_key, form.mark(f"callback:{case}"), work)
    except Problem as error:
        form.refuse(error)
        return error
    return None
