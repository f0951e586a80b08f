"""The rounds of a day: who visits which points in which order, what is left out and why; planned anew."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Problem, gettext_noop
from shanzhi.desk.access import at_work
from shanzhi.dispatch.actions.rounds import plan_rounds
from shanzhi.dispatch.queries import rounds as queries
from shanzhi.dispatch.queries.watch import teams
from shanzhi.dispatch.rights import RIGHT
from shanzhi.journal.receipts import once
from shanzhi.orgs.queries import account_names, orgs, require
from shanzhi.web import names
from shanzhi.web.forms import Sent

WHY = {
    "nobody": gettext_noop("nobody has a shift on this day"),
    "window": gettext_noop("too far for the part of a shift that rounds may take"),
    "left_out": gettext_noop("there was no time left for it"),
    "skill": gettext_noop("nobody may do it"),
    "solver": gettext_noop("no rounds were found"),
}
AHEAD = timedelta(days=60)


@never_cache
def patrols(request: HttpRequest) -> HttpResponse:
    """The page."""
    actor = at_work(request)
    require(actor, RIGHT)
    when = now()
    known = teams(actor, when)
    org = request.GET.get("org", "")
    org = org if org in known else next(iter(known), "")
    if not org:
        return render(request, "desk/dispatch/none.html", {"here": "dispatch", "set_up": True})
    day, status = _day(request, when), 200
    if request.method == "POST":
        form = Sent(request.POST)
        try:
            form.is_valid()
            mark = form.mark(f"rounds:{org}:{day}")
            once(
                actor.ref,
                form.idempotency_key,
                mark,
                lambda: {"at": plan_rounds(actor, org, day).at.isoformat()},
            )
            messages.success(request, _("Rounds planned."))
            return redirect(f"{reverse('patrols')}?{urlencode({'org': org, 'day': day.isoformat()})}")
        except Problem as error:
            messages.error(request, Sent.sentence(error))
            status = 422
    titles = orgs(known)
    row = queries.rounds_of(actor, org, day)
    context = {
        "org": org, "teams": [(key, titles.get(key, key)) for key in known], "day": day, "form": Sent(),
        "before": day - timedelta(days=1), "after": day + timedelta(days=1), "row": row,
        "rounds": _rounds(row.rounds if row else []), "missed": _missed(row.missed if row else []),
        "points": len(queries.points_of(org)), "here": "dispatch",
    }  # fmt: skip
    return render(request, "desk/dispatch/patrols.html", context, status=status)


def _day(request: HttpRequest, at: datetime) -> date:
    today = at.astimezone(BEIJING).date()
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return min(max(day, today - AHEAD), today + AHEAD)


def _rounds(rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = account_names(one["account"] for one in rounds)
    return [
        {
            "name": known.get(one["account"], ""),
            "travel": one["travel"],
            "visits": [visit | {"at": datetime.fromisoformat(visit["at"])} for visit in one["visits"]],
        }
        for one in rounds
    ]


def _missed(missed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one | {"why": names.word(WHY, one["why"])} for one in missed]
