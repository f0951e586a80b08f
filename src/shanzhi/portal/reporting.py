"""The report page: nobody needs an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shanzhi.base.errors import Denied
from shanzhi.orgs.auth import actor_from, limit_anonymous
from shanzhi.orgs.queries import scope
from shanzhi.web.report import ReportForm, sent

PER_MINUTE = 20


def report(request: HttpRequest) -> HttpResponse:
    """The form; what was sent leads to its tracking page."""
    actor = actor_from(request)
    door = "resident" if actor.is_known else "anonymous"
    if request.method != "POST":
        return shown(request, ReportForm(door=door))
    limit_anonymous(request, "report", per_minute=PER_MINUTE)
    if actor.is_known and not scope(actor, "case.report"):
        raise Denied()
    form = ReportForm(request.POST, request.FILES, door=door)
    answer = sent(request, actor, form, channel="web", account=actor.account)
    if answer is None:
        return shown(request, form, 422)
    return redirect(f"{answer['link']}?sent=1")


def shown(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    return render(request, "portal/report.html", {"form": form, "here": "report"}, status=status)
