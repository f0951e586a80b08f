"""Following a report: by its secret link without an account, or among one's own matters."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import Invalid, NotFound, NotSignedIn, Problem, gettext_noop
from shanzhi.base.ids import parse_number
from shanzhi.cases import actions, links, queries
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.receipts import once
from shanzhi.notices import queries as notices
from shanzhi.notices.actions import read
from shanzhi.notices.notice import words
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from, limit_anonymous
from shanzhi.portal import brought
from shanzhi.portal.forms import MoveForm, NoteForm, RatingForm, TrackForm, yes
from shanzhi.portal.matter import Matter, rows, texts
from shanzhi.residents.actions import take_back
from shanzhi.web.declared import plain
from shanzhi.web.forms import Sent, posted
from shanzhi.web.problems import said

PER_MINUTE = 20
MOST_NEWS = 20
INCOMPLETE = gettext_noop(
    "Please look whether the link is complete. "
    "Or choose “Track” above and enter the tracking number and the secret code."
)
LINK = re.compile(r"/track/([0-9a-f-]{36})/([\w-]+)/([\w-]+)")


def track(request: HttpRequest) -> HttpResponse:
    """Number and secret code lead to the page of the report."""
    form = TrackForm(posted(request))
    if request.method == "POST":
        limit_anonymous(request, "track", per_minute=PER_MINUTE)
        if form.is_valid():
            try:
                return redirect(_found(form.cleaned_data["number"], form.cleaned_data["code"].strip()))
            except Invalid as error:
                form.add_error("number", said(error.message, error.facts))
            except NotFound:
                form.add_error("code", _("Number and code do not belong together: please check both"))
    status = 422 if form.errors else 200
    return render(request, "portal/track.html", {"form": form, "here": "track"}, status=status)


def _found(number: str, code: str) -> str:
    case = queries.by_number(Actor.system(), parse_number(number))
    whole = LINK.search(code)
    reporter, secret = ("r1", code) if whole is None else (whole[2], whole[3])
    links.holder(case, reporter, secret)
    return f"/track/{case}/{reporter}/{secret}"


@never_cache
def linked(request: HttpRequest, case: UUID, reporter: str, secret: str) -> HttpResponse:
    """The page behind a secret link."""
    try:
        actor = links.holder(case, reporter, secret)
    except NotFound as error:
        raise NotFound(hint=INCOMPLETE) from error
    response = _page(request, actor, case, request.path)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def my(request: HttpRequest) -> HttpResponse:
    """One's own matters, what one was told, and the places one follows."""
    actor = _resident(request)
    if request.method == "POST":
        if request.POST.get("form") == "letters":
            brought.letters(actor, wanted=request.POST.get("wanted") == "yes")
        else:
            read(actor)
        return redirect("my")
    news = notices.inbox(actor, limit=MOST_NEWS)
    if getattr(request.user, "is_staff", False):  # what concerns his work is at the desk
        news = [one for one in news if one["kind"].startswith("place.")]
    context = {
        "rows": rows(queries.listed(actor, limit=100)),
        "notices": [_news(one) for one in news],
        "unread": any(one["read_at"] is None for one in news),
        "here": "my",
        **brought.followed(actor),
        **brought.services(actor),
    }
    return render(request, "portal/my.html", context)


def _news(one: dict[str, Any]) -> dict[str, Any]:
    """A notice in words, with the page it leads to: the public one for what happens at a place."""
    place = one["kind"].startswith("place.")
    href = reverse("public" if place else "mine", args=[one["case"]]) if one["case"] else ""
    data = one["data"]
    href = brought.found_service(one["kind"], data) or href
    thing = brought.thing(data) if place else data.get("title") or data.get("number", "")
    return {**one, "what": _(words(one["kind"])), "href": href, "thing": thing}


@never_cache
def mine(request: HttpRequest, case: UUID) -> HttpResponse:
    """One of them; an application has a page of its own."""
    if brought.is_application(case):
        return redirect("application", case)
    return _page(request, _resident(request), case, request.path)


def _resident(request: HttpRequest) -> Actor:
    """Whoever is signed in, as one who reports: what he may do at his work does not count here."""
    actor = actor_from(request)
    if actor.account is None:
        raise NotSignedIn()
    return replace(actor, grants=())


def _page(request: HttpRequest, actor: Actor, case: UUID, here: str) -> HttpResponse:
    view = queries.view(actor, case)
    bound: Sent | None = None
    name, status = "", 200
    if request.method == "POST":
        name = request.POST.get("form", "")
        bound = _form(request, name, view)
        error = _done(actor, case, name, bound)
        if error is None and bound.is_valid():
            messages.success(request, _("Thank you, this has reached us."))
            return redirect(here)
        status = error.status if error else 422
        view = queries.view(actor, case)
    matter = Matter(view, actor, here, name, bound)
    told = {one: one in request.GET for one in ("sent", "joined")}
    context = {"matter": matter, "link": request.build_absolute_uri(here), **told}
    return render(request, "portal/matter.html", context, status=status)


def _form(request: HttpRequest, name: str, view: queries.View) -> Sent:
    prefix = name
    if name == "note":
        return NoteForm(request.POST, prefix=prefix)
    if name == "rating":
        return RatingForm(request.POST, prefix=prefix)
    if name == "silence":
        return Sent(request.POST, prefix=prefix)
    return MoveForm(request.POST, prefix=prefix, move=view.type.moves.get(name))


def _done(actor: Actor, case: UUID, name: str, form: Sent) -> Problem | None:
    """Does what a form asks for, once; what is wrong is put on the form and returned."""
    if not form.is_valid():
        return None
    work = _work(actor, case, name, form)

    def answered() -> dict[str, str]:
        work()
        return {"case": str(case)}

    try:
        once(f"{actor.ref}:{case}", form.idempotency_key, form.mark(name), answered)
    except Problem as error:
        form.refuse(error, {"satisfied": "satisfied"})
        return error
    return None


def _work(actor: Actor, case: UUID, name: str, form: Sent) -> Callable[[], object]:
    given = form.cleaned_data
    if name == "note":
        return lambda: actions.note(actor, case, given["words"], public=True)
    if name == "rating":
        answers = Answers(yes(given["contacted"]), yes(given["solved"]), given["satisfied"], given["words"])
        return lambda: actions.evaluate(actor, case, answers)
    if name == "silence":
        return lambda: _silence(actor, case)
    declared = {n: given.get(n) for n in getattr(form, "declared", ())}
    inputs = Inputs(reason=given.get("reason", ""), fields=plain(declared))
    return lambda: actions.move(actor, case, name, inputs=inputs, seen=given["version"])


def _silence(actor: Actor, case: UUID) -> None:
    """No more text messages about this report, for the one whose link it is."""
    if (texted := texts(queries.state_of(case), actor)) is not None:
        take_back(actor, texted[0], purpose=texted[1])
