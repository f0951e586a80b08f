"""Calls that were taken: the list with its counts, one call with its recordings and what was said."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import now
from shanzhi.base.errors import NotFound, Problem
from shanzhi.base.ids import format_number
from shanzhi.cases.queries import of_ids
from shanzhi.desk.callform import ACCEPTED
from shanzhi.desk.calling import operator
from shanzhi.files import queries as files
from shanzhi.files.queries import Copy
from shanzhi.files.serve import answer
from shanzhi.hotline.actions.calling import attach
from shanzhi.hotline.queries import answers
from shanzhi.hotline.queries import calls as queries
from shanzhi.hotline.words import CALLS
from shanzhi.journal.receipts import once
from shanzhi.language.entities import mask
from shanzhi.orgs.actor import Actor
from shanzhi.web import names
from shanzhi.web.forms import ManyFiles, ManyInput, Sent, kept_files

BACK = timedelta(days=30)


class RecordingForm(Sent):
    """Recordings that come after the call."""

    photos = ManyFiles(
        label=gettext_lazy("Recordings and photos"),
        required=False,
        widget=ManyInput(attrs={"accept": ACCEPTED}),
    )


@never_cache
def taken_calls(request: HttpRequest) -> HttpResponse:
    """The latest calls, how today's ended, and what was asked most in the last thirty days."""
    actor = operator(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in CALLS else ""
    page = request.GET.get("page", "1")
    number = max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    size = queries.PAGE
    found = queries.listed(actor, kind=kind, offset=(number - 1) * size, limit=size + 1)
    counts = queries.today(actor, now())
    context = {
        "tabs": [("", _("All"), sum(counts.values()), not kind)]
        + [(code, _(title), counts.get(code, 0), code == kind) for code, title in CALLS.items()],
        "rows": _rows(actor, found[:size]),
        "asked": [(answers.question(key), n) for key, n in queries.asked_most(actor, now() - BACK)],
        "kind": kind,
        "before": number - 1,
        "after": number + 1 if len(found) > size else 0,
        "here": "hotline",
    }
    return render(request, "desk/hotline/calls.html", context)


def _rows(actor: Actor, found: list[Any]) -> list[dict[str, Any]]:
    seen = {row["id"]: row for row in of_ids(actor, {call.case for call in found if call.case})}
    return [_row(call, seen.get(call.case) if call.case else None) for call in found]


def _row(call: Any, case: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "call": call,
        "kind": names.word(CALLS, call.kind),
        "text": mask(call.text)[:80],
        "category": names.category(call.category) if call.category else "",
        "case": case,
        "number": format_number(case["number"]) if case else "",
    }


@never_cache
def taken_call(request: HttpRequest, id_: UUID) -> HttpResponse:
    """One call: what was said and answered, its recordings to listen to, and a place for those that come later."""
    actor = operator(request)
    call = queries.one(actor, id_)
    form, status = RecordingForm(), 200
    if request.method == "POST":
        form = RecordingForm(request.POST, request.FILES)
        if _kept(request, actor, form, call):
            messages.success(request, _("Done."))
            return redirect("taken_call", id_)
        status = 422
    known = files.get([UUID(one) for one in call.files])
    context = {
        "row": _rows(actor, [call])[0],
        "call": call,
        "answer": answers.answer(call.answer) if call.answer else None,
        "sounds": [one for one in known.values() if one.media_type.startswith(("audio/", "video/"))],
        "others": [one for one in known.values() if not one.media_type.startswith(("audio/", "video/"))],
        "transcript": queries.transcript(call),
        "text": mask(call.text),
        "form": form,
        "here": "hotline",
    }
    return render(request, "desk/hotline/call.html", context, status=status)


def _kept(request: HttpRequest, actor: Actor, form: RecordingForm, call: Any) -> bool:
    """Puts what was sent to the call, once; what is wrong is said on the form."""
    sent = kept_files(request, actor, form, "photos")
    if not form.is_valid():
        return False
    if not sent:
        form.add_error("photos", _("Choose a file"))
        return False

    def work() -> dict[str, Any]:
        return {"call": str(attach(actor, call.pk, tuple(sent)).pk)}

    try:
        once(actor.ref, form.idempotency_key, form.mark(f"recording:{call.pk}"), work)
    except Problem as error:
        form.refuse(error)
        return False
    return True


def recording(request: HttpRequest, id_: UUID, file: UUID, name: str) -> HttpResponse:
    """A recording of a call, for whoever may see the call; players ask for it in parts."""
    call = queries.one(operator(request), id_)
    if str(file) not in call.files:
        raise NotFound()

    def visible(_actor: Actor, _case: UUID) -> Copy | None:
        return "original"

    return answer(request, file, name, visible)
