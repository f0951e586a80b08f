"""The cases behind a figure."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.base.errors import NotFound, gettext_noop
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.cases import types
from shanzhi.insight import queries
from shanzhi.insight.figures import ALL
from shanzhi.orgs.queries import orgs
from shanzhi.screen.asking import Asked
from shanzhi.screen.cards import Card
from shanzhi.web import names

PAGE = 50
UNKNOWN = gettext_noop("There is no figure %(figure)s")


def behind(request: HttpRequest) -> HttpResponse:
    """What spoils a share, or makes up a number; raises NotFound for a figure nobody counts."""
    asked, figure = Asked.of(request), ALL.get(request.GET.get("figure", ""))
    if figure is None:
        raise NotFound(UNKNOWN, figure=request.GET.get("figure", ""))
    page = _page(request.GET.get("page", ""))
    counted = queries.figures(asked.within, asked.period) | queries.current(asked.within)
    found = queries.behind(asked.within, asked.period, figure, limit=PAGE + 1, offset=(page - 1) * PAGE)
    context = {
        "asked": asked,
        "card": Card(figure, counted[figure.code]),
        "spoils": bool(figure.whole),
        "rows": list(lines(cases.of_ids(asked.actor, found[:PAGE]))),
        "before": asked.query(figure=figure.code, page=str(page - 1)) if page > 1 else "",
        "after": asked.query(figure=figure.code, page=str(page + 1)) if len(found) > PAGE else "",
        "query": asked.query(),
        "here": "screen",
    }
    return render(request, "screen/behind.html", context)


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def lines(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows of cases in words, the longest waiting first."""
    known, at = orgs(), now()
    for row in sorted(rows, key=lambda one: one["opened_at"]):
        type_ = types.version(row["type"], row["type_version"])
        yield {
            "id": row["id"],
            "number": format_number(row["number"]),
            "title": row["title"],
            "open": row["open"],
            "state": names.titled(type_.states[row["state"]].title),
            "area": names.area(row["area"]),
            "org": known.get(row["org"], row["org"]),
            "opened_at": row["opened_at"],
            "days": (at - row["opened_at"]).days,
            "late": _("late") if row["open"] and row["due_at"] and row["due_at"] < at else "",
        }
