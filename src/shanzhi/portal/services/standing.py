"""What became of an application, for whoever applied; its document; what to add; taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import NotFound, NotSignedIn, Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import types
from shanzhi.cases.telling import promised
from shanzhi.journal import queries as journal
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import orgs
from shanzhi.residents.queries import facts
from shanzhi.services import documents
from shanzhi.services.actions import applying, drafting, repinning, supplying
from shanzhi.services.queries import applications
from shanzhi.services.queries.applications import Opened
from shanzhi.web import facts as words
from shanzhi.web.forms import ACCEPT, ManyFiles, ManyInput, Sent, kept_files
from shanzhi.web.names import titled

MOVES = ("withdraw",)
REASONED = {"ask", "reject", "decline", "grant", "grant_at_once"}


class SupplyForm(Sent):
    """What was missing, as files."""

    papers = ManyFiles(
        label=gettext_lazy("Files"), required=False, widget=ManyInput(attrs={"accept": ACCEPT})
    )


@never_cache
def application(request: HttpRequest, case: UUID) -> HttpResponse:
    """One's own application."""
    actor = _signed_in(request)
    found = applications.opened(actor, case)
    drafting.must_own(actor, found.application)
    if request.method == "POST":
        problem = _done(request, actor, found)
        if problem is None:
            return redirect("application", case)
        messages.error(request, Sent.sentence(problem))
        found = applications.opened(actor, case)
    return render(request, "portal/services/application.html", _context(actor, found))


def _signed_in(request: HttpRequest) -> Actor:
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    return actor


def _done(request: HttpRequest, actor: Actor, found: Opened) -> Problem | None:
    try:
        if request.POST.get("form") == "supply":
            form = SupplyForm(request.POST, request.FILES)
            files = kept_files(request, actor, form, "papers") if form.is_valid() else []
            for error in form.errors.get("papers", []):
                messages.error(request, str(error))
            supplying.supply(actor, found.state.id, files=files)
        elif request.POST.get("form") == "paper":
            form = SupplyForm(request.POST, request.FILES)
            files = kept_files(request, actor, form, "papers") if form.is_valid() else []
            for error in form.errors.get("papers", []):
                messages.error(request, str(error))
            repinning.hand_in(actor, found.state.id, request.POST.get("paper", "")[:40], files)
        elif request.POST.get("form") == "withdraw":
            supplying.withdraw(actor, found.state.id)
    except Problem as error:
        return error
    messages.success(request, _("Thank you, this has reached us."))
    return None


def _context(actor: Actor, found: Opened) -> dict[str, Any]:
    state, one = found.state, found.application
    told = _told(state.id)
    answer = found.answer if found.rule else None
    return {
        "one": one,
        "state": state,
        "name": titled(found.item.name),
        "number": format_number(state["number"]),
        "badge": _badge(state["state"]),
        "org": orgs().get(state["org"], state["org"]),
        "promised": promised(state) if state["open"] else None,
        "told": told,
        "asked": told[-1]["words"] if state["state"] == "supplement" and told else "",
        "facts": [words.told(key, fact) for key, fact in found.facts.items() if key in facts.types()],
        "reasons": [titled(reason) for reason in answer.reasons] if answer and answer.truth else [],
        "basis": list(answer.basis) if answer and answer.truth else [],
        "rows": one.rows,
        "document": found.document,
        "minutes": max(1, round((one.sent_at - one.started_at).total_seconds() / 60)),
        "supply": SupplyForm(),
        "withdraw": state["open"],
        "more": repinning.asked(found),
        "papers": _papers(found),
        "accept": ACCEPT,
        "here": "my",
    }


def _papers(found: Opened) -> list[dict[str, str]]:
    """Materials that an open application lacks and nobody has asked for by a move: a newer version asks them."""
    if not found.state["open"] or found.state["state"] == "supplement":
        return []
    return [
        {"key": one.key, "says": titled(one.remedy) if one.remedy else titled(one.reason)}
        for one in applications.reviewed(found).findings
        if one.what == "material"
    ]


def _told(case: UUID) -> list[dict[str, Any]]:
    """What has happened, in the order in which it did; whoever asks has applied himself."""
    moves = types.everything()[applying.TYPE].moves
    return [
        {"what": titled(moves[move].title), "at": entry.at, "words": _words(entry.data["facts"])}
        for entry in journal.stream(case)
        if entry.kind == "case.moved" and (move := entry.data["facts"].get("move")) in moves
    ]


def _words(told: dict[str, Any]) -> str:
    move = told.get("move")
    return str(told.get("reason") or told.get("result") or "") if move in REASONED else ""


def _badge(code: str) -> tuple[str, str]:
    return {
        "submitted": (_("To be accepted"), ""),
        "supplement": (_("Something is missing"), "warn"),
        "accepted": (_("Accepted"), ""),
        "granted": (_("Granted"), "good"),
        "declined": (_("Not granted"), "bad"),
        "rejected": (_("Not accepted"), "bad"),
    }.get(code, (_("Withdrawn"), "plain"))


@never_cache
def document(request: HttpRequest, case: UUID) -> HttpResponse:
    """The document as PDF, for its holder with his name on it."""
    actor = _signed_in(request)
    found = applications.opened(actor, case)
    drafting.must_own(actor, found.application)
    if found.document is None:
        raise NotFound()
    answer = HttpResponse(documents.pdf(found.document), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.document.number}.pdf"'
    return answer


def verify(request: HttpRequest) -> HttpResponse:
    """Whether a document is ours: by its number and code, without saying whose it is."""
    number, code = (request.GET.get(name, "").replace("\0", "").strip()[:40] for name in ("number", "code"))
    found = documents.verified(number, code) if number and code else None
    context = {
        "number": number,
        "code": code,
        "found": found,
        "asked": bool(number and code),
        "here": "services",
    }
    return render(request, "portal/services/verify.html", context)
