"""The screen: what comes in, what is open, how the stages do, where and with whom; each figure opens into cases."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shanzhi.cases import queries as cases
from shanzhi.cases import types
from shanzhi.insight import queries
from shanzhi.insight.figures import FIGURES, NOW, STAGES, Figure, Value
from shanzhi.orgs.queries import orgs
from shanzhi.places import queries as places
from shanzhi.screen.asking import Asked
from shanzhi.screen.cards import Card, change
from shanzhi.screen.drawing import days, shade
from shanzhi.screen.listing import lines
from shanzhi.web import names
from shanzhi.web.listening import listening
from shanzhi.web.report import area_choices

RATES = (
    "valid",
    "register_on_time",
    "dispatch_on_time",
    "dispatch_accurate",
    "handle_on_time",
    "closed_in_time",
    "solved",
)


@listening
def overview(request: HttpRequest) -> HttpResponse:
    """The screen of a leader; ten statements besides those of the session, however many cases there are."""
    asked = Asked.of(request)
    found = list(cards(asked))
    context = {
        "asked": asked,
        "now": [Card(figure, value) for figure, value in _now(asked)],
        "stages": [
            (_(STAGES[stage]), list(group))
            for stage, group in groupby(found, key=lambda card: card.figure.stage)
        ],
        "charts": charts(asked),
        "waiting": list(lines(cases.of_ids(asked.actor, queries.longest(asked.within)))),
        "areas": area_choices()[1:],
        "orgs": orgs().items(),
        "types": [(one.type, names.titled(one.title)) for one in types.everything().values()],
        "query": asked.query(),
        "here": "screen",
    }
    return render(request, "screen/overview.html", context)


@listening
def wall(request: HttpRequest) -> HttpResponse:
    """The same for a wall: dark, legible from five metres, changing by itself."""
    asked = Asked.of(request)
    by_code = {card.figure.code: card for card in cards(asked)}
    context = {
        "asked": asked,
        "now": [Card(figure, value) for figure, value in _now(asked)],
        "rates": [
            by_code[code] for code in ("handle_on_time", "closed_in_time", "contacted", "solved", "satisfied")
        ],
        "reported": by_code["reported"],
        "charts": charts(asked),
        "waiting": list(lines(cases.of_ids(asked.actor, queries.longest(asked.within, 6)))),
        "query": asked.query(),
    }
    return render(request, "screen/wall.html", context)


def _now(asked: Asked) -> Iterator[tuple[Figure, Value]]:
    current = queries.current(asked.within)
    return ((figure, current[figure.code]) for figure in NOW)


def cards(asked: Asked) -> Iterator[Card]:
    """Each figure of the period beside the period before it and the same weeks a year ago; three statements."""
    here, before, year = (
        queries.figures(asked.within, period)
        for period in (asked.period, asked.period.before(), asked.period.year_ago())
    )
    for figure in FIGURES:
        value = here[figure.code]
        yield Card(
            figure,
            value,
            change(figure, value, before[figure.code]),
            change(figure, value, year[figure.code]),
        )


def charts(asked: Asked) -> dict[str, Any]:
    """What the page draws: days, the stages by street and by organisation, and where it is hot."""
    within, period = asked.within, asked.period
    chosen = [figure for figure in FIGURES if figure.code in RATES]
    known = orgs()
    return {
        "days": days(
            [(str(day), reported, closed) for day, reported, closed in queries.series(within, period)]
        ),
        "figures": [_(figure.title) for figure in chosen],
        "streets": _rates(queries.by(within, period, "street", RATES), lambda code: names.area(code)),
        "orgs": _rates(queries.by(within, period, "org", RATES), lambda code: known.get(code, code)),
        "heat": _points(queries.heat(within, period)),
    }


def _rates(found: dict[str, dict[str, Value]], name: Any) -> list[dict[str, Any]]:
    """The rows of a table, those with most cases first, at most 24; each cell with its share and its shade."""
    rows = [
        {
            "code": code,
            "name": name(code),
            "cells": [_cell(figure, value) for figure, value in values.items()],
            "most": max((value.of or 0 for value in values.values()), default=0),
        }
        for code, values in found.items()
    ]
    return sorted(rows, key=lambda row: -row["most"])[:24]


def _cell(figure: str, value: Value) -> dict[str, Any]:
    percent = round(100 * value.n / value.of, 1) if value.of else None
    return {
        "figure": figure,
        "n": value.n,
        "of": value.of,
        "percent": percent,
        "shade": shade(value.n, value.of),
    }


def _points(found: dict[str, int]) -> dict[str, Any]:
    """The middles of grids with how much was reported in each, as GeoJSON."""
    known = places.areas()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
            "properties": {"n": n},
        }
        for code, n in found.items()
        if (place := known.get(code)) and place.lon is not None
    ]
    return {"type": "FeatureCollection", "features": features}
