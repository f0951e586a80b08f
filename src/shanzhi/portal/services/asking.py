"""What a newer rule asks of somebody who has applied already: one question a page, as in the form."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import Invalid, NotFound, NotSignedIn, Problem
from shanzhi.orgs.auth import actor_from
from shanzhi.portal.services.questions import QuestionForm
from shanzhi.residents.queries import facts
from shanzhi.services.actions import drafting, repinning
from shanzhi.services.queries import applications
from shanzhi.web.forms import Sent
from shanzhi.web.names import titled


@never_cache
def asked(request: HttpRequest, case: UUID) -> HttpResponse:
    """The next question; back to the application when nothing is asked any more."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    found = applications.opened(actor, case)
    drafting.must_own(actor, found.application)
    keys = repinning.asked(found)
    if not keys:
        return redirect("application", case)
    key = request.POST.get("fact", keys[0])
    if key not in keys:
        raise NotFound()
    type_, status = facts.types()[key], 200
    form = QuestionForm(type_=type_, initial={"fact": key, "seen": found.state["version"]})
    if request.method == "POST":
        form, status = QuestionForm(request.POST, type_=type_), 422
        if form.is_valid():
            try:
                repinning.answer(actor, case, key, form.raw())
                messages.success(request, _("Thank you, this has reached us."))
                return redirect("application_asked", case)
            except Invalid as error:
                form.add_error("value", Sent.sentence(error))
            except Problem as error:
                messages.error(request, Sent.sentence(error))
                return redirect("application", case)
    context = {
        "case": case, "name": titled(found.item.name), "form": form, "basis": type_.basis, "left": len(keys),
        "here": "my",
    }  # fmt: skip
    return render(request, "portal/services/asked.html", context, status=status)
