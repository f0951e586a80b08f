"""Leagues: streets, organisations, posts and persons by one figure, only where there is enough to say it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shanzhi.base.errors import gettext_noop
from shanzhi.insight import queries
from shanzhi.insight.figures import BY_CODE, FIGURES, POSTS
from shanzhi.insight.leagues import MINIMUM, league
from shanzhi.screen.asking import Asked
from shanzhi.web import names

GROUPS = {
    "street": gettext_noop("Streets"),
    "community": gettext_noop("Communities"),
    "org": gettext_noop("Organisations"),
    "category": gettext_noop("Categories"),
    **{post: title for post, (title, _codes) in POSTS.items()},
}


def leagues(request: HttpRequest) -> HttpResponse:
    """The table, with each one's interval and how many cases it is over."""
    asked = Asked.of(request)
    group = _one(request.GET.get("by", ""), GROUPS, "street")
    shares = [figure for figure in FIGURES if figure.whole]
    figure = BY_CODE[_one(request.GET.get("figure", ""), {one.code: 1 for one in shares}, "handle_on_time")]
    found = queries.by(asked.within, asked.period, group, [figure.code])
    rows = league(((code, values[figure.code]) for code, values in found.items()), figure.better)
    name = namer(group, [row.key for row in rows])
    context = {
        "asked": asked,
        "rows": [{"row": row, "name": name(row.key), "width": _width(row)} for row in rows],
        "groups": [(code, _(title), code == group) for code, title in GROUPS.items()],
        "figures": [(one.code, _(one.title), one.code == figure.code) for one in shares],
        "figure": figure,
        "group": group,
        "minimum": MINIMUM,
        "query": asked.query(),
        "here": "leagues",
    }
    return render(request, "screen/leagues.html", context)


def namer(group: str, keys: list[str]) -> Callable[[str], str]:
    """What those who are compared are called."""
    if group in ("street", "community"):
        return names.area
    if group == "category":
        return lambda code: names.category(code) or code
    known = names.names(keys if group in POSTS else [])
    return known.actor if group in POSTS else known.org


def _width(row: Any) -> dict[str, float]:
    """Where the interval and the share lie, in hundredths of the width."""
    share = row.value.share or 0.0
    return {
        "low": round(row.low * 100, 1),
        "wide": round((row.high - row.low) * 100, 1),
        "at": round(share * 100, 1),
    }


def _one(given: str, known: Any, otherwise: str) -> str:
    return given if given in known else otherwise
