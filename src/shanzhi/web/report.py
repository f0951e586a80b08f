"""The form of a report, for residents and for those who enter a call for somebody."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shanzhi.base.errors import Problem, gettext_noop
from shanzhi.cases import types
from shanzhi.cases.opening import Report
from shanzhi.intake.reporting import Incoming, receive
from shanzhi.journal.receipts import Answer
from shanzhi.orgs.actor import Actor
from shanzhi.places import queries as places
from shanzhi.places.tree import Place
from shanzhi.residents.person import Contact
from shanzhi.rules.queries import categories
from shanzhi.web.declared import Asking
from shanzhi.web.forms import ACCEPT, ManyFiles, ManyInput, kept_files
from shanzhi.web.names import language, titled
from shanzhi.web.problems import said


def category_choices() -> list[Any]:
    """Categories in groups by their first level."""
    groups: dict[str, list[tuple[str, str]]] = {}
    found = categories()
    for one in found.values():
        if one.level == 2 and one.parent in found:
            groups.setdefault(found[one.parent].name(language()), []).append((one.code, one.name(language())))
    return [("", _("I do not know")), *groups.items()]


def area_choices() -> list[Any]:
    """Communities in groups by their street; the street itself where somebody knows no more."""
    tree = places.areas()

    def name(place: Place) -> str:
        return place.name_en or place.name if language() == "en" else place.name

    groups: list[Any] = [("", _("Choose …"))]
    for county in tree.roots():
        for street in tree.children(county.code):
            inside = [(c.code, name(c)) for c in tree.children(street.code)]
            groups.append((name(street), [(street.code, name(street)), *inside]))
    return groups


def type_choices(door: str) -> list[tuple[str, str]]:
    """The kinds of report that may be made through a door (`anonymous`, `resident`, `operator`)."""
    found = types.everything().values()
    return [(t.type, titled(t.title)) for t in found if door in t.opens]


NUMBER = gettext_noop("Text messages need a number")
AGREED = _(
    "Tell me by text message how my report goes on. I can stop it at any time on the page of the report."
)
READ_OUT = _(
    "The caller agrees to text messages about this report and knows that they can be stopped at any time"
)


class ReportForm(Asking):
    """A report: what, where, photos, and how to reach the reporter if he likes."""

    type = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("Say what it is and where. You need not know who is responsible."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
    )
    category = forms.ChoiceField(label=_("Category"), required=False, choices=category_choices)
    address = forms.CharField(
        label=_("Where?"),
        required=False,
        max_length=500,
        help_text=_("For example: the street, the house, the gate"),
    )
    area = forms.ChoiceField(label=_("Community"), required=False, choices=area_choices)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    photos = ManyFiles(
        label=_("Photos"),
        required=False,
        widget=ManyInput(attrs={"accept": ACCEPT}),
        help_text=_("At most 6. Where a photo was taken is removed before others see it."),
    )
    name = forms.CharField(label=_("Your name"), required=False, max_length=64)
    phone = forms.CharField(
        label=_("Your phone"),
        required=False,
        max_length=40,
        help_text=_("Only for questions about this report; it is kept encrypted."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    agreed = forms.BooleanField(label=AGREED, required=False)

    def __init__(self, *args: Any, door: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if door == "resident":
            del self.fields["agreed"]  # whoever has an account says on his own page how he wants to be told
        if door == "operator":
            self.fields["agreed"].label = READ_OUT
        kinds = type_choices(door)
        self.fields["type"].choices = kinds  # type: ignore[attr-defined]
        self.ask(kind for kind, _title in kinds)
        self.initial.setdefault(
            "type", next((k for k, _ in kinds if k == "street-issue"), kinds[0][0] if kinds else "")
        )


def sent(
    request: HttpRequest, actor: Actor, form: ReportForm, *, channel: str, account: int | None
) -> Answer | None:
    """The answer to a report, or None when something on the form is wrong."""
    files = kept_files(request, actor, form, "photos")
    if not form.is_valid():
        return None
    given = form.cleaned_data
    report = made(form, files, channel, account)
    agreed = str(form.fields["agreed"].label) if given.get("agreed") else ""
    if agreed and not given["phone"].strip():
        form.add_error("phone", said(NUMBER, {}))
        return None
    incoming = Incoming(report, Contact(given["name"], given["phone"]), agreed)
    try:
        return receive(actor, incoming, key=form.idempotency_key, request=form.mark("report"))
    except Problem as error:
        form.refuse(error, {"lat": "address", "lon": "address"})
        return None


def made(form: ReportForm, files: list[UUID], channel: str, account: int | None) -> Report:
    """The report as the engine takes it; one's own position says more than a community that one chose."""
    given = form.cleaned_data
    located = given["lon"] is not None and given["lat"] is not None
    return Report(
        type=given["type"],
        text=given["text"],
        category=given["category"],
        lon=given["lon"] if located else None,
        lat=given["lat"] if located else None,
        address=given["address"],
        area="" if located else given["area"],
        channel=channel,
        data=form.said(),
        account=account,
        files=tuple(files),
    )
