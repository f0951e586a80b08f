"""How the installation runs: the readers of the journal, what they set aside, and the tickers."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shanzhi.admin.access import number, with_right
from shanzhi.base.clock import now
from shanzhi.journal import queries as journal
from shanzhi.journal import readers, ticking
from shanzhi.orgs.actor import Actor
from shanzhi.packs import queries as packs

BEHIND = 1000  # entries; a reader that fell further behind is shown in red
MOST = 200
SILENT = timedelta(minutes=5)  # a ticker is noted once a minute; one not seen for longer has no worker


def running(request: HttpRequest) -> HttpResponse:
    """One look for the two people who run it all; and trying again what failed."""
    actor = with_right(request, "org.manage")
    if request.method == "POST":
        _done(request, actor)
        return redirect("admin")
    known = {one["reader"]: one for one in journal.lags()}
    installed = readers.discovered()
    context = {
        "readers": [lamped(known[name], installed) for name in sorted(known)],
        "silent": sorted(installed.keys() - known.keys()),
        "set_aside": journal.set_aside(MOST),
        "tickers": tickers(now()),
        "pack": packs.head(),
        "here": "running",
    }
    return render(request, "admin/running.html", context)


def lamped(reader: dict[str, Any], installed: dict[str, Any]) -> dict[str, Any]:
    """A reader with its lamp: red when it fails or is far behind, yellow when it set something aside."""
    bad = bool(reader["failures"]) or reader["behind"] > BEHIND
    lamp = "red" if bad else "yellow" if reader["set_aside"] else "green"
    return {**reader, "lamp": lamp, "gone": reader["reader"] not in installed}


def tickers(at: datetime) -> list[dict[str, Any]]:
    """All that are installed or have ever run: red when one fails, yellow when no worker has run it lately."""
    installed, known = ticking.discovered(), {one["name"]: one for one in ticking.turns()}
    found: list[dict[str, Any]] = [
        {"failures": 0, "error": "", "ran_at": None, **known.get(name, {}), "name": name}
        for name in sorted(installed.keys() | known.keys())
    ]
    for one in found:
        late = one["ran_at"] is None or one["ran_at"] < at - SILENT
        one["lamp"] = "red" if one["failures"] else "yellow" if late else "green"
        one["gone"] = one["name"] not in installed
    return found


def _done(request: HttpRequest, actor: Actor) -> None:
    """Tries chosen entries again or all of them, lets chosen ones go, wakes what pauses."""
    given = request.POST
    chosen = [number(one) for one in given.getlist("entry")]
    match given.get("do"):
        case "retry" | "all" as what:
            ids = chosen if what == "retry" else [one["id"] for one in journal.set_aside(MOST)]
            _tell(request, readers.try_again(actor.ref, ids, readers.discovered()))
        case "let_go":
            n = readers.let_go(actor.ref, chosen)
            messages.success(request, _("%(n)s entries are off the list.") % {"n": n})
        case "wake" if readers.wake_up(actor.ref, given.get("reader", "")[:100]):
            messages.success(request, _("The reader goes on at once."))
        case "tick" if ticking.wake_up(actor.ref, given.get("ticker", "")[:200]):
            messages.success(request, _("It is tried again with the next turn of a worker."))


def _tell(request: HttpRequest, outcome: readers.Outcome) -> None:
    facts = {"done": outcome.done, "failed": outcome.failed}
    if outcome.failed:
        messages.error(
            request, _("%(done)s entries are done; %(failed)s failed again, see the errors.") % facts
        )
    elif outcome.done:
        messages.success(request, _("%(done)s entries are done.") % facts)
    else:
        messages.info(request, _("There was nothing to try again."))
