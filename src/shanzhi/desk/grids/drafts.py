"""Drafts of redrawings: the list, the page with its map and its forms, and what goes out as a file."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied, NotFound, Problem, gettext_noop
from shanzhi.base.ids import format_number
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.desk.grids.forms import STEPS, TITLES, BeginForm, ForceForm, StepForm
from shanzhi.grids import actions, queries
from shanzhi.grids.queries import Work
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.places import exporting
from shanzhi.places import queries as places
from shanzhi.places.history import today
from shanzhi.places.redrawing import square_metres
from shanzhi.places.shapes import to_geojson
from shanzhi.web import names
from shanzhi.web.forms import posted
from shanzhi.web.problems import said

STATE = {
    "open": gettext_noop("being worked on"),
    "set": gettext_noop("waits for its day"),
    "in_force": gettext_noop("in force"),
    "withdrawn": gettext_noop("withdrawn"),
}
HOW = {
    "pack": gettext_noop("by a pack"),
    "split": gettext_noop("split"),
    "merge": gettext_noop("merged"),
    "reassign": gettext_noop("a part handed over"),
    "move": gettext_noop("border moved"),
    "draw": gettext_noop("drawn"),
    "rename": gettext_noop("renamed"),
    "import": gettext_noop("taken over from a file"),
}
FAULT = {
    "gap": gettext_noop("Gap: no grid has this ground"),
    "overlap": gettext_noop("Overlap: two grids have this ground"),
    "outside": gettext_noop("Outside: this ground is not the community's"),
    "border": gettext_noop("The border does not meet its neighbour's exactly"),
}


def redraws(request: HttpRequest) -> Actor:
    """The member of staff who asks, with the right to redraw grids somewhere."""
    actor = at_work(request)
    if not scope(actor, queries.EDIT):
        raise Denied(right=queries.EDIT)
    return actor


def drafts(request: HttpRequest) -> HttpResponse:
    """The drafts; and the form that begins one."""
    actor = redraws(request)
    form = BeginForm(posted(request), initial={"community": request.GET.get("community", "")})
    form.fields["community"].choices = communities(actor)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and (begun := _begun(actor, form)):
        return redirect("redraw", begun)
    found = queries.drafts(actor)
    people = names.names(one.made_by for one in found)
    context = {
        "drafts": [
            {
                "one": one,
                "area": names.area(one.community),
                "state": _(STATE[one.state]),
                "by": people.actor(one.made_by),
            }
            for one in found
        ],
        "form": form,
        "redraws": True,
        "tab": "redrawing",
        "here": "gridding",
    }
    return render(request, "desk/grids/drafts.html", context, status=422 if form.errors else 200)


def communities(actor: Actor) -> list[Any]:
    """The communities whose grids the actor redraws, in groups by their street."""
    reach, tree = scope(actor, queries.EDIT), places.areas()
    groups: list[Any] = [("", "—")]
    for county in tree.roots():
        for street in tree.children(county.code):
            inside = [(c.code, c.name) for c in tree.children(street.code) if reach.covers(c.code)]
            groups += [(street.name, inside)] if inside else []
    return groups


def _begun(actor: Actor, form: BeginForm) -> int:
    given = form.cleaned_data
    try:
        done = once(
            actor.ref,
            form.idempotency_key,
            form.mark("draft"),
            lambda: {"draft": actions.begin(actor, given["community"], given["title"]).pk},
        )
    except Problem as error:
        form.refuse(error)
        return 0
    return int(done["draft"])


@never_cache
def draft(request: HttpRequest, id_: int) -> HttpResponse:
    """One draft: its map, its grids, what is wrong, what changes; each form is one step."""
    actor = redraws(request)
    found = queries.draft(actor, id_)
    bound: StepForm | ForceForm | None = None
    status = 200
    if request.method == "POST":
        bound, status = _done(request, actor, found)
        if bound is None:
            return redirect("redraw", id_)
        found = queries.draft(actor, id_)
    work = queries.work(found)
    return render(request, "desk/grids/draft.html", _context(actor, work, bound), status=status)


def _done(request: HttpRequest, actor: Actor, found: Any) -> tuple[StepForm | ForceForm | None, int]:
    """Does what a form asks for; the form when something is wrong with it, and the status."""
    do = request.POST.get("do", "")
    if do in ("undo", "withdraw", "reopen"):
        getattr(actions, do)(actor, found.pk)
        return None, 200
    if do == "force":
        form: Any = ForceForm(request.POST, prefix=do)
    elif do in STEPS:
        form = STEPS[do](request.POST, request.FILES, prefix=do, plan=queries.plan(found))
    else:
        raise NotFound()
    if not form.is_valid():
        return form, 422
    seen = form.cleaned_data["seen"]

    def work() -> object:
        if do == "force":
            return actions.put_in_force(actor, found.pk, form.cleaned_data["on"], seen=seen)
        return actions.step(actor, found.pk, form.step(), seen=seen)

    try:
        once(actor.ref, form.idempotency_key, form.mark(f"draft:{found.pk}:{do}"), lambda: answered(work()))
    except Problem as error:
        form.refuse(error)
        form.retype("seen", str(queries.draft(actor, found.pk).version))
        return form, error.status
    messages.success(request, _("Done."))
    return None, 200


def _context(actor: Actor, work: Work, bound: StepForm | ForceForm | None) -> dict[str, Any]:
    found, fresh = work.draft, {"seen": work.draft.version}
    forms: list[tuple[str, Any, Any]] = [
        (do, TITLES[do], kind(prefix=do, plan=work.after, initial=fresh))
        for do, kind in STEPS.items()
        if found.state == queries.OPEN
    ]
    forms = [(do, title, bound if bound and bound.prefix == do else form) for do, title, form in forms]
    force = ForceForm(prefix="force", initial=fresh | {"on": today()})
    return {
        "draft": found,
        "area": names.area(found.community),
        "state": _(STATE[found.state]),
        "grids": [*_grids(work)],
        "faults": [*_faults(work)],
        "said": said(work.wrong.message, work.wrong.facts) if work.wrong else "",
        "stale": work.stale,
        "closed": [(code, work.before.names.get(code, code)) for code in work.changes.closed],
        "forms": forms,
        "open_form": bound.prefix if bound else "",
        "force": bound if isinstance(bound, ForceForm) else force,
        "moved": _moved(actor, found),
        "here": "gridding",
    }


def _grids(work: Work) -> Iterator[dict[str, Any]]:
    for code, shape in sorted(work.after.shapes.items()):
        change = work.changes.changed.get(code)
        yield {
            "code": code,
            "name": work.after.names[code],
            "hectares": square_metres(shape) / 10_000,
            "how": _(HOW.get(change[2], change[2])) if change else "",
            "new": code not in work.before.shapes,
        }


def _faults(work: Work) -> Iterator[dict[str, Any]]:
    for one in work.faults:
        yield {
            "what": _(FAULT[one.kind]),
            "lon": round(one.lon, 6),
            "lat": round(one.lat, 6),
            "m2": round(one.m2),
            "between": [work.after.names.get(code, names.area(code)) for code in one.codes[:4]],
        }


def _moved(actor: Actor, found: Any) -> list[dict[str, Any]]:
    """Open cases in redrawn ground: each stays with its owner, and in the grid in which it was reported."""
    if found.state != queries.IN_FORCE:
        return []
    return [
        {
            "id": one.case["id"],
            "number": format_number(one.case["number"]),
            "title": one.case["title"],
            "was": names.area(one.case["area"]),
            "now": names.area(one.now) if one.now else "—",
        }
        for one in queries.moved_cases(actor, found.changed)
    ]


@never_cache
def shapes(request: HttpRequest, id_: int) -> JsonResponse:
    """The grids of a draft as GeoJSON, for the map and to take away; those around it and what is wrong beside them."""
    actor = redraws(request)
    work = queries.work(queries.draft(actor, id_))
    own = _features(work.after.shapes, work.after.names, work.changes.changed)
    if "download" in request.GET:
        answer = JsonResponse({"type": "FeatureCollection", "features": own})
        answer["Content-Disposition"] = f'attachment; filename="grids-{work.draft.community}.geojson"'
        return answer
    around = _features(work.around, {code: names.area(code) for code in work.around}, {})
    faults = [
        {
            "type": "Feature",
            "properties": {"kind": one.kind, "m2": round(one.m2)},
            "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
        }
        for one in work.faults
    ]
    parts = {"grids": own, "around": around, "faults": faults}
    return JsonResponse({name: {"type": "FeatureCollection", "features": f} for name, f in parts.items()})


def _features(shapes: Any, named: Any, changed: Any) -> list[dict[str, Any]]:
    geometries = to_geojson(shapes.values()) if shapes else []
    return [
        {
            "type": "Feature",
            "properties": {"code": code, "name": named.get(code, code), "changed": int(code in changed)},
            "geometry": geometry,
        }
        for code, geometry in zip(shapes, geometries, strict=True)
    ]


def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The files of a pack as they are in force: `grids.geojson`, `facilities.csv`."""
    actor = redraws(request)
    if not scope(actor, queries.EDIT).covers(places.county()):
        raise Denied(right=queries.EDIT)
    made = {"grids.geojson": lambda: exporting.grids(now()), "facilities.csv": exporting.facilities}
    if kind not in made:
        raise NotFound()
    answer = HttpResponse(
        made[kind](), content_type="application/geo+json" if "geo" in kind else "text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{kind}"'
    return answer


def day_of(text: str) -> date:
    """The day that is asked for; today otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today()
