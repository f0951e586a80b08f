"""Who has looked at the contact data of reporters, when and why: for auditors, within their areas."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied
from shanzhi.base.ids import format_number
from shanzhi.cases import queries
from shanzhi.desk.access import at_work
from shanzhi.desk.models import LOOKED, Done
from shanzhi.desk.today import counted
from shanzhi.journal.queries import of_streams
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.web import names

MOST = 200
DAYS = 30
FIRST = date(2000, 1, 1)


class Span(forms.Form):
    """The days, both included; what is no day is as if it was not given."""

    first = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    last = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


@require_safe
@never_cache
def looks(request: HttpRequest) -> HttpResponse:
    """The newest looks at cases in one's areas, and how many each of those who looked has made."""
    actor = at_work(request)
    if not scope(actor, "audit.read"):
        raise Denied(right="audit.read")
    first, last = _days(request)
    rows, more = found(actor, first, last)
    context = {
        "rows": rows,
        "counts": counted([{"what": row["who"]} for row in rows]),
        "more": more,
        "most": MOST,
        "form": Span(initial={"first": first, "last": last}),
        "here": "looks",
    }
    return render(request, "desk/looks.html", context)


def _days(request: HttpRequest) -> tuple[date, date]:
    form, today = Span(request.GET), timezone.localtime(now()).date()
    form.is_valid()
    last = max(FIRST, min(form.cleaned_data.get("last") or today, today))
    first = form.cleaned_data.get("first") or last - timedelta(days=DAYS)
    return max(FIRST, min(first, last)), last


def found(actor: Actor, first: date, last: date) -> tuple[list[dict[str, Any]], bool]:
    """Looks of some days at cases that the actor sees, the last first; and whether there were more than are read."""
    begin = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last, time.max))
    mine = queries.visible_to(actor).values("id")
    chosen = Done.objects.filter(kind=LOOKED, at__gte=begin, at__lte=end, case__in=mine).order_by("-at")
    done: list[Any] = list(chosen.values("entry", "account", "at", "case")[: MOST + 1])
    cases = {row["id"]: row for row in queries.of_ids(actor, {one["case"] for one in done[:MOST]})}
    seen = [one for one in done[:MOST] if one["case"] in cases]
    known, why = names.names({one["account"] for one in seen}), _reasons({one["case"] for one in seen})
    rows = [
        {
            "at": one["at"],
            "who": known.person(one["account"]),
            "id": one["case"],
            "title": cases[one["case"]]["title"],
            "number": format_number(cases[one["case"]]["number"]),
            "reason": why.get(one["entry"], ""),
        }
        for one in seen
    ]
    return rows, len(done) > MOST


def _reasons(cases: set[UUID]) -> dict[UUID, str]:
    """What was given as the reason, by entry."""
    return {
        entry.id: str(entry.data.get("facts", {}).get("reason", ""))
        for entries in (of_streams(list(cases)) if cases else ())
        for entry in entries
        if entry.kind == LOOKED
    }
