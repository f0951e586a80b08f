"""The card of a grid, its shape for the small map, and the report of what is not covered."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.errors import Denied, NotFound
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.desk.access import at_work
from shanzhi.desk.grids.drafts import HOW, day_of
from shanzhi.desk.tables import complain, table_of
from shanzhi.grids import covering, known, queries
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.posting import Duty
from shanzhi.orgs.queries import account_names, scope
from shanzhi.places import history
from shanzhi.places import queries as places
from shanzhi.places.history import today
from shanzhi.web import names
from shanzhi.web.forms import Sent

SHOWN = 60
BEYOND = {
    "households": gettext_lazy("households"),
    "people": gettext_lazy("people"),
    "hectares": gettext_lazy("hectares"),
}


def card(request: HttpRequest, code: str) -> HttpResponse:
    """One grid: what is known of it, who works there today, its open cases, its shapes."""
    actor = at_work(request)
    found = covering.card(actor, code)
    rows = cases.listed(actor, filters=Q(area=code, open=True), limit=20)
    context = {
        "card": found,
        "area": names.area(code),
        "numbers": [(_(title), found.numbers.get(what)) for what, title in known.WHAT.items()],
        "kinds": _kinds(found.facilities),
        "duties": duties(found.duties),
        "cases": [{**row, "no": format_number(row["number"])} for row in rows],
        "shapes": [_shape(one) for one in found.shapes],
        "heirs": [(one, names.area(one)) for one in found.heirs],
        "first_day": history.first_day(),
        "redraws": queries.may_edit(actor, code),
        "here": "gridding",
        "tab": "card",
    }
    return render(request, "desk/grids/card.html", context)


def _kinds(facilities: list[dict[str, Any]]) -> list[tuple[str, int]]:
    kinds = sorted({one["kind"] for one in facilities})
    return [(KIND.get(kind, kind), sum(one["kind"] == kind for one in facilities)) for kind in kinds]


KIND: dict[str, Any] = {
    "street-office": gettext_lazy("Street office"),
    "service-centre": gettext_lazy("Service centre"),
}


def duties(found: tuple[Duty, ...]) -> list[dict[str, str]]:
    """Who is responsible, by name, and for whom he stands in."""
    ids = {one.account for one in found} | {one.instead_of for one in found if one.instead_of}
    people = account_names(ids) if ids else {}
    return [
        {"name": people.get(one.account, ""), "instead": people.get(one.instead_of or 0, "")} for one in found
    ]


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    others = [names.area(code, within=2) for code in row["ground_from"] if code != row["code"]]
    until = row["until"] - timedelta(days=1) if row["until"] else None
    one_day = until is not None and until < row["since"]
    return {**row, "what": _(HOW.get(row["how"], row["how"])), "others": others, "to": until, "none": one_day}


def shape(request: HttpRequest, code: str) -> JsonResponse:
    """The outline of a grid, today's or that of a day, for the small map."""
    actor = at_work(request)
    if not covering.may_look(actor, code):
        raise NotFound()
    on = day_of(request.GET.get("on", ""))
    rows = [
        row for row in history.of_grid(code) if row["since"] <= on and (not row["until"] or on < row["until"])
    ]
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": row["geometry"]}
        for row in rows or history.of_grid(code)[:1]
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


class CountForm(Sent):
    """A table of numbers."""

    file = forms.FileField(
        label=gettext_lazy("Table (CSV)"),
        help_text=gettext_lazy("Columns: grid, what, n, as_of, source. All of it is taken or nothing."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


def coverage(request: HttpRequest) -> HttpResponse:
    """What is not covered, of the county or a street; whoever redraws grids takes numbers over from a table."""
    actor = at_work(request)
    reach = [code for code in _streets() if covering.may_look(actor, code)]
    whole = covering.may_look(actor, places.county())
    if not (whole or reach):
        raise Denied(right=queries.EDIT)
    area = request.GET.get("area", "")
    area = area if area in reach else (places.county() if whole else reach[0])
    form = CountForm(request.POST, request.FILES) if request.method == "POST" else CountForm()
    edits = queries.may_edit(actor, area)
    if request.method == "POST":
        if not edits:
            raise Denied(right=queries.EDIT)
        if form.is_valid() and _taken(request, actor, form):
            return redirect("coverage")
    day = day_of(request.GET.get("on", ""))
    found = covering.report(actor, area, day)
    context = {
        "report": found,
        "line": queries.setting(),
        "streets": [(code, names.area(code)) for code in reach],
        "area": area,
        "day": day,
        "today": today(),
        "lists": _lists(found),
        "form": form if edits else None,
        "redraws": bool(scope(actor, queries.EDIT)),
        "tab": "coverage",
        "here": "gridding",
    }
    return render(request, "desk/grids/coverage.html", context, status=422 if form.errors else 200)


def _streets() -> list[str]:
    return [street.code for street in places.children(places.county())]


def _taken(request: HttpRequest, actor: Actor, form: CountForm) -> bool:
    text = table_of(form)
    if text is None:
        return False
    found = known.take(actor, text)
    complain(form, found.faults)
    if not found.faults:
        messages.success(request, _("%(n)s numbers were taken over.") % {"n": found.n})
    return not found.faults


def _grouped(codes: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Grids by their communities."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code in codes:
        groups.setdefault(code[:12], []).append((code, places.area(code).name))
    return [(names.area(community), inside) for community, inside in groups.items()]


def _lists(found: covering.Report) -> dict[str, Any]:
    """The first of each list in words, and how many more there are."""
    return {
        "unplaced": [{**one, "no": format_number(one["number"])} for one in found.unplaced],
        "unmanned": _grouped(found.unmanned[:SHOWN]),
        "unmanned_more": max(0, len(found.unmanned) - SHOWN),
        "too_large": [
            (code, names.area(code), [BEYOND[one] for one in what]) for code, what in found.too_large[:SHOWN]
        ],
        "too_large_more": max(0, len(found.too_large) - SHOWN),
        "not_walked": [(code, names.area(code), at) for code, at in found.not_walked[:SHOWN]],
        "not_walked_more": max(0, len(found.not_walked) - SHOWN),
    }
