"""A person's sheet: his numbers, what they are compared with, and what he contests."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shanzhi.base.errors import Denied, NotFound, Problem, gettext_noop
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.desk.access import at_work
from shanzhi.desk.doing import answered
from shanzhi.insight import contesting, people
from shanzhi.insight.alike import Compared
from shanzhi.insight.figures import Value
from shanzhi.insight.measures import CODES, QUALITY, TITLES, Told
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
        "lines": [_line(code, found, period) for code in (*CODES, QUALITY)],
        "compared": _compared(found.compared),
        "points": [_points(one) for one in found.points],
        "total": sum(one.points for one in found.points),
        "rule": people.setting(),
        "hours": found.hours,
        "contests": [contest_line(one) | {"out": found.out.get(one.pk, 0)} for one in found.contests],
        "behind": _behind(actor, account, measure, period, request),
        "measure": measure if measure in TITLES else "",
        "measure_title": _(TITLES[measure]) if measure in TITLES else "",
        "form": form if form.is_bound and form.errors else ContestForm(initial={"measure": measure}),
    }
    return render(request, "desk/performance/sheet.html", context, status=status)


def _compared(found: Compared) -> dict[str, Any]:
    """With whom, in words: the ground that is his own, and how many colleagues have one like it."""
    ground = found.ground
    return {
        "n": len(found.alike),
        "of": found.of,
        "factor": found.factor,
        "ground": [(_(GROUND[name]), ground.of(name)) for name in ground.known] if ground else [],
    }


GROUND = {
    "hectares": gettext_noop("hectares of his grids"),
    "people": gettext_noop("people who live there"),
    "cases": gettext_noop("reports from there in this time"),
}


def _line(code: str, found: people.Sheet, period: Period) -> dict[str, Any]:
    measure, told = CODES.get(code), found.told[code]
    value, before = told.value, found.counted.get(code)
    right = [_right(one, people.whole(one, period)) for one in found.right if one.measure == code]
    return {
        "code": code,
        "title": _(TITLES[code]),
        "says": _(measure.says) if measure else QUALITY_SAYS,
        "told": told,
        "share": shown(told),
        "others": f"{told.others[0]:.0%}–{told.others[1]:.0%}" if told.others else "",
        "is_share": value.of is not None,
        "all": bool(value.of or value.n),
        "right": right,
        "counted": _plain(before) if before and any(one["added"] for one in right) else "",
    }


def _plain(value: Value) -> str:
    return str(value.n) if value.of is None else f"{value.n} / {value.of}"


def _right(one: Any, added: bool) -> dict[str, Any]:
    """What was put right, by how much, why and by whom; `added` where the whole time of it is shown."""
    more = f"{one.n_more:+d}" if one.of_more is None else f"{one.n_more:+d} / {one.of_more:+d}"
    by = names.names([one.answered_by]).actor(one.answered_by)
    return {"one": one, "more": more, "by": by, "added": added}


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


def contest_line(one: Any) -> dict[str, Any]:
    """What somebody contests, and what became of it."""
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
