"""What residents fill in besides the report itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.cases.casetype import Move
from shanzhi.web.declared import declared_field
from shanzhi.web.forms import Sent

YES_NO = (("yes", _("Yes")), ("no", _("No")))


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

    def __init__(self, *args: Any, move: Move | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move is None or "reason" not in move.needs:
            del self.fields["reason"]
        self.declared = list(move.fields) if move else []
        for name, spec in move.fields.items() if move else ():
            needed = spec.required or (move is not None and name in move.needs)
            self.fields[name] = declared_field(spec, required=needed)


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


class CodeForm(forms.Form):
    """The six digits."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
