"""What leaves the house: messages that wait or are dead, and the systems that are told."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.admin.access import number, with_right
from shanzhi.base.errors import Problem
from shanzhi.notices import actions, queries
from shanzhi.orgs.actor import Actor
from shanzhi.web.forms import Sent

KINDS = ("opened", "moved", "rated", "noted", "clock", "asked", "decided")


class EndpointForm(Sent):
    """Another system that is to be told."""

    name = forms.CharField(label=gettext_lazy("Name of the system"), max_length=80)
    url = forms.CharField(
        label=gettext_lazy("Its address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("It is sent a signed POST for each entry (Standard Webhooks)"),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Only these kinds of entries"),
        required=False,
        choices=[(kind, kind) for kind in (*(f"case.{kind}" for kind in KINDS), "hotline.order")],
        widget=forms.CheckboxSelectMultiple,
    )


def outbox(request: HttpRequest) -> HttpResponse:
    """The page; a secret is shown once, when its endpoint is added."""
    actor = with_right(request, "org.manage")
    form, secret = EndpointForm(), ""
    if request.method == "POST":
        if "add" not in request.POST:
            return _done(request, actor)
        form = EndpointForm(request.POST)
        secret = _added(actor, form)
        form = EndpointForm() if secret else form
    context: dict[str, Any] = {
        "counts": queries.outbox(),
        "dead": queries.deliveries("dead"),
        "waiting": queries.deliveries("waiting", limit=20),
        "endpoints": queries.endpoints(),
        "form": form,
        "secret": secret,
        "here": "outbox",
    }
    return render(request, "admin/outbox.html", context, status=422 if form.errors else 200)


def _added(actor: Actor, form: EndpointForm) -> str:
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    try:
        return actions.add_endpoint(actor, given["name"], given["url"], given["kinds"])
    except Problem as error:
        form.refuse(error)
        return ""


def _done(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Sends dead messages again, or switches an endpoint."""
    given = request.POST
    if "switch" in given:
        actions.switch_endpoint(actor, number(given["switch"]), active=given.get("to") == "on")
        messages.success(request, _("Done."))
    else:
        n = actions.send_again(actor, map(number, given.getlist("delivery")))
        messages.success(request, _("%(n)s messages are tried again.") % {"n": n})
    return redirect("admin-outbox")
