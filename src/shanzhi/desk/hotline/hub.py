"""The hotline at a glance: what waits, each leading to its list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shanzhi.base.clock import now
from shanzhi.desk.access import at_work
from shanzhi.hotline import duties
from shanzhi.hotline.actions.whistling import streets
from shanzhi.hotline.queries import calls as taken
from shanzhi.hotline.queries import exclusions, lists, recalls, whistles


def hub(request: HttpRequest) -> HttpResponse:
    """Tiles for whoever they concern."""
    actor = at_work(request)
    whole = lists.whole()
    calls = taken.today(actor, now()) if taken.may_take(actor) else None
    context = {
        "taken": {"all": sum(calls.values()), **calls} if calls is not None else None,
        "calls": recalls.counts(actor) if recalls.may_call(actor) else None,
        "whistles": len(whistles.listed(actor)),
        "whistles_for": bool(streets(actor)),
        "gaps": len(duties.gaps(whole)) if whole else 0,
        "conflicts": len(duties.conflicts(whole)) if whole else 0,
        "reviews": len(exclusions.waiting(actor)) if exclusions.may_review(actor) else None,
        "here": "hotline",
    }
    return render(request, "desk/hotline/hub.html", context)
