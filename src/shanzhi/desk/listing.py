"""The list of cases: what is mine, what waits for me or my organisation, everything I may see."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shanzhi.base.clock import now
from shanzhi.base.errors import Problem
from shanzhi.base.ids import format_number, parse_number
from shanzhi.cases import queries, types
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.who import Who
from shanzhi.desk.access import at_work
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs, scope
from shanzhi.web import names

PAGE = 25
SOON = timedelta(hours=24)
TABS = (("mine", _("My tasks")), ("queue", _("Waiting for us")), ("all", _("Everything I may see")))


class Filter(forms.Form):
    """What to list."""

    type = forms.ChoiceField(label=_("Type"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    number = forms.CharField(label=_("Number"), required=False, max_length=30)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        found = types.everything().values()
        states = {code: names.titled(s.title) for t in found for code, s in t.states.items()}
        self.fields["type"].choices = [("", _("All")), *((t.type, names.titled(t.title)) for t in found)]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("All")), *states.items()]  # type: ignore[attr-defined]

    def condition(self) -> Q:
        """The filters together; what is not understood lists nothing else than without it."""
        given = self.cleaned_data if self.is_valid() else {}
        condition = Q(**{n: given[n] for n in ("type", "state") if given.get(n)})
        if given.get("overdue"):
            condition &= Q(open=True, due_at__lt=now())
        if given.get("number"):
            try:
                condition &= Q(number=parse_number(given["number"]))
            except Problem:
                condition &= Q(pk__in=[])
        return condition


def waiting(actor: Actor) -> Q:
    """What waits for the actor: cases that he, or his organisation, may take on, help with or decide about."""
    roles, orgs_ = actor.roles(), actor.orgs()
    condition = queries.helping(orgs_) if orgs_ else Q(pk__in=[])
    for type_ in types.everything().values():
        by_role = [s for s in type_.open_states() if _acts(type_, s, roles)]
        condition |= Q(type=type_.type, state__in=by_role)
        if orgs_:
            owned = [s for s in type_.open_states() if _acts(type_, s, {"owner"})]
            free = Q(person=None) | Q(person=actor.account)
            condition |= Q(type=type_.type, state__in=owned, org__in=orgs_) & free
        kinds = [k for k, side in type_.sides.items() if roles & Who.parse(side.approve).roles()]
        if kinds:
            condition |= Q(type=type_.type) & queries.undecided(kinds, but_by=actor.ref)
    return condition & Q(open=True, suspended_until=None, merged_into=None)


def _acts(type_: CaseType, state: str, names_: Collection[str]) -> bool:
    """Whether a move on from the state is meant for one of these roles or parts.

    Moves that may be made at any time (transfer, take back) are no sign that somebody is waited for.
    """
    return any(
        any(term in names_ for term, _place in Who.parse(move.who).terms)
        for name in type_.leaving[state]
        if (move := type_.moves[name]).to != state and len(move.source) == 1
    )


def desk(request: HttpRequest) -> HttpResponse:
    """The list; at most six statements besides those of the session."""
    actor = at_work(request)
    filters = Filter(request.GET)
    chosen = request.GET.get("tab", "")
    tab = chosen if chosen in dict(TABS) else ("queue" if not chosen else "all")
    page = max(1, int(p)) if (p := request.GET.get("page", "1")).isdecimal() and len(p) < 6 else 1
    condition = filters.condition() & condition_of(actor, tab)
    offset = (page - 1) * PAGE
    found = queries.listed(actor, filters=condition, order="due_at", offset=offset, limit=PAGE + 1)
    context = {
        "rows": list(lines(found[:PAGE])),
        "tabs": [{"code": code, "title": title, "query": query(request, tab=code)} for code, title in TABS],
        "tab": tab,
        "filters": filters,
        "before": query(request, page=page - 1) if page > 1 else "",
        "after": query(request, page=page + 1) if len(found) > PAGE else "",
        "here": "desk",
        "reports_for": bool(scope(actor, "case.report_for")),
    }
    return render(request, "desk/list.html", context)


def condition_of(actor: Actor, tab: str) -> Q:
    match tab:
        case "mine":
            return Q(person=actor.account, open=True)
        case "queue":
            return waiting(actor)
    return Q()


def query(request: HttpRequest, **changes: Any) -> str:
    """The query of this page with some parts changed; another tab begins at its first page."""
    given = request.GET.copy()
    if "tab" in changes:
        given.pop("page", None)
    for name, value in changes.items():
        given[name] = str(value)
    return given.urlencode()


@dataclass(frozen=True, slots=True)
class Line:
    """One row, in words."""

    row: dict[str, Any]
    number: str
    type: str
    state: str
    category: str
    area: str
    org: str
    lamp: str


def lines(found: list[dict[str, Any]]) -> Iterator[Line]:
    known, at = orgs(), now()
    for row in found:
        type_ = types.version(row["type"], row["type_version"])
        yield Line(
            row,
            format_number(row["number"]),
            names.titled(type_.title),
            names.titled(type_.states[row["state"]].title),
            names.category(row["category"]),
            names.area(row["area"]),
            known.get(row["org"], row["org"]),
            lamp(row["due_at"], at) if row["open"] else "",
        )


def lamp(due: datetime | None, at: datetime) -> str:
    """Red when it is overdue, yellow within its last day, green before."""
    if due is None:
        return ""
    return "red" if due < at else "yellow" if due - at < SOON else "green"
