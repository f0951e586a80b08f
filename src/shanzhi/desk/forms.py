"""The forms of a case page: each carries the version that was seen and a key of its own."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.cases.casetype import Move
from shanzhi.web.declared import declared_field
from shanzhi.web.forms import ACCEPT, ManyFiles, ManyInput, Sent

YES_NO = (("yes", _("Yes")), ("no", _("No")))
Choices = list[tuple[str, str]]


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Seen(Sent):
    """A form about a case as it was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class MoveForm(Seen):
    """A move: exactly what it needs and what it takes besides."""

    def __init__(
        self, *args: Any, move: Move, orgs: Mapping[str, str], people: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in dict.fromkeys((*move.needs, *move.takes)):
            found = engine_field(name, list(orgs.items()), people, needed=name in move.needs)
            if found is not None:
                self.fields[name] = found
        self.declared = list(move.fields)
        for name, spec in move.fields.items():
            self.fields[name] = declared_field(spec, required=spec.required or name in move.needs)


def engine_field(name: str, orgs: Choices, people: Mapping[int, str], *, needed: bool) -> forms.Field | None:
    """The field for something that the engine itself knows; None for what the type declares."""
    none = [("", _("As the rules propose") if not needed else _("Choose …"))]
    match name:
        case "reason":
            return forms.CharField(label=_("Reason"), widget=area(), required=needed, max_length=5_000)
        case "result":
            return forms.CharField(label=_("Result"), widget=area(), required=needed, max_length=20_000)
        case "org":
            return forms.ChoiceField(label=_("Organisation"), choices=[*none, *orgs], required=needed)
        case "helpers":
            return forms.MultipleChoiceField(
                label=_("Helping organisations"),
                choices=orgs,
                required=needed,
                widget=forms.SelectMultiple(attrs={"size": 5}),
            )
        case "person":
            choices = [("", _("Myself")), *((str(k), v) for k, v in people.items())]
            return forms.TypedChoiceField(
                label=_("Person"), choices=choices, coerce=int, empty_value=None, required=needed
            )
        case "photo_after" | "files":
            label = _("Photos afterwards") if name == "photo_after" else _("Files")
            return files_field(label, needed=needed)
    return None


def files_field(label: Any, *, needed: bool = True) -> ManyFiles:
    """Not required for the form itself: what was kept from the try before counts too, and the engine asks.

    Whether it will ask is said beside the label all the same.
    """
    field = ManyFiles(label=label, required=False, widget=ManyInput(attrs={"accept": ACCEPT}))
    field.needed = needed
    return field


class NoteForm(Seen):
    words = forms.CharField(
        label=_("Note"),
        help_text=_("In an internal note, @ and an account name tell a colleague who may see this case"),
        widget=area(2),
        max_length=5_000,
    )
    public = forms.BooleanField(label=_("The reporters may read it"), required=False)

    def __init__(self, *args: Any, colleagues: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {
            "data-none": _("Nobody of this name may see this case"),
            "data-some": _("Choose with the arrow keys"),
        }
        self.fields["words"].widget.attrs |= {"data-mentions": colleagues, **said}


class AttachForm(Seen):
    photos = files_field(_("Files"))
    phase = forms.ChoiceField(
        label=_("They show"),
        choices=[
            ("before", _("how it was before")),
            ("after", _("how it is afterwards")),
            ("other", _("something else")),
        ],
    )


class LookForm(Seen):
    reason = forms.CharField(
        label=_("Why do you need the contact?"),
        help_text=_("Your look and its reason are written down."),
        min_length=2,
        max_length=500,
    )


class DecideForm(Seen):
    granted = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("Grant")), ("no", _("Refuse"))], widget=forms.RadioSelect
    )
    decision = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed for a refusal"),
        widget=area(2),
        required=False,
        max_length=5_000,
    )


class TaskForm(Seen):
    result = forms.CharField(label=_("Result"), widget=area(2), max_length=20_000)


class AskForm(Seen):
    """What may be asked for: each kind with what it needs."""

    def __init__(self, *args: Any, kind: str, orgs: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == "extend":
            self.fields["hours"] = forms.IntegerField(
                label=_("How many hours more?"), min_value=1, max_value=10_000
            )
        if kind == "suspend":
            self.fields["until"] = forms.DateTimeField(
                label=_("Until"),
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            )
        if kind == "consult":
            self.fields["orgs"] = forms.MultipleChoiceField(
                label=_("Whom to consult"),
                choices=list(orgs.items()),
                widget=forms.SelectMultiple(attrs={"size": 5}),
            )
        self.fields["reason"] = forms.CharField(label=_("Reason"), widget=area(2), max_length=5_000)


class SuperviseForm(Seen):
    level = forms.TypedChoiceField(
        label=_("Step"),
        coerce=int,
        choices=[(1, _("Remind")), (2, _("Urge")), (3, _("Supervise")), (4, _("Public notice"))],
    )
    words = forms.CharField(label=_("Words"), widget=area(2), required=False, max_length=5_000)


class MergeForm(Seen):
    number = forms.CharField(label=_("Number of the main case"), max_length=40)


class SplitForm(Seen):
    parts = forms.CharField(
        label=_("The parts"),
        help_text=_("One part in each line, at least two"),
        widget=area(3),
        max_length=20_000,
    )


class RateForm(Seen):
    contacted = forms.ChoiceField(
        label=_("Contacted?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    solved = forms.ChoiceField(label=_("Solved?"), choices=YES_NO, required=False, widget=forms.RadioSelect)
    satisfied = forms.TypedChoiceField(
        label=_("Satisfied? (1 to 5)"),
        choices=[("", "—"), *((str(n), str(n)) for n in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    words = forms.CharField(
        label=_("In the caller's words"), widget=area(2), required=False, max_length=2_000
    )
