"""One question as a form: the field that fits the type of the fact, with its hint."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shanzhi.places import queries as places
from shanzhi.portal.forms import YES_NO
from shanzhi.residents.fact import FactType, Labelled
from shanzhi.web.choosing import Choice, kept
from shanzhi.web.facts import PROVINCES
from shanzhi.web.forms import Sent
from shanzhi.web.names import language, titled
from shanzhi.web.report import area_choices

LONGEST = 200


class MemberForm(Sent):
    """All that is asked of one member of a group, on one page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, type_: FactType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type_ = type_
        for key, one in type_.members.items():
            self.fields[key] = field_of(one)

    def raw(self) -> dict[str, Any]:
        """The member as the registry reads him."""
        return {key: raw_of(one, self.cleaned_data[key]) for key, one in self.type_.members.items()}


class QuestionForm(Sent):
    """The answer to one question. `seen` is the state of the draft that the page shows."""

    fact = forms.CharField(widget=forms.HiddenInput, max_length=40)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, type_: FactType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type_ = type_
        self.fields["value"] = field_of(type_)

    def raw(self) -> Any:
        """The answer as the registry reads it."""
        return raw_of(self.type_, self.cleaned_data["value"])


def raw_of(type_: Labelled, given: Any) -> Any:
    """What a field of `field_of` was filled in with, as the registry reads it."""
    if type_.type == "bool":
        return given == "yes"
    return given if isinstance(given, int | list) else str(given)


def typed(value: Any) -> Any:
    """A value as `field_of` shows it."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _choice(type_: Labelled, asked: dict[str, Any]) -> forms.Field:
    if type_.type == "bool":
        words = [(code, _(str(word))) for code, word in YES_NO]
        return forms.ChoiceField(choices=words, widget=forms.RadioSelect, **asked)
    choices = [(one, type_.label(one, language())) for one in type_.values]
    if type_.many:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **asked)
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **asked)


def _anywhere() -> list[Any]:
    """The communities of the district, then the provinces."""
    return [*area_choices(), (_("Elsewhere"), list(PROVINCES.items()))]


def field_of(type_: Labelled) -> forms.Field:
    """The field of a fact; its label is the question."""
    asked: dict[str, Any] = {"label": titled(type_.question or type_.title)}
    if type_.unit:
        asked["help_text"] = _("In %(unit)s") % {"unit": type_.measure(language())}
    match type_.type:
        case "bool" | "enum":
            return _choice(type_, asked)
        case "date":
            return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **asked)
        case "int":
            return forms.IntegerField(min_value=type_.min, max_value=type_.max, **asked)
        case "decimal":
            return forms.DecimalField(
                min_value=type_.min, max_value=type_.max, max_digits=14, decimal_places=2, **asked
            )
        case "area":
            place = Choice(**asked)
            place.offer(kept("anywhere", places.areas(), _anywhere))
            return place
    return forms.CharField(max_length=LONGEST, **asked)
