"""API clients: machines that call with a key, which is shown once and can be exchanged without a stop."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.admin.access import with_right
from shanzhi.admin.accounts import GrantForm, shown
from shanzhi.base.errors import Problem
from shanzhi.base.ids import new_secret
from shanzhi.journal.receipts import once
from shanzhi.orgs import actions, queries
from shanzhi.orgs.actor import Actor
from shanzhi.web.forms import Sent, posted
from shanzhi.web.problems import said

OVERLAPS = (
    (0, gettext_lazy("at once: the key is lost or known to others")),
    (1, gettext_lazy("one hour")),
    (24, gettext_lazy("one day")),
    (168, gettext_lazy("one week")),
)


def _rate() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Requests a minute"), initial=600, min_value=1, max_value=10_000_000
    )


class ClientForm(Sent):
    """A new client."""

    name = forms.CharField(
        label=gettext_lazy("Name of the system"),
        max_length=100,
        help_text=gettext_lazy("It stands in the journal beside everything that the system does"),
    )
    per_minute = _rate()


class RateForm(forms.Form):
    """How often it may call."""

    per_minute = _rate()


class RotateForm(Sent):
    """A new key instead of the one in use."""

    overlap = forms.TypedChoiceField(
        label=gettext_lazy("How long the key in use is good for"), coerce=int, choices=OVERLAPS, initial=24
    )


def clients(request: HttpRequest) -> HttpResponse:
    """The clients, and the form for one more; its key is in the answer to the form and nowhere else."""
    actor = with_right(request, "org.manage")
    form = ClientForm(posted(request))
    if form.is_bound and form.is_valid():
        id_, key = _opened(actor, form)
        if id_:
            return _page(request, id_, key) if key else _known(request, id_)
    listed = [{**one, "grants": list(shown(one["grants"]))} for one in queries.clients()]
    context = {"clients": listed, "form": form, "here": "clients"}
    return render(request, "admin/clients.html", context, status=422 if form.errors else 200)


def _opened(actor: Actor, form: ClientForm) -> tuple[int, str]:
    """The new client and its key; without the key when this very form was sent before, 0 when it was refused."""
    given = form.cleaned_data
    try:
        return _shown_once(
            actor,
            form,
            "client",
            lambda: actions.open_client(actor, given["name"], per_minute=given["per_minute"]),
        )
    except Problem as error:
        form.refuse(error)
        return 0, ""


def _shown_once(actor: Actor, form: Sent, name: str, work: Callable[[], tuple[Any, str]]) -> tuple[int, str]:
    """The client and the key that `work` makes; no key when it was done before: what was tried now is undone."""
    keys: dict[str, str] = {}

    def done() -> dict[str, Any]:
        client, key = work()
        turn = new_secret()
        keys[turn] = key
        return {"client": client.pk, "turn": turn}  # never the key itself

    answer = once(actor.ref, form.idempotency_key, form.mark(name), done)
    return int(answer["client"]), keys.get(answer["turn"], "")


def _known(request: HttpRequest, id_: int) -> HttpResponse:
    messages.info(request, _("This was done already; its key was shown then. Exchange it if it is lost."))
    return redirect("admin-client", id_)


def client(request: HttpRequest, id_: int) -> HttpResponse:
    """One client: its roles, its limit, a new key, its end."""
    actor = with_right(request, "org.manage")
    found = queries.client(id_)
    match request.POST.get("do") if request.method == "POST" else "":
        case "grant" | "rate" as what:
            form = GrantForm(request.POST) if what == "grant" else RateForm(request.POST)
            if not _changed(actor, found, form):
                return _page(request, id_, bound={what: form})
        case "rotate":
            return _rotated(request, actor, id_)
        case "take":
            _taken(actor, found, request.POST.get("grant", ""))
        case "close":
            actions.revoke(actor, id_)
        case _:
            return _page(request, id_)
    messages.success(request, _("Done."))
    return redirect("admin-client", id_)


def _taken(actor: Actor, found: dict[str, Any], which: str) -> None:
    """Takes away the grant of a number; one that is not there is no grant."""
    held = [grant for i, grant in enumerate(found["grants"]) if str(i) != which]
    if held != found["grants"]:
        actions.grant_client(actor, found["id"], held, per_minute=found["per_minute"])


def _changed(actor: Actor, found: dict[str, Any], form: GrantForm | RateForm) -> bool:
    """One more role, or another limit; what is wrong is put on the form."""
    if not form.is_valid():
        return False
    grants = [*found["grants"], form.grant()] if isinstance(form, GrantForm) else found["grants"]
    rate = form.cleaned_data.get("per_minute", found["per_minute"])
    try:
        actions.grant_client(actor, found["id"], grants, per_minute=rate)
    except Problem as error:
        faults = [one.message for one in getattr(error, "errors", ())] or [error.message]
        form.add_error(None, " ".join(map(_, faults)))
        return False
    return True


def _rotated(request: HttpRequest, actor: Actor, id_: int) -> HttpResponse:
    """The page with the new key; sent a second time, the same form changes nothing."""
    form = RotateForm(request.POST)
    if not form.is_valid():
        return _page(request, id_, bound={"rotate": form})
    overlap = timedelta(hours=form.cleaned_data["overlap"])
    try:
        _id, key = _shown_once(
            actor, form, f"rotate {id_}", lambda: actions.rotate(actor, id_, overlap=overlap)
        )
    except Problem as error:
        messages.error(request, said(error.message, error.facts))
        return redirect("admin-client", id_)
    return _page(request, id_, key) if key else _known(request, id_)


def _page(
    request: HttpRequest, id_: int, key: str = "", bound: Mapping[str, forms.Form] | None = None
) -> HttpResponse:
    """The page of a client, with its new key or with a form that was refused."""
    bound = bound or {}
    found = queries.client(id_)
    context = {
        "client": found,
        "grants": list(shown(found["grants"])),
        "key": key,
        "form": bound.get("grant") or GrantForm(),
        "rate": bound.get("rate") or RateForm(initial={"per_minute": found["per_minute"]}),
        "rotate": bound.get("rotate") or RotateForm(),
        "here": "clients",
    }
    answer = render(request, "admin/client.html", context, status=422 if bound else 200)
    if key:
        answer["Cache-Control"] = "no-store"
    return answer
