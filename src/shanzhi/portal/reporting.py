"""The report page: nobody needs an account."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shanzhi.base.errors import Denied, Problem
from shanzhi.cases.opening import Report
from shanzhi.intake.reporting import Incoming, receive
from shanzhi.journal.receipts import Answer
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from, limit_anonymous
from shanzhi.orgs.queries import scope
from shanzhi.portal.forms import ReportForm
from shanzhi.residents.person import Contact
from shanzhi.web.forms import kept_files

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
    answer = sent(request, actor, form)
    if answer is None:
        return shown(request, form, 422)
    return redirect(f"{answer['link']}?sent=1")


def shown(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    return render(request, "portal/report.html", {"form": form, "here": "report"}, status=status)


def sent(request: HttpRequest, actor: Actor, form: ReportForm) -> Answer | None:
    """The answer to a report, or None when something on the form is wrong."""
    files = kept_files(request, actor, form, "photos")
    if not form.is_valid():
        return None
    given = form.cleaned_data
    incoming = Incoming(made(given, actor, files), Contact(given["name"], given["phone"]))
    try:
        return receive(actor, incoming, key=form.idempotency_key, request=form.mark("report"))
    except Problem as error:
        form.refuse(error, {"lat": "address", "lon": "address"})
        return None


def made(given: dict[str, Any], actor: Actor, files: list[UUID]) -> Report:
    """The report as the engine takes it; one's own position says more than a community that one chose."""
    located = given["lon"] is not None and given["lat"] is not None
    return Report(
        type=given["type"],
        text=given["text"],
        category=given["category"],
        lon=given["lon"] if located else None,
        lat=given["lat"] if located else None,
        address=given["address"],
        area="" if located else given["area"],
        channel="web",
        account=actor.account,
        files=tuple(files),
    )
