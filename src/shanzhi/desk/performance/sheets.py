"""A person's sheet, and the list of the people that somebody leads."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import Denied, NotFound, Problem
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.insight import contesting, people
from shanzhi.insight.measures import CODES, MEASURES, QUALITY, TITLES, Told
from shanzhi.insight.periods import LENGTHS, Period, chosen
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import account_names, scope
from shanzhi.places.history import today
from shanzhi.web import names
from shanzhi.web.forms import Sent, posted

QUALITY_SAYS = gettext_lazy(
    "A published seed draws handled cases; a second person looks at each. Good ones, of those looked at."
)


class ContestForm(Sent):
    """What is wrong with a number, or with one case behind it."""

    measure = forms.CharField(widget=forms.HiddenInput, max_length=32)
    case = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=gettext_lazy("What is wrong, in your words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )


class AnswerForm(Sent):
    """The leader's answer."""

    left_out = forms.ChoiceField(
        label=gettext_lazy("Is the case left out of his numbers?"),
        choices=[("yes", gettext_lazy("Yes, it is left out")), ("no", gettext_lazy("No, it counts"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2_000
    )


def period_of(request: HttpRequest) -> Period:
    given = (request.GET.get(name, "") for name in ("days", "first", "last"))
    return chosen(today(), *given)


def frame(request: HttpRequest, actor: Actor, tab: str) -> dict[str, Any]:
    """What all pages of this part show: the period, and the ways between them."""
    period = period_of(request)
    return {
        "period": period,
        "lengths": LENGTHS,
        "leads_people": bool(scope(actor, "figures.view")),
        "tab": tab,
        "here": "performance",
    }


@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """One's own sheet."""
    actor = at_work(request)
    return _sheet(request, actor, actor.account or 0)


@never_cache
def person(request: HttpRequest, id_: int) -> HttpResponse:
    """The sheet of somebody that one leads."""
    return _sheet(request, at_work(request), id_)


def _sheet(request: HttpRequest, actor: Actor, account: int) -> HttpResponse:
    period = period_of(request)
    found, own = people.sheet(actor, account, period), account == actor.account
    form, status = ContestForm(posted(request)), 200
    if request.method == "POST":
        if not own:
            raise Denied()
        status = _contested(actor, period, form)
        if status == 200:
            messages.success(request, _("Your leader will answer."))
            return redirect(request.get_full_path())
    measure = request.GET.get("behind", "") or str(form.data.get("measure", ""))
    context = frame(request, actor, "mine" if own else "people") | {
        "account": account,
        "name": account_names([account]).get(account, ""),
        "own": own,
        "lines": [_line(code, found.told[code]) for code in (*CODES, QUALITY)],
        "points": [_points(one) for one in found.points],
        "total": sum(one.points for one in found.points),
        "rule": people.setting(),
        "hours": found.hours,
        "contests": [_contest(one) for one in found.contests],
        "behind": _behind(actor, account, measure, period, request),
        "measure": measure if measure in TITLES else "",
        "measure_title": _(TITLES[measure]) if measure in TITLES else "",
        "form": form if form.is_bound and form.errors else ContestForm(initial={"measure": measure}),
    }
    return render(request, "desk/performance/sheet.html", context, status=status)


def _line(code: str, told: Told) -> dict[str, Any]:
    measure = CODES.get(code)
    value = told.value
    return {
        "code": code,
        "title": _(TITLES[code]),
        "says": _(measure.says) if measure else QUALITY_SAYS,
        "told": told,
        "share": shown(told),
        "others": f"{told.others[0]:.0%}–{told.others[1]:.0%}" if told.others else "",
        "is_share": value.of is not None,
        "all": bool(value.of or value.n),
    }


def shown(told: Told) -> str:
    """A share with its interval; a dash where there is nothing to share."""
    value = told.value
    if value.of is None:
        return str(value.n)
    if not value.of or told.low is None or told.high is None:
        return "—"
    return f"{value.n / value.of:.0%} ({told.low:.0%}–{told.high:.0%})"


def _points(one: Any) -> dict[str, Any]:
    title = one.item.title
    return {"one": one, "title": title.en if names.language() == "en" else title.zh}


def _contest(one: Any) -> dict[str, Any]:
    known = cases.states_of([one.case]) if one.case else {}
    state = known.get(one.case)
    return {
        "one": one,
        "title": _(TITLES.get(one.measure, one.measure)),
        "number": format_number(state["number"]) if state else "",
        "by": names.names([one.answered_by]).actor(one.answered_by) if one.answered_by else "",
    }


def _behind(
    actor: Actor, account: int, measure: str, period: Period, request: HttpRequest
) -> dict[str, Any] | None:
    """The cases behind a number: those that one may see by title, the others counted."""
    if measure not in TITLES:
        return None
    share = measure == QUALITY or bool(CODES[measure].whole)
    spoilt = request.GET.get("which", "") != "all" and share
    ids = people.behind(account, measure, period, spoilt=spoilt)
    rows = {row["id"]: row for row in cases.of_ids(actor, ids)}
    listed = [{**rows[one], "no": format_number(rows[one]["number"])} for one in ids if one in rows]
    return {
        "rows": listed,
        "unseen": len(ids) - len(listed),
        "spoilt": spoilt,
        "share": share,
    }


def _contested(actor: Actor, period: Period, form: ContestForm) -> int:
    """Contests what the form says; the status."""
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    case: UUID | None = given["case"]
    try:
        once(
            actor.ref,
            form.idempotency_key,
            form.mark("contest"),
            lambda: answered(contesting.contest(actor, given["measure"], period, given["words"], case)),
        )
    except NotFound:
        raise
    except Problem as error:
        form.refuse(error)
        return error.status
    return 200


@never_cache
def listing(request: HttpRequest) -> HttpResponse:
    """The people that somebody leads, by name; what they contest, with the form that answers it."""
    actor = at_work(request)
    if not scope(actor, "figures.view"):
        raise Denied(right="figures.view")
    bound: tuple[str, AnswerForm] | None = None
    status = 200
    if request.method == "POST":
        name = request.POST.get("form", "")[:20]
        form = AnswerForm(request.POST, prefix=name)
        problem = _answered(actor, name, form)
        if problem is None and not form.errors:
            messages.success(request, _("Answered."))
            return redirect(request.get_full_path())
        bound, status = (name, form), problem.status if problem else 422
    context = frame(request, actor, "people") | {
        "rows": [_row(one) for one in people.rows(actor, period_of(request))],
        "titles": [_(one.title) for one in MEASURES] + [_(TITLES[QUALITY])],
        "waiting": _waiting(actor, bound),
        "rule": people.setting(),
    }
    return render(request, "desk/performance/people.html", context, status=status)


def _row(one: people.Row) -> dict[str, Any]:
    cells = []
    for code in (*CODES, QUALITY):
        told = one.told.get(code)
        few = told is not None and told.value.of is not None and not told.enough
        text = shown(told) if told else "—"
        cells.append(
            {"title": _(TITLES[code]), "text": text, "few": few, "of": told.value.of if told else None}
        )
    return {"one": one, "cells": cells}


def _waiting(actor: Actor, bound: tuple[str, AnswerForm] | None) -> list[dict[str, Any]]:
    found = people.waiting(actor)
    known = account_names(one.account for one in found)
    rows = []
    for one in found:
        name = f"a{one.pk}"
        form = bound[1] if bound and bound[0] == name else AnswerForm(prefix=name, initial={"left_out": "no"})
        if one.case is None:
            form.fields["left_out"].widget = forms.HiddenInput()
        rows.append(_contest(one) | {"form": form, "name": name, "who": known.get(one.account, "")})
    return rows


def _answered(actor: Actor, name: str, form: AnswerForm) -> Problem | None:
    number = name.removeprefix("a")
    if not (number.isascii() and number.isdecimal()):
        raise NotFound()
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        once(
            actor.ref,
            form.idempotency_key,
            form.mark(f"answer:{number}"),
            lambda: answered(
                contesting.answer(
                    actor, int(number), left_out=given["left_out"] == "yes", words=given["answer"]
                )
            ),
        )
    except NotFound:
        raise
    except Problem as error:
        form.refuse(error)
        return error
    return None
