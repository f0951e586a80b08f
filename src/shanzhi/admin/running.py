"""How the installation runs: the readers of the journal, what they set aside, and the pack in force."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shanzhi.admin.access import with_right
from shanzhi.journal import queries as journal
from shanzhi.packs import queries as packs

BEHIND = 1000  # entries; a reader that fell further behind is shown in red


def running(request: HttpRequest) -> HttpResponse:
    """One look for the two people who run it all."""
    with_right(request, "org.manage")
    context = {
        "readers": [lamped(one) for one in journal.lags()],
        "set_aside": journal.set_aside(),
        "pack": packs.head(),
        "applied": packs.applied(),
        "here": "running",
    }
    return render(request, "admin/running.html", context)


def lamped(reader: dict[str, Any]) -> dict[str, Any]:
    """A reader with its lamp: red when it fails or is far behind, yellow when it set something aside."""
    bad = bool(reader["failures"]) or reader["behind"] > BEHIND
    return {**reader, "lamp": "red" if bad else "yellow" if reader["set_aside"] else "green"}
