"""Colleagues in notes: who can be mentioned in a case, who that is, and mentions shown as links."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import NotFound
from shanzhi.base.ids import format_number
from shanzhi.cases import queries
from shanzhi.cases.mentions import parts
from shanzhi.desk.access import at_work
from shanzhi.orgs.queries import orgs, staff
from shanzhi.web import names

LONGEST = 64
MOST = 50


@never_cache
def colleagues(request: HttpRequest, id_: Any) -> JsonResponse:
    """Who can be mentioned in this case, as JSON: only who sees it for his work, asked by such a one."""
    text = request.GET.get("text", "").strip().lower()[:LONGEST]
    found = queries.colleagues(at_work(request), id_, text)
    return JsonResponse({"found": [{"username": username, "name": name} for username, name in found]})


def person(request: HttpRequest, username: str) -> HttpResponse:
    """A colleague: what he is, and the open cases with him that the asker may see himself."""
    actor = at_work(request)
    found = staff([username.lower()]).get(username.lower())
    if found is None:
        raise NotFound()
    known = orgs({grant.org for grant in found.grants if grant.org})
    rows = queries.listed(actor, filters=Q(person=found.account, open=True), order="due_at", limit=MOST)
    context = {
        "name": found.name,
        "username": username.lower(),
        "posts": [
            (names.role(one.role), known.get(one.org, one.org) or names.area(one.area, within=0))
            for one in found.grants
        ],
        "rows": [{**row, "number": format_number(row["number"])} for row in rows],
    }
    return render(request, "desk/person.html", context)


def linked(text: str, mentions: Mapping[str, int]) -> SafeString:
    """A note with its mentions as links; everything else is shown as it was typed."""
    pieces = [
        (format_html('<a class="mention" href="{}">{}</a>', reverse("colleague", args=[name]), piece),)
        if name in mentions
        else (piece,)
        for piece, name in parts(text)
    ]
    return format_html_join("", "{}", pieces)
