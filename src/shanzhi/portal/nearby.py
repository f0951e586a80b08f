"""What goes on nearby: public cases as a list and on a map, each with its page and "me too"."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from shanzhi.base.errors import Conflict, Denied, NotFound, Problem, gettext_noop
from shanzhi.cases import actions, links
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from, limit_anonymous
from shanzhi.orgs.queries import scope
from shanzhi.places import queries as places
from shanzhi.portal import public
from shanzhi.portal.reopening import ReopenForm, reopen
from shanzhi.web.around import point
from shanzhi.web.forms import Sent
from shanzhi.web.report import area_choices

PAGE = 20
ON_MAP = 500
RADIUS_M = 1_500
PER_MINUTE = 20
CLOSED = gettext_noop("This is closed already: if it is there again, please report it")


class Where(forms.Form):
    """Which cases to show; what does not fit is as if it was not given."""

    area = forms.ChoiceField(label=_("Community"), required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), ("open", _("Not closed yet")), ("closed", _("Closed"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("The whole district")), *area_choices()[1:]]  # type: ignore[attr-defined]

    def q(self) -> Q:
        """What was chosen, as one condition."""
        if not self.is_bound:
            return Q()
        self.is_valid()
        area, show = self.cleaned_data.get("area"), self.cleaned_data.get("show")
        chosen = Q(open=show == "open") if show else Q()
        return chosen & public.within(area) if area else chosen


class JoinForm(Sent):
    """ "Me too": nothing to fill in."""


def nearby(request: HttpRequest) -> HttpResponse:
    """The list, newest first or, with a position, nearest first; and the map of the same."""
    form = Where(request.GET or None)
    here = point(request.GET.get("lon", ""), request.GET.get("lat", ""))
    page = max(1, _number(request.GET.get("page", "")))
    if here:
        rows, more = public.near(here, RADIUS_M, filters=form.q(), limit=PAGE), False
    else:
        found = public.published(form.q(), limit=PAGE + 1, offset=(page - 1) * PAGE)
        rows, more = found[:PAGE], len(found) > PAGE
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "rows": rows, "page": page, "more": more, "query": query.urlencode()}
    return render(request, "portal/nearby.html", context | {"here": "nearby", "position": here})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def cases(request: HttpRequest) -> JsonResponse:
    """The newest public cases as GeoJSON, filtered as the list is; at most 500."""
    here, form = point(request.GET.get("lon", ""), request.GET.get("lat", "")), Where(request.GET or None)
    if here:
        rows = public.near(here, RADIUS_M, filters=form.q(), limit=ON_MAP)
    else:
        rows = public.published(form.q() & Q(lon__isnull=False), limit=ON_MAP)
    return JsonResponse(public.collection(rows), content_type="application/geo+json")


def areas(request: HttpRequest) -> JsonResponse:
    """Outlines for the background of a map: the communities of the district, as GeoJSON."""
    try:
        found = places.outlines(places.county(), "community")
    except NotFound:
        found = {"type": "FeatureCollection", "features": []}
    answer = JsonResponse(found, content_type="application/geo+json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def case(request: HttpRequest, case: UUID) -> HttpResponse:
    """One public case; whoever says "me too", or that it is not solved, becomes one of its reporters with a link
    of his own."""
    row, status = public.whole(case), 200
    joining: Sent = JoinForm()
    again: Sent = ReopenForm(prefix="again")
    if request.method == "POST":
        reopens = request.POST.get("form") == "again"
        form: Sent = ReopenForm(request.POST, prefix="again") if reopens else JoinForm(request.POST)
        answer, problem = _joined(request, row, form)
        if problem is None and form.is_valid():
            return redirect(answer)
        status = problem.status if problem else 422
        joining, again = (joining, form) if reopens else (form, again)
    context = {"row": row, "form": joining, "again": again, "here": "nearby"}
    return render(request, "portal/public.html", context, status=status)


def _joined(request: HttpRequest, row: dict[str, Any], form: Sent) -> tuple[str, Problem | None]:
    actor = actor_from(request)
    limit_anonymous(request, "join", per_minute=PER_MINUTE)
    if actor.is_known and not scope(actor, "case.report"):
        raise Denied()
    if not form.is_valid():
        return "", None
    reason = form.cleaned_data.get("reason")
    work = (lambda: {"link": reopen(actor, row["id"], reason)}) if reason else lambda: _join(actor, row)
    try:
        answer = once(actor.ref, form.idempotency_key, form.mark(f"join:{row['id']}"), work)
    except Problem as error:
        form.refuse(error)
        return "", error
    return f"{answer['link']}?joined=1", None


def _join(actor: Actor, row: dict[str, Any]) -> dict[str, str]:
    if not row["open"]:
        raise Conflict(CLOSED)
    _, reporter = actions.join(actor, row["id"], channel="web")
    return {"link": links.path(row["id"], reporter)}
