"""Entering a report for somebody who calls."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shanzhi.base.errors import Denied
from shanzhi.desk.access import at_work
from shanzhi.orgs.queries import scope
from shanzhi.web.report import ReportForm, sent


def calling(request: HttpRequest) -> HttpResponse:
    """The form; what was entered leads to the page of its case."""
    actor = at_work(request)
    if not scope(actor, "case.report_for"):
        raise Denied()
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReportForm(*data, door="operator")
    form.fields["name"].label = _("Name of the caller")
    form.fields["phone"].label = _("Phone of the caller")
    answer = sent(request, actor, form, channel="hotline", account=None) if data else None
    if answer is not None:
        text = _("Entered. The tracking number is %(number)s.") % {"number": answer["number"]}
        messages.success(request, text)
        return redirect("case", answer["id"])
    status = 422 if form.is_bound else 200
    return render(request, "desk/report.html", {"form": form, "here": "calling"}, status=status)
