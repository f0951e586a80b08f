"""The report in three pages: nobody needs an account, nor JavaScript; what was typed goes along from page to page."""

from typing import Any, cast

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shanzhi.base.errors import Denied
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from, limit_anonymous
from shanzhi.orgs.queries import scope
from shanzhi.portal import public
from shanzhi.portal.steps import EXTRA, LAST, faulty, fields_of, step_of
from shanzhi.web.around import point
from shanzhi.web.forms import kept_files
from shanzhi.web.report import ReportForm, sent

PER_MINUTE = 20
PAGES_PER_MINUTE = 60
NEAR_M = 200
MOST_NEAR = 5


def report(request: HttpRequest) -> HttpResponse:
    """One page of the form; the last one leads to the tracking page."""
    actor = actor_from(request)
    door = "resident" if actor.is_known else "anonymous"
    if request.method != "POST":
        given = {name: request.GET[name] for name in ("lon", "lat") if name in request.GET}
        return shown(request, ReportForm(door=door, initial=_placed(given)), 1)
    step = step_of(request.POST.get("step", ""))
    going = step_of(request.POST.get("go", ""))
    whole = step is None or (step == LAST and going is None)
    limit_anonymous(
        request, "report" if whole else "step", per_minute=PER_MINUTE if whole else PAGES_PER_MINUTE
    )
    if actor.is_known and not scope(actor, "case.report"):
        raise Denied()
    form = ReportForm(request.POST, request.FILES, door=door)
    if not whole:
        return turned(request, actor, form, door, step or 1, going or (step or 1) + 1)
    answer = sent(request, actor, form, channel="web", account=actor.account)
    if answer is None:
        return shown(request, form, faulty(form.errors), 422)
    return redirect(f"{answer['link']}?sent=1")


def turned(
    request: HttpRequest, actor: Actor, form: ReportForm, door: str, step: int, going: int
) -> HttpResponse:
    """Another page of the form, unless something on this one is wrong and one goes on; going back is free."""
    kept_files(request, actor, form, "photos")
    here = _asked(step, form)
    if going > step and set(here) & set(form.errors):
        for name in set(form.errors) - set(here):
            del form.errors[name]  # what is not asked yet is not missing yet
        return shown(request, form, step, 422)
    typed = {name: form.data.get(name, "") for name in form.fields}
    fresh = ReportForm(door=door, initial={name: value for name, value in typed.items() if value})
    cast(Any, fresh.fields["photos"]).kept = getattr(form.fields["photos"], "kept", [])
    return shown(request, fresh, going)


def shown(request: HttpRequest, form: ReportForm, step: int, status: int = 200) -> HttpResponse:
    here = _asked(step, form)
    extra = (*EXTRA, *form.asked)
    fields = [form[name] for name in here if name in form.fields and not form[name].is_hidden]
    context = {
        "form": form,
        "step": step,
        "last": LAST,
        "asked": [field for field in fields if field.name not in extra],
        "extra": [field for field in fields if field.name in extra],
        "extra_open": any(name in form.errors for name in extra),
        "carried": [form[name] for name in form.fields if name not in ("photos", *(f.name for f in fields))],
        "kept": [] if step == 1 else getattr(form.fields["photos"], "kept", []),
        "near": _near(form) if step == LAST else [],
        "here": "report",
    }
    return render(request, "portal/report.html", context, status=status)


def _asked(step: int, form: ReportForm) -> tuple[str, ...]:
    """What is asked on a page; what kinds of report ask besides stands on the last, after the category."""
    here = fields_of(step)
    at = here.index("category") + 1 if step == LAST else 0
    return (*here[:at], *form.asked, *here[at:]) if step == LAST else here


def _placed(given: dict[str, str]) -> dict[str, float]:
    found = point(given.get("lon", ""), given.get("lat", ""))
    return {"lon": found.lon, "lat": found.lat} if found else {}


def _near(form: ReportForm) -> list[dict[str, Any]]:
    """What is open close by, or else in the same community: perhaps it need not be reported again."""
    here = point(str(form["lon"].value() or ""), str(form["lat"].value() or ""))
    if here:
        return public.near(here, NEAR_M, filters=Q(open=True), limit=MOST_NEAR)
    area = str(form["area"].value() or "")
    known = {code for _, group in form.fields["area"].choices if isinstance(group, list) for code, _ in group}  # type: ignore[attr-defined]
    return public.published(Q(open=True) & public.within(area), limit=MOST_NEAR) if area in known else []
