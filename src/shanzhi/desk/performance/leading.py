"""The list of the people that somebody leads, and his answers to what they contest."""

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
from shanzhi.desk.performance.sheets import contest_line, frame, period_of, shown
from shanzhi.insight import contesting, people
from shanzhi.insight.measures import CODES, MEASURES, QUALITY, TITLES
from shanzhi.insight.periods import Period
from shanzhi.journal.receipts import once
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import account_names, scope
from shanzhi.web.forms import Sent

Choices = list[tuple[str, str]]
ANSWERS = [
    ("no", gettext_lazy("It stays as it is")),
    ("named", gettext_lazy("The cases ticked below are left out")),
    ("right", gettext_lazy("It is put right: the number below, shown beside what is counted")),
]
MOST_NAMED = 40  # cases behind a number that can be ticked


class AnswerForm(Sent):
    """The leader's answer."""

    left_out = forms.ChoiceField(
        label=gettext_lazy("Is the case left out of his numbers?"),
        choices=[("yes", gettext_lazy("Yes, it is left out")), ("no", gettext_lazy("No, it counts"))],
        widget=forms.RadioSelect,
    )
    named = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Cases that are left out"),
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    n = forms.IntegerField(label=gettext_lazy("The number should be"), min_value=0, required=False)
    of = forms.IntegerField(label=gettext_lazy("of how many"), min_value=0, required=False)
    answer = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2_000
    )

    def about(self, contest: Any, listed: Choices) -> "AnswerForm":
        """One case is left out or not; of a whole number the cases are named, or it is put right."""
        if contest.case is not None:
            for name in ("named", "n", "of"):
                del self.fields[name]
            return self
        self.fields["left_out"] = forms.ChoiceField(
            label=gettext_lazy("What becomes of the number?"), choices=ANSWERS, widget=forms.RadioSelect
        )
        self.fields["named"].choices = listed  # type: ignore[attr-defined]
        if not listed:
            del self.fields["named"]
        if contest.measure in CODES and not CODES[contest.measure].whole:
            del self.fields["of"]
        return self

    def said(self) -> dict[str, Any]:
        """The answer as the action takes it."""
        given = self.cleaned_data
        chosen = given["left_out"]
        right = (
            contesting.Right(given["n"], given.get("of"))
            if chosen == "right" and given["n"] is not None
            else None
        )
        return {
            "left_out": chosen != "no",
            "words": given["answer"],
            "named": tuple(given.get("named") or ()) if chosen == "named" else (),
            "right": right,
        }


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
        form = _answer_form(request, actor, name)
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
            {
                "title": _(TITLES[code]),
                "text": text,
                "few": few,
                "of": told.value.of if told else None,
                "right": code in one.right,
            }
        )
    return {"one": one, "cells": cells}


def _waiting(actor: Actor, bound: tuple[str, AnswerForm] | None) -> list[dict[str, Any]]:
    found = people.waiting(actor)
    known = account_names(one.account for one in found)
    rows = []
    for one in found:
        name = f"a{one.pk}"
        fresh = AnswerForm(prefix=name, initial={"left_out": "no"})
        form = bound[1] if bound and bound[0] == name else fresh.about(one, _behind_it(actor, one))
        rows.append(contest_line(one) | {"form": form, "name": name, "who": known.get(one.account, "")})
    return rows


def _behind_it(actor: Actor, one: Any) -> Choices:
    """The cases behind a whole number, those that count against him first, for the leader to tick."""
    if one.case is not None:
        return []
    period = Period(one.first, one.last)
    ids = people.behind(one.account, one.measure, period, spoilt=True, limit=MOST_NAMED)
    ids += people.behind(one.account, one.measure, period, spoilt=False, limit=MOST_NAMED)
    ids = list(dict.fromkeys(ids))[:MOST_NAMED]
    rows = {row["id"]: row for row in cases.of_ids(actor, ids)}
    numbers = cases.states_of([id_ for id_ in ids if id_ not in rows])
    return [
        (str(id_), f"{format_number(rows[id_]['number'])} {rows[id_]['title']}" if id_ in rows
         else format_number(numbers[id_]["number"]))
        for id_ in ids if id_ in rows or id_ in numbers
    ]  # fmt: skip


def _answer_form(request: HttpRequest, actor: Actor, name: str) -> AnswerForm:
    """The form that was sent, about the contest it names; raises NotFound."""
    number = name.removeprefix("a")
    found = people.contested(actor, int(number)) if number.isascii() and number.isdecimal() else None
    if found is None:
        raise NotFound()
    listed = _behind_it(actor, found)
    if found.answered_at is not None:  # sent again: what was ticked is left out by now
        listed += [(one, one) for one in request.POST.getlist(f"{name}-named")]
    return AnswerForm(request.POST, prefix=name).about(found, listed)


def _answered(actor: Actor, name: str, form: AnswerForm) -> Problem | None:
    number = name.removeprefix("a")
    if not form.is_valid():
        return None
    said = form.said()
    try:
        once(
            actor.ref,
            form.idempotency_key,
            form.mark(f"answer:{number}"),
            lambda: answered(contesting.answer(actor, int(number), **said)),
        )
    except NotFound:
        raise
    except Problem as error:
        form.refuse(error)
        return error
    return None
