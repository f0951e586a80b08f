"""Models of texts: which versions there are, how good they are, and what they get wrong."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from shanzhi.admin.access import with_right
from shanzhi.learning import queries
from shanzhi.rules.queries import categories

WORST = 20  # pairs that are confused most


def models(request: HttpRequest) -> HttpResponse:
    """All versions, those that run marked."""
    with_right(request, "org.manage")
    context = {"versions": queries.versions(), "costs": queries.costs(), "here": "models"}
    return render(request, "admin/models.html", context)


def model(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The report of one version."""
    with_right(request, "org.manage")
    found = queries.version(name, number)
    context = {"one": found, "here": "models", **shown(found, get_language() or "zh-hans")}
    return render(request, "admin/model.html", context)


def shown(one: dict[str, Any], language: str) -> dict[str, Any]:
    """The report with the titles of categories; classes by their F1, the worst first."""
    report = one["report"]
    classes = sorted(report["classes"], key=lambda row: (row["f1"], -row["count"]))
    confused = sorted((row for row in report["confusion"] if row[0] != row[1]), key=lambda row: -row[2])
    return {
        "classes": [{**row, "name": named(row["label"], language)} for row in classes],
        "confused": [(named(a, language), named(b, language), count) for a, b, count in confused[:WORST]],
        "curve": report["curve"],
        "wrong": [
            {**row, "label": named(row["label"], language), "said": named(row["said"], language)}
            for row in report["wrong"]
        ],
    }


def named(label: str, language: str) -> str:
    """A label as people read it: the title of a category beside its code."""
    found = categories().get(label)
    return f"{found.name(language)} {label}" if found else label
