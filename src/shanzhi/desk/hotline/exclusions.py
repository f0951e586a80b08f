"""Leaving cases out of the ranking: asking for it, and deciding what others ask for."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import Denied, NotFound, Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.desk.forms import DecideForm
from shanzhi.hotline.actions import excluding
from shanzhi.hotline.queries import exclusions as queries
from shanzhi.hotline.queries.settings import setting
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.web import names
from shanzhi.web.forms import Sent, posted


class ExcludeForm(Sent):
    """On what ground, and why."""

    ground = forms.ChoiceField(label=gettext_lazy("Ground"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        help_text=gettext_lazy("A second person reads it and decides."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = list(grounds().items())  # type: ignore[attr-defined]


def grounds() -> dict[str, str]:
    """The grounds of the formula in force, by what they are called."""
    found = setting().ranking
    return {code: g.title.said(names.language()) for code, g in found[-1].exclusions.items()} if found else {}


def exclude(request: HttpRequest, id_: UUID) -> HttpResponse:
    """The form for one case."""
    actor = at_work(request)
    state = cases.state_of(id_)
    if not cases.may_see(actor, state) or not queries.is_ranked(id_):
        raise NotFound()
    form, status = ExcludeForm(posted(request)), 200
    if request.method == "POST":
        problem = _proposed(actor, id_, form)
        if problem is None and not form.errors:
            messages.success(request, _("Asked for. A second person decides."))
            return redirect("case", id_)
        status = problem.status if problem else 422
    asked = [_row(one) for one in queries.of_case(id_)]
    context = {
        "form": form,
        "id": id_,
        "title": state["title"],
        "number": format_number(state["number"]),
        "asked": asked,
        "here": "hotline",
    }
    return render(request, "desk/hotline/exclude.html", context, status=status)


def _proposed(actor: Actor, case: UUID, form: ExcludeForm) -> Problem | None:
    if not form.is_valid():
        return None
    ground, reason = form.cleaned_data["ground"], form.cleaned_data["reason"]
    key, mark = form.idempotency_key, form.mark(f"exclude:{case}")
    try:
        once(actor.ref, key, mark, lambda: answered(excluding.propose(actor, case, ground, reason)))
    except Problem as error:
        form.refuse(error)
        return error
    return None


def _row(one: Any) -> dict[str, Any]:
    people = names.names([one.proposed_by, one.decided_by])
    return {
        "one": one,
        "ground": grounds().get(one.ground, one.ground),
        "by": people.actor(one.proposed_by),
        "decider": people.actor(one.decided_by) if one.decided_by else "",
    }


def exclusions(request: HttpRequest) -> HttpResponse:
    """What waits for a review, the longest waiting first; a decision leads back to the list."""
    actor = at_work(request)
    if not queries.may_review(actor):
        raise Denied()
    bound: tuple[str, DecideForm] | None = None
    status = 200
    if request.method == "POST":
        name = request.POST.get("form", "")
        form = DecideForm(request.POST, prefix=name)
        problem = _decided(actor, name, form)
        if problem is None and not form.errors:
            messages.success(request, _("Decided."))
            return redirect("exclusions")
        bound, status = (name, form), problem.status if problem else 422
    context = {"rows": _waiting(actor, bound), "here": "hotline"}
    return render(request, "desk/hotline/exclusions.html", context, status=status)


def _decided(actor: Actor, name: str, form: DecideForm) -> Problem | None:
    if not form.is_valid() or not (name.isascii() and name.isdecimal() and len(name) < 15):
        form.add_error(None, _("There is nothing to decide, or it has been decided"))
        return None
    granted, words = form.cleaned_data["granted"] == "yes", form.cleaned_data["decision"]
    try:
        once(
            actor.ref,
            form.idempotency_key,
            form.mark(f"exclusion:{name}"),
            lambda: answered(excluding.decide(actor, int(name), granted=granted, decision=words)),
        )
    except Problem as error:
        form.refuse(error)
        return error
    return None


def _waiting(actor: Actor, bound: tuple[str, DecideForm] | None) -> list[dict[str, Any]]:
    """Nobody decides what he asked for himself."""
    rows = []
    for one, state in queries.waiting(actor):
        name = str(one.pk)
        form = bound[1] if bound and bound[0] == name else DecideForm(prefix=name)
        rows.append(
            _row(one)
            | {
                "name": name,
                "title": state["title"],
                "number": format_number(state["number"]),
                "own": one.proposed_by == actor.ref,
                "form": form,
            }
        )
    return rows
