"""The dispatcher's page: who is where and at what, which tasks wait and why; to pin, forbid, give and take back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import now
from shanzhi.base.errors import Problem, gettext_noop
from shanzhi.cases import queries as cases
from shanzhi.desk.access import at_work
from shanzhi.desk.dispatch.drawing import Card, cards, features, staff
from shanzhi.dispatch import actions
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.queries import watch as queries
from shanzhi.dispatch.queries.watch import Watch
from shanzhi.dispatch.rights import RIGHT
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs, people_of, require
from shanzhi.web.forms import Sent, posted
from shanzhi.web.listening import listening

HOURS = (
    (2, gettext_lazy("for two hours")),
    (12, gettext_lazy("for twelve hours")),
    (72, gettext_lazy("for three days")),
)
DONE = {
    "give": gettext_noop("Given to %(name)s."),
    "back": gettext_noop("Taken back."),
    "pin": gettext_noop("%(name)s it is, as soon as he can."),
    "forbid": gettext_noop("%(name)s is ruled out."),
    "lift": gettext_noop("Lifted."),
}


class WordForm(Sent):
    """What the dispatcher wants of one task."""

    case = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    account = forms.TypedChoiceField(
        label=gettext_lazy("Person"), coerce=int, empty_value=None, required=False
    )
    why = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)
    hours = forms.TypedChoiceField(label=gettext_lazy("How long"), coerce=int, choices=HOURS, required=False)
    word = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, people: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose …")), *((str(k), v) for k, v in people.items())]
        self.fields["account"].choices = choices  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes the last hand back: to whom it goes (0: to nobody)."""

    case: UUID
    account: int


@never_cache
@listening
def dispatch(request: HttpRequest) -> HttpResponse:
    """The page of one team."""
    actor = at_work(request)
    require(actor, RIGHT)
    when = now()
    teams = queries.teams(actor, when)
    org = request.GET.get("org", "")
    org = org if org in teams else (teams[0] if teams else "")
    if not org:
        return render(
            request, "desk/dispatch/none.html", {"here": "dispatch", "set_up": setting() is not None}
        )
    people = people_of(org)
    form, status = WordForm(posted(request), people=people), 200
    if request.method == "POST":
        answer = _done(request, actor, org, form, people)
        if answer is not None:
            return answer
        status = 422
    watch = queries.watch(actor, org, when)
    return render(
        request, "desk/dispatch/watch.html", _context(request, watch, teams, form, when), status=status
    )


def _context(
    request: HttpRequest, watch: Watch, teams: list[str], form: WordForm, at: datetime
) -> dict[str, Any]:
    known, found = orgs(teams), setting()
    refused = form if form.is_bound else None
    rows = cards(watch, at)
    return {
        "org": watch.org,
        "teams": [(key, known.get(key, key)) for key in teams],
        "watch": watch,
        "rows": rows,
        "groups": _groups(rows),
        "staff": staff(watch, at),
        "people": people_of(watch.org),
        "hours": HOURS,
        "fresh": WordForm(people={}),
        "refused": refused,
        "assigns": found is not None and found.mode == "assign",
        "undo": _undo(request),
        "now": at,
        "here": "dispatch",
    }


def _groups(rows: list[Card]) -> list[tuple[str, str, list[Card]]]:
    titles = (
        ("left", _("Waits for somebody"), ("left", "proposed")),
        ("given", _("Given to people"), ("plan", "hand")),
        ("working", _("Under way"), ("working",)),
    )
    return [(name, title, [row for row in rows if row.job.how in how]) for name, title, how in titles]


def _undo(request: HttpRequest) -> Undo | None:
    case, _dot, account = request.GET.get("undo", "").partition(".")
    try:
        return Undo(UUID(case), int(account)) if account.isascii() and account.isdecimal() else None
    except ValueError:
        return None


def _done(
    request: HttpRequest, actor: Actor, org: str, form: WordForm, people: dict[int, str]
) -> HttpResponse | None:
    """What the form asks for, once; None with the complaint on the form."""
    what = request.POST.get("do", "")
    if not form.is_valid() or what not in DONE:
        return None
    given = form.cleaned_data
    before = cases.state_of(given["case"])["person"] if what in ("give", "back") else None
    key, mark = form.idempotency_key, form.mark(f"dispatch:{what}")
    try:
        once(actor.ref, key, mark, lambda: _acted(actor, what, given))
    except Problem as error:
        form.refuse(error)
        return None
    name = people.get(given["account"] or 0, "")
    messages.success(request, _(DONE[what]) % {"name": name})
    query = {"org": org}
    if what in ("give", "back"):
        query["undo"] = f"{given['case']}.{before or 0}"
    return redirect(f"{reverse('dispatch')}?{urlencode(query)}")


def _acted(actor: Actor, what: str, given: dict[str, Any]) -> dict[str, Any]:
    case, account = given["case"], given["account"]
    if what == "give":
        actions.assign(actor, case, account or 0, seen=given["version"])
    elif what == "back":
        actions.assign(actor, case, None, seen=given["version"])
    elif what == "lift":
        actions.lift(actor, given["word"] or UUID(int=0))
    else:
        until = now() + timedelta(hours=given["hours"] or 12)
        actions.say(actor, what, case, account or 0, why=given["why"], until=until)
    return {"done": True}


@never_cache
def positions(request: HttpRequest) -> JsonResponse:
    """People and tasks of a team as GeoJSON points, for the map."""
    actor = at_work(request)
    require(actor, RIGHT)
    when = now()
    watch = queries.watch(actor, request.GET.get("org", ""), when)
    return JsonResponse({"type": "FeatureCollection", "features": features(watch, when)})
