"""Pages for those who look over an area: rounds with what they missed, points left out, and the codes to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import scope
from shanzhi.patrol import queries


def _overseer(request: HttpRequest, right: str) -> Actor:
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    reach = scope(actor, right)
    if not (reach.everything or reach.areas):
        raise Denied(right=right)
    return actor


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """The latest rounds in one's areas, and the points where nobody has been in time."""
    actor = _overseer(request, "case.view")
    prints = bool(scope(actor, "case.assign"))
    context = queries.looked_over(actor, now()) | {"here": "patrol", "prints": prints, "tab": "rounds"}
    return render(request, "patrol/rounds.html", context)


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The codes of the points in one's areas, for those who may assign work there."""
    from shanzhi.patrol.papers import sheet

    actor = _overseer(request, "case.assign")
    response = HttpResponse(sheet(queries.stops_in(queries.watched(actor))), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="points.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("patrol/", rounds, name="patrol"),
    path("patrol/codes.pdf", codes, name="patrol_codes"),
]
