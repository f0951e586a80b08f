"""A caller is on the line: the page that fills itself while the operator types, and what ends the call."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied, Invalid, Problem
from shanzhi.base.ids import format_number
from shanzhi.cases.queries import state_of
from shanzhi.desk.access import at_work
from shanzhi.desk.callform import CallForm, draft, taken
from shanzhi.desk.proposing import shown
from shanzhi.hotline.actions import calling as actions
from shanzhi.hotline.actions.calling import Outcome
from shanzhi.hotline.queries import calls
from shanzhi.hotline.queries.desk import suggested
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs
from shanzhi.web import names
from shanzhi.web.forms import kept_files
from shanzhi.web.problems import said


def operator(request: HttpRequest) -> Actor:
    """Whoever takes calls; raises NotSignedIn or Denied for everybody else."""
    actor = at_work(request)
    if not calls.may_take(actor):
        raise Denied()
    return actor


@never_cache
def calling(request: HttpRequest) -> HttpResponse:
    """The form; when a call has ended the next one begins, and what came of the last one is said."""
    actor = operator(request)
    if request.method != "POST":
        return _page(request, actor, CallForm())
    if request.POST.get("do") == "fill":
        return _page(request, actor, _filled(actor, request))
    form = CallForm(request.POST, request.FILES)
    ended = _ended(request, actor, form)
    if ended is None:
        return _page(request, actor, form, status=422)
    messages.success(request, _told(ended))
    return redirect("calling")


def _page(request: HttpRequest, actor: Actor, form: CallForm, *, status: int = 200) -> HttpResponse:
    """The page; what was typed is answered again, so that nothing has to be typed twice."""
    given = form.data or form.initial
    found = suggested(actor, draft(given), now()) if given.get("text") else None
    context = {"form": form, "here": "calling", "shows_safe": bool(form.errors.get("safe"))}
    return render(request, "desk/call.html", context | (shown(found) if found else {}), status=status)


def _filled(actor: Actor, request: HttpRequest) -> CallForm:
    """The form with what is proposed in it, for who works without JavaScript."""
    found = suggested(actor, draft(request.POST), now(), lists=False)
    fills = {name: value for name, value in shown(found)["fills"].items() if value}
    typed = {name: value for name, value in request.POST.items() if value}
    return CallForm(initial={**typed, **fills})


@require_POST
@never_cache
def proposals(request: HttpRequest) -> HttpResponse:
    """What is proposed for what was typed so far: a fragment, asked for while one types."""
    actor = operator(request)
    found = suggested(actor, draft(request.POST), now())
    return render(request, "desk/_proposals.html", {**shown(found), "fragment": True})


@require_POST
@never_cache
def caller(request: HttpRequest) -> HttpResponse:
    """Who calls, masked, and what he has reported before: a fragment; the look is written down."""
    actor = operator(request)
    phone = request.POST.get("phone", "")[:40]
    context: dict[str, Any] = {"asked": bool(phone.strip())}
    if phone.strip():
        try:
            people, history = actions.recognise(actor, phone)
            context |= {"people": people, "cases": _cases(history.cases), "answered": history.answered}
        except Invalid as error:
            listed = error.errors[0] if error.errors else error
            context["wrong"] = said(listed.message, listed.facts)
    return render(request, "desk/_caller.html", context)


def _cases(rows: Any) -> list[dict[str, Any]]:
    return [
        {**row, "number": format_number(row["number"]), "category": names.category(row["category"])}
        for row in rows
    ]


def _ended(request: HttpRequest, actor: Actor, form: CallForm) -> dict[str, Any] | None:
    """Writes the call down, once; None when something on the form is wrong, which is then said there."""
    files = kept_files(request, actor, form, "photos")
    into = _uuid(request.POST.get("into", ""))
    outcome: Outcome = "joined" if into else "answered" if request.POST.get("do") == "answered" else "case"
    if not form.is_valid():
        return None
    given = taken(form, outcome, into, files)

    def work() -> dict[str, Any]:
        call = actions.end(actor, given)
        return {"call": str(call.pk), "kind": call.kind, "case": str(call.case) if call.case else None}

    try:
        return once(actor.ref, form.idempotency_key, form.mark(f"call:{outcome}:{into}"), work)
    except Problem as error:
        form.refuse(error, {"lat": "address", "lon": "address"})
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told(ended: dict[str, Any]) -> str:
    """What came of the call, to read out: the number and who has it."""
    if ended["case"] is None:
        return _("Answered, and counted as a consultation.")
    state = state_of(UUID(ended["case"]))
    text = _("The caller has joined case %(number)s.") if ended["kind"] == "joined" else _(
        "Entered. The tracking number is %(number)s; it is with %(org)s."
    )  # fmt: skip
    facts = {"number": format_number(state["number"]), "org": orgs().get(state["org"], state["org"])}
    link = format_html('<a href="{}">{}</a>', reverse("case", args=[state.id]), _("Open the case"))
    return format_html("{} {}", text % facts, link)
