"""Visits as leaders see them: whom to visit when and by whom, what is overdue, who is visited again and again."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import FieldError, Invalid, Problem, gettext_noop
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.orgs.staffing import led
from shanzhi.patrol import actions, queries
from shanzhi.patrol.actions import Plan
from shanzhi.patrol.queries.visits import RIGHT, WORKER
from shanzhi.patrol.visiting import spacing
from shanzhi.places import queries as places
from shanzhi.places.history import today
from shanzhi.residents.actions import contact
from shanzhi.residents.queries import Masked
from shanzhi.web import names
from shanzhi.web.forms import Sent

MOST_GRIDS = 400  # in one list; whoever plans for more chooses communities


class PlanForm(Sent):
    """Whom, of which kind, where, by which day, by whom, and whether again."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of visit"))
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    name = forms.CharField(
        label=gettext_lazy("Name, if he is not known here yet"), max_length=64, required=False
    )
    area = forms.ChoiceField(label=gettext_lazy("Where he lives"))
    address = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Left empty: the one in the record. The look at it is written down."),
        max_length=200,
        required=False,
    )
    due = forms.DateField(
        label=gettext_lazy("By which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    worker = forms.TypedChoiceField(
        label=gettext_lazy("By whom"), coerce=int, required=False, empty_value=None
    )
    regular = forms.BooleanField(
        label=gettext_lazy("And again and again, as often as the kind says, until it is ended"),
        required=False,
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(key, names.titled(kind.title)) for key, kind in queries.setting().visits.items()]
        people = [("", _("Whoever works in the grid")), *((str(k), v) for k, v in _workers(actor).items())]
        for name, choices in (("kind", kinds), ("area", _areas(actor)), ("worker", people)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class EndForm(Sent):
    regular = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


def _workers(actor: Actor) -> dict[int, str]:
    return led(require(actor, RIGHT), [WORKER])


def _areas(actor: Actor) -> list[Any]:
    """The communities in which the actor plans visits, with their grids where these are not too many."""
    reach, tree = require(actor, RIGHT), places.areas()
    communities = [
        community
        for county in tree.roots()
        for street in tree.children(county.code)
        for community in tree.children(street.code)
        if reach.covers(community.code)
    ]
    inside = {one.code: tree.children(one.code) for one in communities}
    if sum(map(len, inside.values())) > MOST_GRIDS:
        return [("", _("Choose …")), *((one.code, names.area(one.code, within=2)) for one in communities)]
    groups: list[Any] = [("", _("Choose …"))]
    for one in communities:
        grids = [(grid.code, names.area(grid.code)) for grid in inside[one.code]]
        groups.append((names.area(one.code), [(one.code, _("The whole community")), *grids]))
    return groups


def visits(request: HttpRequest) -> HttpResponse:
    """What is overdue, what waits, and the list of regular visits, from which somebody can be taken."""
    actor = at_work(request)
    require(actor, RIGHT)
    bound = EndForm(request.POST) if request.method == "POST" else None
    if bound is not None and _ended(request, actor, bound):
        return redirect("visits")
    found = queries.planned(actor, today())
    for row in (*found.overdue, *found.waiting, *found.regular):
        row |= {"place": names.area(row["area"], within=2), "title": names.titled(row["title"], row["kind"])}
    for row in found.regular:
        stands = bound is not None and bound.data.get("regular") == str(row["id"])
        row["form"] = (
            bound if stands else EndForm(initial={"regular": row["id"]}, auto_id=f"end{row['id']}-%s")
        )
    context = {
        "found": found,
        "kinds": _kinds(),
        "wrong": bound,
        "here": "patrol",
        "tab": "visits",
    }
    return render(request, "desk/visits.html", context, status=422 if bound is not None else 200)


def _kinds() -> list[dict[str, Any]]:
    """What each kind is for, on which ground, and how often."""
    return [
        {
            "title": names.titled(one.title),
            "purpose": one.purpose,
            "basis": one.basis,
            "days": spacing(one.every).days,
        }
        for one in queries.setting().visits.values()
    ]


def _ended(request: HttpRequest, actor: Actor, form: EndForm) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        work = lambda: answered(actions.stop_regular(actor, given["regular"], given["reason"]))  # noqa: E731
        once(actor.ref, form.idempotency_key, form.mark("regular:end"), work)
    except Problem as error:
        form.refuse(error)
        return False
    messages.success(request, _("Done."))
    return True


def plan_visit(request: HttpRequest) -> HttpResponse:
    """Finds the person by his number, masked, and plans the visit."""
    actor = at_work(request)
    require(actor, RIGHT)
    form, people, status = PlanForm(actor, initial={"due": today()}), list[Masked](), 200
    if request.method == "POST":
        form, status = PlanForm(actor, request.POST), 422
        if form.is_valid():
            try:
                planned, people = _planned(request, actor, form)
                if planned:
                    return redirect("visits")
                status = 200
            except Problem as error:
                form.refuse(error)
    context = {
        "form": form, "people": people, "asked": form.is_bound and not form.errors, "kinds": _kinds(),
        "here": "patrol", "tab": "visits",
    }  # fmt: skip
    return render(request, "desk/plan_visit.html", context, status=status)


def _planned(request: HttpRequest, actor: Actor, form: PlanForm) -> tuple[bool, list[Masked]]:
    """Plans the visit of whoever was chosen or is new; else those whose number it is."""
    given, chosen = form.cleaned_data, _uuid(request.POST.get("person", ""))
    people = actions.find(actor, given["phone"])
    if chosen is not None and chosen not in {one.id for one in people}:
        raise Invalid(errors=[FieldError("phone", gettext_noop("This number is somebody else's"))])
    if chosen is None and not given["name"].strip():
        return False, people

    def work() -> dict[str, Any]:
        person = chosen or contact(actor, name=given["name"], phone=given["phone"], address=given["address"])
        home = actions.home_of(actor, person, given["area"], given["address"])
        plan = Plan(given["kind"], given["due"], given["worker"], given["regular"])
        state = actions.plan_visit(actor, plan, home)
        return {"case": str(state.id), "area": state["area"]}

    made = once(actor.ref, form.idempotency_key, form.mark(f"visit:{chosen}"), work)
    messages.success(request, _told(given["due"], given["worker"], made["area"]))
    return True, people


def _told(due: date, worker: int | None, area: str) -> str:
    """What was planned: when, and on whose telephone it is."""
    there = queries.workers(area)
    who = [there[worker]] if worker in there else sorted(there.values())[:3]
    facts = {"day": due.isoformat(), "who": "、".join(who) or _("nobody yet: nobody works there")}
    return _("Planned by %(day)s, on the telephone of: %(who)s") % facts


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


urlpatterns = [
    path("patrol/visits", visits, name="visits"),
    path("patrol/visits/plan", plan_visit, name="visit_plan"),
]
