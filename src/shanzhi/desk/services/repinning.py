"""Putting an application on to the versions in force: what would differ, then a reason and a button."""

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
from shanzhi.base.errors import Conflict, Problem, gettext_noop
from shanzhi.cases import queries as casequeries
from shanzhi.cases import types
from shanzhi.desk.access import at_work
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.residents.queries import facts
from shanzhi.services.actions import repinning
from shanzhi.services.queries import applications, pins
from shanzhi.services.queries.applications import Opened
from shanzhi.services.queries.pins import Proposal
from shanzhi.web.facts import limit
from shanzhi.web.forms import Sent
from shanzhi.web.names import titled
from shanzhi.web.problems import said

VERDICTS = {
    "yes": gettext_noop("The rule says yes."),
    "no": gettext_noop("The rule says no. Only a person may refuse."),
    "unknown": gettext_noop("The rule cannot say: something is not known."),
    "person": gettext_noop("A person judges"),
}
LIMITS = {"legal": gettext_noop("By law within"), "promised": gettext_noop("Promised within")}


class RepinForm(Sent):
    """Why; `to` are the versions that the page has shown, `version` the state of the case."""

    to = forms.CharField(widget=forms.HiddenInput, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


@never_cache
def repin(request: HttpRequest, case: UUID) -> HttpResponse:
    """What would differ; nothing changes before the button."""
    actor = at_work(request)
    found = applications.opened(actor, case)
    plan = repinning.proposed(actor, found)
    if plan is None:
        messages.info(request, said(repinning.NEWEST, {}))
        return redirect("work_application", case)
    initial = {"to": plan.pins.ref, "version": found.state["version"]}
    form, status = RepinForm(initial=initial), 200
    if request.method == "POST":
        form = RepinForm(request.POST)
        problem = _done(actor, found, form)
        if problem is None and form.is_valid():
            messages.success(request, _("Done."))
            return redirect("work_application", case)
        if isinstance(problem, Conflict):
            messages.warning(request, said(problem.message, problem.facts))
            return redirect("work_repin", case)
        status = problem.status if problem else 422
    return render(request, "desk/services/repin.html", _context(found, plan, form), status=status)


def _done(actor: Actor, found: Opened, form: RepinForm) -> Problem | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data

    def work() -> dict[str, str]:
        repinning.repin(actor, found.state.id, to=given["to"], reason=given["reason"], seen=given["version"])
        return {"case": str(found.state.id)}

    try:
        once(f"{actor.ref}:{found.state.id}", form.idempotency_key, form.mark("repin"), work)
    except Problem as error:
        form.refuse(error)
        return error
    return None


def _context(found: Opened, plan: Proposal, form: RepinForm) -> dict[str, Any]:
    told = plan.differs
    before, after = pins.pinned(found).plain(), plan.pins.plain()
    titles = {
        "item": _("Service"),
        "rule": _("Rule"),
        "calendar": _("Calendar"),
        "schema": _("Questions of the form"),
    }
    return {
        "one": found.application,
        "name": titled(plan.item.name),
        "form": form,
        "pins": [
            {"title": titles[name], "before": before[name] or "—", "after": after[name] or "—"}
            for name in titles
            if before[name] != after[name]
        ],
        "differs": bool(told),
        "verdict": [_(VERDICTS[one]) for one in told.verdict] if told.verdict else [],
        "outputs": [(_output(plan, name), *map(_plain, pair)) for name, pair in told.outputs.items()],
        "asked": [_title(key) for key in told.asked],
        "idle": [_title(key) for key in told.idle],
        "bring": [_material(plan.item.materials, key) for key in told.bring],
        "spared": [_material(found.item.materials, key) for key in told.spared],
        "failing": [_title(key) for key in told.failing],
        "limits": [
            (_(LIMITS[name]), *(limit(one) or "—" for one in pair)) for name, pair in told.limits.items()
        ],
        "clocks": _clocks(found, plan),
        "here": "work",
    }


def _clocks(found: Opened, plan: Proposal) -> list[dict[str, Any]]:
    """When each limit would end now, and that it would be over at once, if so."""
    limits = {name: str(span) for name in LIMITS if (span := getattr(plan.item, name))}
    titles = types.version(found.state["type"], found.state["type_version"]).clocks
    return [
        {"title": titled(titles[name].title), "due": clock.due, "late": clock.due < now()}
        for name, clock in casequeries.limited(found.state, limits).items()
        if clock.due
    ]


def _title(key: str) -> str:
    type_ = facts.types().get(key)
    return titled(type_.title) if type_ else key


def _material(materials: Any, key: str) -> str:
    return next((one.name for one in materials if one.key == key), key)


def _output(plan: Proposal, name: str) -> str:
    spec = plan.rule.spec.outputs.get(name) if plan.rule is not None else None
    return titled(spec.title) if spec is not None and spec.title else name


def _plain(value: Any) -> str:
    return "—" if value is None else str(value)
