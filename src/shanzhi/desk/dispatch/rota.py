"""The board of shifts: a week of one organisation as a table, with the hours in which nobody is there."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import FieldError, Invalid, Problem, gettext_noop
from shanzhi.desk.access import at_work
from shanzhi.dispatch import rota
from shanzhi.dispatch.actions import shifts as planning
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.queries import proposal, watch
from shanzhi.dispatch.queries import shifts as queries
from shanzhi.dispatch.rights import RIGHT, those_of
from shanzhi.dispatch.rota import Duty, Finding
from shanzhi.dispatch.saying import skills_said
from shanzhi.dispatch.setting import minute_of
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs, people_of, require, usernames_of
from shanzhi.web import names
from shanzhi.web.forms import Sent
from shanzhi.web.problems import said

WEEK = timedelta(days=7)
LINE = gettext_noop("Line %(line)s: %(what)s")
COMPLAINTS = {
    "account": gettext_noop("there is no such account in this organisation"),
    "time": gettext_noop("a time is written like 2026-11-30 08:00"),
    "mode": gettext_noop("nobody here gets about like that"),
    "capacity": gettext_noop("one to fifty tasks"),
    "org": gettext_noop("another organisation than this one"),
}


class ShiftForm(Sent):
    """One shift, or the same one on several days."""

    account = forms.TypedChoiceField(label=gettext_lazy("Person"), coerce=int, empty_value=None)
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days"), coerce=date.fromisoformat, widget=forms.CheckboxSelectMultiple
    )
    start = forms.CharField(label=gettext_lazy("From"), widget=forms.TextInput(attrs={"type": "time"}))
    hours = forms.FloatField(label=gettext_lazy("Hours"), min_value=0.5, max_value=24, initial=8)
    mode = forms.ChoiceField(label=gettext_lazy("Gets about"))
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Can and brings"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, people: dict[int, str], monday: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found, language = setting(), names.language()
        days = [monday + timedelta(days=n) for n in range(7)]
        choices: dict[str, list[tuple[str, str]]] = {
            "account": [("", _("Choose …")), *((str(k), v) for k, v in people.items())],
            "days": [(day.isoformat(), f"{day:%m-%d}") for day in days],
            "mode": [(k, one.title.said(language)) for k, one in (found.modes if found else {}).items()],
            "skills": [(k, one.said(language)) for k, one in (found.skills if found else {}).items()],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean_start(self) -> int:
        try:
            return minute_of(self.cleaned_data["start"])
        except ValueError:
            raise forms.ValidationError(_("A time of day such as 08:00")) from None

    def duties(self, org: str) -> list[Duty]:
        given = self.cleaned_data
        first = [
            datetime.combine(day, time(0), BEIJING) + timedelta(minutes=given["start"])
            for day in given["days"]
        ]
        span = timedelta(hours=given["hours"])
        skills = tuple(given["skills"])
        return [Duty(given["account"], org, at, at + span, given["mode"], skills) for at in first]


class TableForm(Sent):
    """A table of shifts to be read in."""

    table = forms.CharField(
        label=gettext_lazy("Table (CSV)"), widget=forms.Textarea(attrs={"rows": 10}), max_length=1_000_000
    )


@dataclass(frozen=True, slots=True)
class Board:
    """Whose board of which week it is, and who works there."""

    org: str
    monday: date
    people: dict[int, str]
    teams: list[str]


def _board(request: HttpRequest, actor: Actor) -> Board:
    teams = watch.teams(actor, now())
    asked = request.GET.get("org", "")
    more = those_of(actor, orgs()) if asked not in teams else teams
    org = asked if asked in more else next(iter(teams or more), "")
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = now().astimezone(BEIJING).date()
    day = min(max(day, date(2000, 1, 3)), date(2100, 1, 1))
    return Board(org, day - timedelta(days=day.weekday()), people_of(org), sorted({*teams, org}))


@never_cache
def shifts(request: HttpRequest) -> HttpResponse:
    """The page."""
    actor = at_work(request)
    require(actor, RIGHT)
    board = _board(request, actor)
    sent = request.POST if request.method == "POST" else None
    what = request.POST.get("do", "")
    form = ShiftForm(sent if what == "plan" else None, people=board.people, monday=board.monday)
    table = TableForm(sent if what == "read" else None)
    if sent is not None:
        chosen: Sent = form if what == "plan" else table if what == "read" else Sent(sent)
        if (answer := _done(actor, board, what, chosen, request)) is not None:
            return answer
        if what not in ("plan", "read"):
            messages.error(
                request, " ".join(str(one) for one in chosen.non_field_errors()) or _("That did not work")
            )
    status = 422 if sent is not None else 200
    context = _context(actor, board) | {"form": form, "table": table}
    if sent is None and request.GET.get("propose"):
        context |= _proposed(actor, board)
    return render(request, "desk/dispatch/shifts.html", context, status=status)


def _done(actor: Actor, board: Board, what: str, form: Sent, request: HttpRequest) -> HttpResponse | None:
    works: dict[str, Callable[[], tuple[int, list[Finding]]]] = {
        "plan": lambda: _planned(actor, board, form),
        "read": lambda: _table_read(actor, board, form),
        "copy": lambda: planning.copy_week(actor, board.org, board.monday),
        "remove": lambda: _removed(actor, request.POST.get("shift", "")),
    }
    if what not in works or not form.is_valid():
        return None
    told: dict[str, Any] = {}

    def work() -> dict[str, Any]:
        count, warnings = works[what]()
        told.update(count=count, warnings=[_warned(one, board.people) for one in warnings])
        return {"count": count}

    try:
        answer = once(
            actor.ref, form.idempotency_key, form.mark(f"shifts:{what}:{board.org}:{board.monday}"), work
        )
    except Problem as error:
        form.refuse(error)
        return None
    messages.success(request, _("%(n)s shifts changed.") % {"n": answer["count"]})
    for line in told.get("warnings", [])[:10]:
        messages.warning(request, line)
    return redirect(f"{reverse('shifts')}?{urlencode({'org': board.org, 'week': board.monday.isoformat()})}")


def _planned(actor: Actor, board: Board, form: Sent) -> tuple[int, list[Finding]]:
    assert isinstance(form, ShiftForm)
    duties = form.duties(board.org)
    return len(duties), planning.plan(actor, duties)


def _removed(actor: Actor, shift: str) -> tuple[int, list[Finding]]:
    try:
        planning.remove(actor, UUID(shift))
    except ValueError:
        raise Invalid() from None
    return 1, []


def _table_read(actor: Actor, board: Board, form: Sent) -> tuple[int, list[Finding]]:
    """The table as shifts, all or none; each line that is wrong is named."""
    found = setting()
    try:
        known = usernames_of(board.people)
        lines = rota.read(form.cleaned_data["table"], known, list(found.modes) if found else [])
    except ValueError as error:
        message = gettext_noop("This is no table of shifts: %(what)s")
        raise Invalid(errors=[FieldError("table", message, {"what": str(error)})]) from None
    wrong = [(one.number, one.complaint) for one in lines if one.complaint]
    wrong += [(one.number, "org") for one in lines if one.duty and one.duty.org != board.org]
    if wrong:
        errors = [
            FieldError("table", LINE, {"line": n, "what": _(COMPLAINTS[why])}) for n, why in sorted(wrong)
        ]
        raise Invalid(errors=errors[:20])
    duties = [one.duty for one in lines if one.duty is not None]
    return len(duties), planning.plan(actor, duties)


def _proposed(actor: Actor, board: Board) -> dict[str, Any]:
    """A proposal, as a table that may be changed and is then read in like any other."""
    found = proposal.propose(actor, board.org, board.monday, now())
    text = _written(found.duties, board) if found else ""
    return {"proposal": found, "table": TableForm(initial={"table": text})}


def _warned(one: Finding, people: dict[int, str]) -> str:
    text = said(planning.SAYS[one.kind], {"hours": round(one.hours, 1)})
    return f"{people.get(one.duty.account, '')} {_local(one.duty.start):%m-%d %H:%M}: {text}"


def _local(moment: datetime) -> datetime:
    return moment.astimezone(BEIJING)


def _context(actor: Actor, board: Board) -> dict[str, Any]:
    rows, covered = queries.week(actor, board.org, board.monday)
    days = [board.monday + timedelta(days=n) for n in range(7)]
    known, found, language = orgs(board.teams), setting(), names.language()
    modes = {k: one.title.said(language) for k, one in found.modes.items()} if found else {}
    table = []
    for account, name in board.people.items():
        mine = [row for row in rows if row.account == account]
        cells = [[_cell(row, modes) for row in mine if _local(row.start).date() == day] for day in days]
        table.append({"name": name, "cells": cells})
    first = queries.first_of(board.monday)
    empty = [
        (first + timedelta(hours=start), first + timedelta(hours=end)) for start, end in queries.gaps(covered)
    ]
    return {
        "board": board,
        "teams": [(key, known.get(key, key)) for key in board.teams],
        "days": days,
        "lines": table,
        "least": [min(covered[n * 24 : n * 24 + 24], default=0) for n in range(7)],
        "most": [max(covered[n * 24 : n * 24 + 24], default=0) for n in range(7)],
        "empty": empty,
        "generated": any(row.generated for row in rows),
        "before": board.monday - WEEK,
        "after": board.monday + WEEK,
        "here": "dispatch",
    }


def _cell(row: Any, modes: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row.pk, "start": _local(row.start), "end": _local(row.end), "mode": modes.get(row.mode, row.mode),
        "skills": skills_said(row.skills), "over": row.end <= now(),
    }  # fmt: skip


def shift_table(request: HttpRequest) -> HttpResponse:
    """The week as a table that can be read in again."""
    actor = at_work(request)
    require(actor, RIGHT)
    board = _board(request, actor)
    rows, _covered = queries.week(actor, board.org, board.monday)
    text = _written([queries.as_duty(row) for row in rows], board)
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="shifts-{board.monday}.csv"'
    return answer


def _written(duties: Iterable[Duty], board: Board) -> str:
    """Shifts as a table, the columns as they are read."""
    known = {account: name for name, account in usernames_of(board.people).items()}
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*rota.COLUMNS, "mode", "skills", "area", "capacity"])
    for row in duties:
        start, end = (f"{_local(at):%Y-%m-%d %H:%M}" for at in (row.start, row.end))
        writer.writerow(
            [
                known.get(row.account, ""),
                row.org,
                start,
                end,
                row.mode,
                " ".join(row.skills),
                row.area,
                row.capacity,
            ]
        )
    return text.getvalue()
