"""The responsibility list as a whole: gaps, overlaps, who is named most; rows to copy from what was decided."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shanzhi.desk.access import at_work
from shanzhi.hotline import duties
from shanzhi.hotline.duties import Decided, Whole
from shanzhi.hotline.queries import lists
from shanzhi.orgs.queries import orgs
from shanzhi.places import queries as places
from shanzhi.web import names

CROWDED = 4


def duty_list(request: HttpRequest) -> HttpResponse:
    """The page."""
    actor = at_work(request)
    rule, whole = lists.current(), lists.whole()
    decided = lists.decided(actor)
    context: dict[str, Any] = {
        "rule": rule,
        "title": rule.spec.title.en
        if rule and names.language() == "en"
        else rule.spec.title.zh
        if rule
        else "",
        "decided": [_decided(one) for one in decided[:100]],
        "here": "hotline",
    }
    if rule is not None and whole is not None:
        context |= _found(whole) | {"rows": len(rule.spec.rows), "cells": len(whole.cells)}
    return render(request, "desk/hotline/duties.html", context)


def _found(whole: Whole) -> dict[str, Any]:
    known, streets = orgs(), len(places.children(places.county()))
    return {
        "gaps": [
            {
                "category": names.category(category),
                "code": category,
                "areas": [] if len(areas) == streets else [names.area(area) for area in areas],
            }
            for category, areas in duties.gaps(whole).items()
        ],
        "conflicts": [
            {
                "one": one,
                "category": names.category(one.category),
                "area": names.area(one.area),
                "first": known.get(one.first, one.first),
                "second": known.get(one.second, one.second),
            }
            for one in duties.conflicts(whole)
        ],
        "crowds": [
            {
                "category": names.category(one.category),
                "n": len(one.units),
                "leads": "、".join(known.get(lead, lead) for lead in one.leads),
                "units": "、".join(known.get(unit, unit) for unit in one.units),
            }
            for one in duties.crowds(whole, CROWDED)[: duties.LISTED]
        ],
    }


def _decided(one: Decided) -> dict[str, Any]:
    known = orgs()
    return {
        "one": one,
        "category": names.category(one.category),
        "area": names.area(one.area) if one.area else "",
        "org": known.get(one.org, one.org),
        "listed": known.get(one.listed, one.listed),
    }


def duty_rows(request: HttpRequest, kind: str) -> HttpResponse:
    """What the centre decided where the list names nobody, as rows ready to be copied into the pack."""
    rows = [one for one in lists.decided(at_work(request)) if not one.listed]
    if kind == "csv":
        answer = HttpResponse("\ufeff" + duties.offered_csv(rows), content_type="text/csv; charset=utf-8")
    elif kind == "yaml":
        answer = HttpResponse(duties.offered_yaml(rows), content_type="text/plain; charset=utf-8")
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="responsibility-rows.{kind}"'
    return answer
