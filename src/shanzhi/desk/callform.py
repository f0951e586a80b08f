"""The form of a call: few fields, most of them filled in by what the operator types."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from shanzhi.base.clock import now
from shanzhi.base.geo import Point
from shanzhi.cases.opening import Report
from shanzhi.hotline.actions.calling import Outcome, Taken
from shanzhi.hotline.queries.desk import Draft
from shanzhi.orgs.queries import orgs
from shanzhi.places import queries as places
from shanzhi.residents.person import Contact
from shanzhi.rules.queries import categories
from shanzhi.web.declared import Asking
from shanzhi.web.forms import ACCEPT, ManyFiles, ManyInput
from shanzhi.web.names import URGENCY, language, word
from shanzhi.web.report import READ_OUT, area_choices, type_choices

ACCEPTED = f"{ACCEPT},audio/mpeg,audio/wav,audio/mp4"
FILLED = ("category", "urgency", "address", "area")  # what the page fills in until the operator does
COMMUNITY = 12
NEAR = 300.0  # metres outside every grid up to which the nearest one counts, as for any report


def category_way(code: str) -> str:
    """The way to a category through all its levels: 公用设施 › 供水井盖."""
    known, way = categories(), list[str]()
    while code in known and len(way) < 5:
        way.append(known[code].name(language()))
        code = known[code].parent
    return " › ".join(reversed(way))


def leaf_choices() -> list[Any]:
    """The finest categories, in groups by the way to them."""
    known = categories()
    parents = {one.parent for one in known.values()}
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in known.values():
        if one.code not in parents:
            groups.setdefault(one.parent, []).append((one.code, one.name(language())))
    return [("", _("I do not know")), *((category_way(parent), listed) for parent, listed in groups.items())]


class CallForm(Asking):
    """A call: the words first; everything else can be left as it is filled in."""

    text = forms.CharField(
        label=_("What does the caller say?"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "autofocus": True, "data-alt": "w", "autocomplete": "off"}),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), required=False)
    address = forms.CharField(label=_("Where?"), required=False, max_length=500)
    area = forms.ChoiceField(label=_("Community"), required=False)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    org = forms.ChoiceField(label=_("Owner"), required=False)
    send = forms.BooleanField(label=_("Send it to the owner at once"), required=False)
    phone = forms.CharField(
        label=_("Phone of the caller"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name of the caller"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agreed = forms.BooleanField(label=READ_OUT, required=False)
    reply = forms.CharField(
        label=_("What was answered"),
        help_text=_("Only where no case is needed"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    safe = forms.BooleanField(label=_("I have made sure that nobody is in danger"), required=False)
    photos = ManyFiles(
        label=_("Recordings and photos"), required=False, widget=ManyInput(attrs={"accept": ACCEPTED})
    )
    type = forms.ChoiceField(label=_("Kind"), required=False)
    answer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    own = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    began = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    @property
    def asked_fields(self) -> list[forms.BoundField]:
        """What a kind asks besides, for the page."""
        return [self[name] for name in self.asked]

    @property
    def asked_wrong(self) -> bool:
        return any(name in self.errors for name in self.asked)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = type_choices("operator")
        known = [code for code, _title in kinds]
        self.initial.setdefault("type", "complaint" if "complaint" in known else next(iter(known), ""))
        listed: dict[str, Any] = {
            "type": kinds,
            "category": leaf_choices(),
            "urgency": [("", _("As the rules propose")), *((code, word(URGENCY, code)) for code in URGENCY)],
            "area": area_choices(),
            "org": [("", _("As the list names")), *orgs().items()],
        }
        for name, choices in listed.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.ask(known)
        for name, key in KEYS.items():
            self.fields[name].widget.attrs["data-alt"] = key


KEYS = {
    "category": "c", "urgency": "u", "address": "p", "area": "m", "org": "o", "send": "x", "phone": "t", "agreed": "s",
    "name": "n", "reply": "r",
}  # fmt: skip


def draft(data: Any) -> Draft:
    """What stands on the form, however it was filled in: what the operator has set himself counts as set."""
    own = set(str(data.get("own") or "").split(","))

    def set_(name: str) -> str | None:
        return str(data.get(name) or "")[:500] if name in own else None

    urgency = set_("urgency") or ""
    type_ = str(data.get("type") or "complaint")
    return Draft(
        text=str(data.get("text") or ""),
        type=type_ if type_ in {code for code, _ in type_choices("operator")} else "complaint",
        category=_known(set_("category"), categories()),
        urgency=urgency if urgency in URGENCY else "",
        area=_known(set_("area"), places.areas()),
        address=set_("address"),
    )


def _known(code: str | None, known: Any) -> str | None:
    return code if not code or known.get(code) is not None else None


def taken(form: CallForm, outcome: Outcome, into: UUID | None, files: list[UUID]) -> Taken:
    """A call as the form says it."""
    given = form.cleaned_data
    lon, lat, area = _placed(given)
    report = Report(
        type=given["type"], text=given["text"], category=given["category"], urgency=given["urgency"],
        lon=lon, lat=lat, address=given["address"], area=area, channel="hotline", files=tuple(files),
        data=form.said() if outcome == "case" else {},
    )  # fmt: skip
    return Taken(
        key=given["key"], report=report, outcome=outcome, contact=Contact(given["name"], given["phone"]),
        began=_moment(given["began"]), into=into, org=given["org"], send=given["send"], reply=given["reply"],
        answer=given["answer"] if given["reply"] else "", safe=given["safe"],
        agreed=str(READ_OUT) if given["agreed"] else "",
    )  # fmt: skip


def _placed(given: dict[str, Any]) -> tuple[float | None, float | None, str]:
    """The point and its grid, unless the operator has named another community, or it lies outside."""
    lon, lat, area = given["lon"], given["lat"], given["area"]
    if lon is None or lat is None:
        return None, None, area
    grid = places.grid_of(Point(lon, lat), within_m=NEAR) or ""
    if not grid or not grid.startswith(area):
        return None, None, area
    return lon, lat, grid


def _moment(text: str) -> datetime | None:
    """When the call began, as the page says; none for what is no moment, or lies ahead."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and found <= now() else None
