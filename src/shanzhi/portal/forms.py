"""What residents fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.cases import types
from shanzhi.places import queries as places
from shanzhi.rules.queries import categories
from shanzhi.web.forms import ACCEPT, ManyFiles, ManyInput, Sent
from shanzhi.web.names import language, titled

YES_NO = (("yes", _("Yes")), ("no", _("No")))


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
    name = (lambda p: p.name_en or p.name) if language() == "en" else (lambda p: p.name)
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


class ReportForm(Sent):
    """A report: what, where, photos, and how to reach the reporter if he likes."""

    type = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("Say what it is and where. You need not know who is responsible."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    address = forms.CharField(
        label=_("Where?"),
        required=False,
        max_length=500,
        help_text=_("For example: the street, the house, the gate"),
    )
    area = forms.ChoiceField(label=_("Community"), required=False)
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

    def __init__(self, *args: Any, door: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = type_choices(door)
        self.fields["type"].choices = kinds  # type: ignore[attr-defined]
        self.initial.setdefault(
            "type", next((k for k, _ in kinds if k == "street-issue"), kinds[0][0] if kinds else "")
        )
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        self.fields["area"].choices = area_choices()  # type: ignore[attr-defined]


class TrackForm(forms.Form):
    """The two things on the slip: the number and the secret code."""

    number = forms.CharField(
        label=_("Tracking number"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    code = forms.CharField(label=_("Secret code, or the whole link"), max_length=400)


class NoteForm(Sent):
    words = forms.CharField(
        label=_("What would you like to add?"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MoveForm(Sent):
    """A move of the reporter; `version` is the version he has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why?"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, with_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_reason:
            del self.fields["reason"]


class RatingForm(Sent):
    """The evaluation: contacted? solved? satisfied? in one's own words."""

    contacted = forms.ChoiceField(
        label=_("Did anybody contact you?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    solved = forms.ChoiceField(
        label=_("Is it solved?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    satisfied = forms.TypedChoiceField(
        label=_("How satisfied are you? (1 not at all, 5 very)"),
        choices=[(str(n), str(n)) for n in range(1, 6)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Your words"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )


def yes(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)
