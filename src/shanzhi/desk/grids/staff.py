"""Who works in which grid on which day: a community's calendar, postings, leave with substitutes, tables."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.desk.grids.cards import duties
from shanzhi.desk.grids.drafts import day_of
from shanzhi.desk.tables import complain, table_of
from shanzhi.grids import covering, queries
from shanzhi.journal.receipts import once
from shanzhi.orgs import posted
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.posting import spans
from shanzhi.orgs.queries import account_names, scope
from shanzhi.orgs.staffing import workers
from shanzhi.places import queries as places
from shanzhi.places.history import today
from shanzhi.web import names
from shanzhi.web.forms import Sent

AHEAD = timedelta(days=30)


def _date(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class PostForm(Sent):
    account = forms.TypedChoiceField(label=gettext_lazy("Who"), coerce=int)
    area = forms.ChoiceField(label=gettext_lazy("Where"))
    first = _date(gettext_lazy("First day"))
    last = _date(gettext_lazy("Last day"), required=False)


class LeaveForm(Sent):
    account = forms.TypedChoiceField(label=gettext_lazy("Who is away"), coerce=int)
    first = _date(gettext_lazy("First day"))
    last = _date(gettext_lazy("Last day"))
    substitute = forms.TypedChoiceField(
        label=gettext_lazy("Who stands in"), coerce=int, required=False, empty_value=None
    )


class TableForm(Sent):
    file = forms.FileField(
        label=gettext_lazy("Table (CSV)"),
        help_text=gettext_lazy("Columns: username, area, first, last. All of it is taken or nothing."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


FORMS: dict[str, type[Sent]] = {"post": PostForm, "leave": LeaveForm, "table": TableForm}


def staff(request: HttpRequest) -> HttpResponse:
    """A community's grids over the next thirty days; whoever says who works there has the forms below."""
    actor = at_work(request)
    offered = _communities(actor)
    codes = [code for _street, inside in offered for code, _name in inside]
    community = request.GET.get("community", "")
    community = community if community in codes else (codes[0] if codes else "")
    bound: Sent | None = None
    if request.method == "POST" and community:
        bound = _done(request, actor, community)
        if bound is None:
            return redirect(f"{request.path}?community={community}")
    first = day_of(request.GET.get("on", ""))
    context = {
        "offered": offered,
        "community": community,
        "area": names.area(community) if community else "",
        "day": first,
        "rows": _calendar(community, first) if community else [],
        "forms": _forms(actor, community, bound) if posted.may_post(actor, community) else [],
        "open_form": bound.prefix if bound else "",
        "postings": posted.postings(actor, community) if community else [],
        "leaves": _leaves(actor, community, first) if community else [],
        "held": _held(actor, community) if community else [],
        "redraws": bool(scope(actor, queries.EDIT)),
        "tab": "staff",
        "here": "gridding",
    }
    return render(request, "desk/grids/staff.html", context, status=422 if bound else 200)


def _communities(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    tree = places.areas()
    found = []
    for county in tree.roots():
        for street in tree.children(county.code):
            inside = [
                (c.code, c.name) for c in tree.children(street.code) if covering.may_look(actor, c.code)
            ]
            found += [(street.name, inside)] if inside else []
    return found


def _calendar(community: str, first: date) -> list[dict[str, Any]]:
    """Each grid with the days on which the same people are responsible."""
    last = min(first, date.max - 2 * AHEAD) + AHEAD
    posts, leaves = posted.posts_in(community, first, last)
    rows = []
    for place in places.children(community):
        found = [
            {"span": one, "duties": duties(one.duties)}
            for one in spans(posts, leaves, place.code, first, last)
        ]
        rows.append({"code": place.code, "name": place.name, "spans": found})
    return rows


def _leaves(actor: Actor, community: str, day: date) -> list[dict[str, Any]]:
    """Who is away, and where what lay with him went when his leave began; who says who works there sees also those who
    work for an organisation around it."""
    posts, _away = posted.posts_in(community, day, min(day, date.max - 2 * AHEAD) + AHEAD)
    offices = community if posted.may_post(actor, community) else ""
    found = posted.leaves_of(sorted({one.account for one in posts}), day, offices)
    went = queries.handovers(one.pk for one in found)
    return [{"one": one, "went": went.get(one.pk)} for one in found]


def _held(actor: Actor, community: str) -> list[dict[str, Any]]:
    """Open cases of those on leave today: the substitute sees them; a dispatcher may give them away."""
    gone = [one["one"] for one in _leaves(actor, community, today())]
    away = {one.account_id: one.substitute_id for one in gone if one.first <= today() <= one.last}
    if not away:
        return []
    people = account_names([*away, *(one for one in away.values() if one)])
    rows = cases.listed(actor, filters=Q(person__in=[*away], open=True), order="due_at", limit=50)
    return [
        {
            "id": row["id"],
            "number": format_number(row["number"]),
            "title": row["title"],
            "with": people.get(row["person"], ""),
            "substitute": people.get(away[row["person"]] or 0, ""),
        }
        for row in rows
    ]


def _forms(actor: Actor, community: str, bound: Sent | None) -> list[tuple[str, Any, Sent]]:
    titles = {"post": _("Post somebody"), "leave": _("Leave"), "table": _("Take over a table")}
    return [
        (do, titles[do], bound if bound and bound.prefix == do else _form(do, community, actor))
        for do in FORMS
    ]


def _form(do: str, community: str, actor: Actor, *args: Any) -> Sent:
    form = FORMS[do](*args, prefix=do, initial={"first": today()})
    people = [("", "—"), *((str(k), v) for k, v in workers().items())]
    grids = [(community, _("The whole community")), *((g.code, g.name) for g in places.children(community))]
    for name, choices in (("account", people), ("substitute", people), ("area", grids)):
        if name in form.fields:
            form.fields[name].choices = choices  # type: ignore[attr-defined]
    return form


def _done(request: HttpRequest, actor: Actor, community: str) -> Sent | None:
    """Does what a form asks for; the form when something is wrong with it."""
    do, number = request.POST.get("do", ""), request.POST.get("n", "")
    if do in ("end", "back") and number.isascii() and number.isdecimal() and len(number) < 15:
        if do == "end":
            posted.end(actor, int(number), today())
        else:
            posted.come_back(actor, int(number))
        messages.success(request, _("Done."))
        return None
    form = _form(do if do in FORMS else "post", community, actor, request.POST, request.FILES)
    if not form.is_valid():
        return form
    return _sent(request, actor, do, form)


def _sent(request: HttpRequest, actor: Actor, do: str, form: Sent) -> Sent | None:
    given = {k: v for k, v in form.cleaned_data.items() if k != "key"}
    try:
        if do == "table":
            text = table_of(form)
            found = posted.import_postings(actor, text) if text is not None else posted.Sent()
            complain(form, found.faults)
            return form if form.errors else None
        work = posted.post if do == "post" else posted.leave
        once(
            actor.ref, form.idempotency_key, form.mark(f"staff:{do}"), lambda: answered(work(actor, **given))
        )
    except Problem as error:
        form.refuse(error)
        return form
    messages.success(request, _("Done."))
    return None
