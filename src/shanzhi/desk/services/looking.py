"""Policies that look for their people: a preview with its budget, the list, letters in inboxes and on paper."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import Problem
from shanzhi.desk.services.managing import manager
from shanzhi.orgs.actor import Actor
from shanzhi.services.actions import letters, policies
from shanzhi.services.queries import catalogue
from shanzhi.services.queries import policies as policyqueries
from shanzhi.services.queries.reach import Preview
from shanzhi.web import names
from shanzhi.web.forms import Sent, posted
from shanzhi.web.names import titled

MOST_PLACES = 40


class PolicyForm(Sent):
    """Which service looks for its people, why, and by which law."""

    item = forms.ChoiceField(label=gettext_lazy("Service"))
    purpose = forms.CharField(label=gettext_lazy("Purpose"), max_length=500)
    basis = forms.CharField(label=gettext_lazy("Legal ground to read the record"), max_length=500)

    day = forms.DateField(
        label=gettext_lazy("As of which day (for the preview)"),
        help_text=gettext_lazy("A later day shows what the rules in force then would change"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        found = [(code, titled(one.name)) for code, one in catalogue.current().items() if catalogue.rule(one)]
        self.fields["item"].choices = found  # type: ignore[attr-defined]


def finding_people(request: HttpRequest) -> HttpResponse:
    """Policies that were run, and a form to preview one and to run it."""
    actor = manager(request)
    form, status, found = PolicyForm(posted(request)), 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            reasons = {"purpose": given["purpose"], "basis": given["basis"]}
            try:
                if request.POST.get("do") == "list":
                    return redirect("policy", policies.look_for(actor, given["item"], **reasons).pk)
                found = policies.preview(actor, given["item"], day=given["day"], **reasons)
                status = 200
            except Problem as error:
                form.refuse(error)
    known = catalogue.current()
    rows = [
        {"one": one, "name": titled(known[one.item].name) if one.item in known else one.item}
        for one in policyqueries.listed(actor)
    ]
    context = {"form": form, "rows": rows, "preview": _previewed(found) if found else None, "here": "work"}
    return render(request, "desk/services/policies.html", context, status=status)


def _previewed(found: Preview) -> dict[str, Any]:
    """A preview on the page: what it would do and cost, and where."""
    places = [
        {"name": names.area(code) if code else _("Not known"), "qualify": n, "fresh": fresh, "budget": budget}
        for code, n, fresh, budget in found.places
    ]
    return {
        "one": found, "places": places[:MOST_PLACES], "more": max(0, len(places) - MOST_PLACES),
        "costs": bool(found.budget), "before": len(found.before.amounts) if found.before else None,
        "budget_before": found.before.sum if found.before else None,
    }  # fmt: skip


def policy(request: HttpRequest, id_: UUID) -> HttpResponse:
    """One policy: whom it has found, coverage before and after; a person lets the letters go, on paper too."""
    actor = manager(request)
    one = policyqueries.one(actor, id_)
    if request.method == "POST":
        try:
            pdf = _done(request, actor, id_)
        except Problem as error:
            messages.error(request, Sent.sentence(error))
            return redirect("policy", id_)
        return pdf or redirect("policy", id_)
    item = catalogue.version(one.item, one.item_version)
    context = {
        "one": one,
        "name": titled(item.name),
        "counts": policyqueries.counts(one),
        "coverage": policyqueries.coverage(one),
        "visits": policyqueries.people(one, "found"),
        "printed": policyqueries.people(one, "printed"),
        "here": "work",
    }
    return render(request, "desk/services/policy.html", context)


def _done(request: HttpRequest, actor: Actor, id_: UUID) -> HttpResponse | None:
    """What a button says; letters on paper come as a PDF."""
    what = request.POST.get("form", "release")
    if what in ("print", "again"):
        answer = HttpResponse(
            letters.printed(actor, id_, again=what == "again"), content_type="application/pdf"
        )
        answer["Content-Disposition"] = 'attachment; filename="letters.pdf"'
        return answer
    chosen = [
        int(one)
        for one in request.POST.getlist("match")
        if one.isascii() and one.isdecimal() and len(one) < 15
    ]
    if what == "handed":
        count = letters.handed(actor, id_, chosen)
        messages.success(request, _("%(n)s letters are marked as handed over.") % {"n": count})
    elif what == "none" and chosen:
        letters.wants_none(actor, id_, chosen[0])
        messages.success(request, _("Done."))
    elif what == "release":
        told = policies.release(actor, id_)
        messages.success(request, _("%(n)s letters have left.") % {"n": told})
    return None
