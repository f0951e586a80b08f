"""One's notices."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shanzhi.desk.access import at_work
from shanzhi.notices import actions, queries
from shanzhi.notices.notice import words

PAGE = 50


def inbox(request: HttpRequest) -> HttpResponse:
    """The notices, newest first; a button marks all as read."""
    actor = at_work(request)
    if request.method == "POST":
        actions.read(actor)
        return redirect("inbox")
    before = request.GET.get("before", "")
    found = queries.inbox(
        actor, before=int(before) if before.isdecimal() and len(before) < 19 else None, limit=PAGE
    )
    context: dict[str, Any] = {
        "notices": [{**one, "what": what(one["kind"]), "page": page(one["kind"])} for one in found],
        "after": found[-1]["id"] if len(found) == PAGE else None,
        "here": "inbox",
    }
    return render(request, "desk/inbox.html", context)


def what(kind: str) -> str:
    """A notice's kind in words, with or without the name of its room before it."""
    return _(words(kind)) or _("Notice")


def page(kind: str) -> str:
    """The page that a notice leads to: what happens at a place that one follows is read as anybody reads it."""
    return "public" if kind.startswith("place.") else "case"
