"""What a list of cases shows: a form whose values stand in the address, so that a filter is a link."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shanzhi.base.clock import now
from shanzhi.base.codes import span
from shanzhi.base.errors import Problem
from shanzhi.base.ids import parse_number
from shanzhi.cases import types
from shanzhi.orgs.queries import orgs
from shanzhi.places import queries as places
from shanzhi.rules.queries import categories
from shanzhi.web import names
from shanzhi.web.choosing import Choice, Options, kept
from shanzhi.web.report import area_choices, category_choices

SOON = timedelta(hours=24)
DUE = (("", _("Any time")), ("late", _("Overdue")), ("soon", _("Within a day")), ("rest", _("Suspended")))
OPEN = (("", _("All")), ("open", _("Not closed yet")), ("closed", _("Closed")))
ORDER = (
    ("", _("The usual order")),
    ("due", _("Due first, open ones only")),
    ("new", _("Newest first")),
    ("old", _("Longest waiting first")),
)
ORDERS = {"due": "due_at", "new": "-opened_at", "old": "opened_at"}


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Filter(forms.Form):
    """What to list. A value that does not fit is as if it was not given."""

    words = forms.CharField(
        label=_("Words or number"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = Choice(label=_("State"), required=False)
    due = Choice(label=_("Due"), required=False)
    area = Choice(label=_("Place"), required=False)
    org = Choice(label=_("With"), required=False)
    type = Choice(label=_("Type"), required=False)
    category = Choice(label=_("Category"), required=False)
    open = Choice(label=_("Closed or not"), required=False)
    since = forms.DateField(label=_("Reported from"), required=False, widget=_date())
    until = forms.DateField(label=_("Reported until"), required=False, widget=_date())
    order = Choice(label=_("Order"), required=False)

    FIRST = ("words", "state", "due")  # the others are behind "more"

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, options in offered().items():
            cast(Choice, self.fields[name]).offer(options)
        self.is_valid()

    @property
    def given(self) -> dict[str, Any]:
        """What was chosen and fits."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def shown(self) -> list[Any]:
        return [self[name] for name in self.FIRST]

    @property
    def more(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def more_chosen(self) -> int:
        """How many of those behind "more" are in use."""
        return len(set(self.given) - set(self.FIRST))

    def number(self) -> int | None:
        """The number of a case, if that is what the words are."""
        try:
            return parse_number(self.given.get("words", ""))
        except Problem:
            return None

    def words_asked(self) -> str:
        """The words to search for; none when they are a number."""
        return "" if self.number() else str(self.given.get("words", ""))

    def order_by(self, usual: str) -> str:
        return ORDERS.get(self.given.get("order", ""), usual)

    def condition(self) -> Q:
        """The filters together, without the words."""
        given = self.given
        condition = Q(**{n: given[n] for n in ("type", "state", "org", "category") if n in given})
        if number := self.number():
            condition &= Q(number=number)
        if "area" in given:
            low, high = span(given["area"])
            condition &= Q(area__gte=low, area__lt=high)
        if "open" in given:
            condition &= Q(open=given["open"] == "open")
        if given.get("order") == "due":
            condition &= Q(open=True)
        return condition & self._when() & due(given.get("due", ""))

    def _when(self) -> Q:
        """Reported from and until: whole days of the place where the installation stands."""
        condition = Q()
        if since := self.given.get("since"):
            condition &= Q(opened_at__gte=_begin(since))
        if until := self.given.get("until"):
            condition &= Q(opened_at__lt=_begin(until) + timedelta(days=1))
        return condition


def read(query: str, tab: str) -> tuple[Filter, SafeString]:
    """The filters of a query and their form as HTML, kept for queries that come again: both say nothing else."""
    return _read(query, tab, names.language(), tuple(offered().values()))


@lru_cache(maxsize=200)
def _read(query: str, tab: str, language: str, options: tuple[Options, ...]) -> tuple[Filter, SafeString]:
    filters = Filter(QueryDict(query))
    return filters, render_to_string("desk/filters.html", {"filters": filters, "tab": tab})


def offered() -> dict[str, Options]:
    """What can be chosen in each field, in the language of the page."""
    found, known = types.everything(), orgs()

    def states() -> dict[str, str]:
        return {code: names.titled(s.title) for t in found.values() for code, s in t.states.items()}

    def with_all(choices: Iterable[Any]) -> list[Any]:
        return [("", _("All")), *choices]

    return {
        "state": kept("state", found, lambda: with_all(states().items())),
        "type": kept(
            "type", found, lambda: with_all((t.type, names.titled(t.title)) for t in found.values())
        ),
        "org": kept("org", known, lambda: with_all(known.items())),
        "area": kept("area", places.areas(), lambda: with_all(area_choices()[1:])),
        "category": kept("category", categories(), lambda: with_all(category_choices()[1:])),
        "due": kept("due", None, lambda: DUE),
        "open": kept("open", None, lambda: OPEN),
        "order": kept("order", None, lambda: ORDER),
    }


def _begin(day: Any) -> datetime:
    near = min(max(day, date(1900, 1, 1)), date(9000, 1, 1))  # the ends of the calendar have no next day
    return timezone.make_aware(datetime.combine(near, time.min))


def due(which: str, at: datetime | None = None) -> Q:
    """Open cases that are overdue (`late`), due within a day (`soon`) or suspended (`rest`)."""
    at = at or now()
    match which:
        case "late":
            return Q(open=True, due_at__lt=at)
        case "soon":
            return Q(open=True, due_at__gte=at, due_at__lt=at + SOON)
        case "rest":
            return Q(open=True, suspended_until__isnull=False)
    return Q()
