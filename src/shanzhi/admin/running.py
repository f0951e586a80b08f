"""How the installation runs: the readers of the journal and what they set aside."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shanzhi.admin.access import number, with_right
from shanzhi.journal import queries as journal
from shanzhi.journal import readers
from shanzhi.orgs.actor import Actor
from shanzhi.packs import queries as packs

BEHIND = 1000  # entries; a reader that fell further behind is shown in red
MOST = 200


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
        "pack": packs.head(),
        "here": "running",
    }
    return render(request, "admin/running.html", context)


def lamped(reader: dict[str, Any], installed: dict[str, Any]) -> dict[str, Any]:
    """A reader with its lamp: red when it fails or is far behind, yellow when it set something aside."""
    bad = bool(reader["failures"]) or reader["behind"] > BEHIND
    lamp = "red" if bad else "yellow" if reader["set_aside"] else "green"
    return {**reader, "lamp": lamp, "gone": reader["reader"] not in installed}


def _done(request: HttpRequest, actor: Actor) -> None:
    """Tries chosen entries again or all of them, lets chosen ones go, wakes a reader that pauses."""
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
