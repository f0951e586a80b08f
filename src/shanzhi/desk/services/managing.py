"""What the manager of services looks at: samples of instant approvals, rules to stop, policies, conflicts, figures."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.clock import now
from shanzhi.base.errors import Problem, gettext_noop
from shanzhi.desk.access import at_work
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.residents.actions import facts as keeping
from shanzhi.residents.queries import facts
from shanzhi.services.actions import stopping
from shanzhi.services.queries import applications, catalogue, figures
from shanzhi.web.facts import source, value
from shanzhi.web.forms import Sent
from shanzhi.web.names import titled

FIGURES = {
    "prefilled": gettext_noop("Fields that were filled without asking"),
    "right_first": gettext_noop("Right the first time"),
    "promised": gettext_noop("Promised limits kept"),
    "online": gettext_noop("Applied online"),
    "at_once": gettext_noop("Decided at once"),
    "spared": gettext_noop("Papers spared"),
    "collected": gettext_noop("Fields and papers that nobody had to give again"),
    "in_time": gettext_noop("Filled in within 20 minutes"),
}
DAYS = 30


class WordsForm(Sent):
    """A reason."""

    words = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


def manager(request: HttpRequest) -> Actor:
    actor = at_work(request)
    require(actor, "service.manage")
    return actor


def manage(request: HttpRequest) -> HttpResponse:
    """Everything at a glance."""
    actor = manager(request)
    if request.method == "POST":
        _acted(request, actor)
        return redirect("managing")
    last = now()
    first = last - timedelta(days=DAYS)
    shares = figures.shares(actor, first, last)
    context = {
        "figures": [
            {"code": code, "title": _(title), "share": shares[code], "percent": _percent(shares[code].value)}
            for code, title in FIGURES.items()
        ],
        "minutes": figures.minutes(actor, first, last),
        "days": DAYS,
        "samples": applications.samples(actor),
        "rules": applications.machine_rules(actor),
        "conflicts": [_conflict(one) for one in facts.conflicts()],
        "form": WordsForm(),
        "here": "work",
    }
    return render(request, "desk/services/manage.html", context)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.0%}"


def _conflict(one: dict[str, object]) -> dict[str, object]:
    type_ = facts.types()[str(one["key"])]
    sides = [
        f"{source(str(one[f'{side}__source']))}：{value(type_, type_.read(one[f'{side}__value']))}"
        for side in ("one", "other")
    ]
    return {"id": one["id"], "title": titled(type_.title), "sides": sides, "at": one["at"]}


def _acted(request: HttpRequest, actor: Actor) -> None:
    """Stops or lifts a rule, judges a sample, settles a conflict; what is wrong is said on the next page."""
    what, name = request.POST.get("form", ""), request.POST.get("name", "")
    words = request.POST.get("words", "")
    try:
        if what == "stop":
            stopping.stop(actor, name[:80], reason=words)
        elif what == "lift":
            stopping.lift(actor, name[:80])
        elif what in ("right", "wrong"):
            stopping.checked(actor, UUID(name), right=what == "right", words=words)
        elif what == "settle" and name.isascii() and name.isdecimal() and len(name) < 15:
            keeping.settle(actor, int(name), words=words)
        else:
            return
    except Problem as error:
        messages.error(request, Sent.sentence(error))
        return
    except ValueError:
        return
    messages.success(request, _("Done."))


def behind(request: HttpRequest, code: str) -> HttpResponse:
    """The applications behind a figure: those that keep it from being whole."""
    actor = manager(request)
    code = code if code in FIGURES else "promised"
    last = now()
    rows = figures.behind(actor, code, last - timedelta(days=DAYS), last)
    known = catalogue.current()
    for row in rows:
        row["name"] = titled(known[row["item"]].name) if row["item"] in known else row["item"]
    context = {"rows": rows, "title": _(FIGURES[code]), "days": DAYS, "here": "work"}
    return render(request, "desk/services/behind.html", context)
