"""The list of cases: what is mine, what waits for me or my organisation, everything I may see."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shanzhi.cases import queries, search, types
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.who import Who
from shanzhi.desk.access import at_work
from shanzhi.desk.filters import Filter, read
from shanzhi.desk.rows import drawn, lines
from shanzhi.desk.saving import plain, saved
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.packs.queries import version
from shanzhi.web.listening import listening

PAGE = 25
TABS = (("mine", _("My tasks")), ("queue", _("Waiting for us")), ("all", _("Everything I may see")))
KEYS = {"mine": "g m", "queue": "g q", "all": "g a"}
USUAL = {"mine": "due_at", "queue": "due_at", "all": "-opened_at"}


def waiting(actor: Actor) -> Q:
    """What waits for the actor: cases that he, or his organisation, may take on, help with or decide about."""
    return _waiting(actor, version(types.SECTION))


@lru_cache(maxsize=500)
def _waiting(actor: Actor, _: int) -> Q:
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


@listening
def desk(request: HttpRequest) -> HttpResponse:
    """The list; at most six statements besides those of the session."""
    actor = at_work(request)
    tab, page, asked = chosen_tab(request), chosen_page(request), plain(request.GET.urlencode())
    filters, form = read(asked, tab)
    found = rows(actor, filters, tab, offset=(page - 1) * PAGE, limit=PAGE + 1)
    shown = list(lines(found[:PAGE]))
    own = saved(actor)
    context = {
        "rows": shown,
        "drawn": drawn(shown),
        "tabs": tabs(request),
        "tab": tab,
        "filters": filters,
        "asking": form,
        "before": query(request, page=page - 1) if page > 1 else "",
        "after": query(request, page=page + 1) if len(found) > PAGE else "",
        "saved": own,
        "plain": asked,
        "kept": next((one for one in own if one.query == asked), None),
        "here": "desk",
        "exports": bool(scope(actor, "case.export")),
        "reports_for": bool(scope(actor, "case.report_for")),
    }
    return render(request, "desk/list.html", context)


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"code": code, "title": title, "query": query(request, tab=code), "key": KEYS[code]}
        for code, title in TABS
    ]


def chosen_tab(request: HttpRequest) -> str:
    """What waits for us, unless something else is asked for; an unknown one is everything."""
    chosen = request.GET.get("tab", "queue")
    return chosen if chosen in dict(TABS) else "all"


def chosen_page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def rows(actor: Actor, filters: Filter, tab: str, *, offset: int, limit: int) -> list[dict[str, Any]]:
    """The cases of a list. With words those that answer them best, the best first unless an order is chosen."""
    condition = filters.condition() & condition_of(actor, tab)
    order = filters.order_by(USUAL[tab])
    words = filters.words_asked()
    if not words:
        return queries.listed(actor, filters=condition, order=order, offset=offset, limit=limit)
    best = search.best(actor, words, filters=condition)
    if "order" in filters.given:
        return queries.listed(actor, filters=Q(pk__in=best), order=order, offset=offset, limit=limit)
    page = best[offset : offset + limit]
    found = {row["id"]: row for row in queries.listed(actor, filters=Q(pk__in=page), limit=limit)}
    return [found[id_] for id_ in page if id_ in found]


def condition_of(actor: Actor, tab: str) -> Q:
    match tab:
        case "mine":
            return Q(person=actor.account, open=True)
        case "queue":
            return waiting(actor)
    return Q()


def query(request: HttpRequest, **changes: Any) -> str:
    """The query of this page with some parts changed; another tab begins at its first page."""
    given = dict(request.GET.lists()) | {name: [str(value)] for name, value in changes.items()}
    if "tab" in changes:
        given.pop("page", None)
    return urlencode(given, doseq=True)
