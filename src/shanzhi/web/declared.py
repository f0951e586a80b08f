"""Fields that a pack declares, as fields of a page's forms: those of a move, and those asked of whoever reports."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shanzhi.cases import types
from shanzhi.cases.casetype import FieldSpec
from shanzhi.web import names
from shanzhi.web.forms import Sent


def declared_field(spec: FieldSpec, *, required: bool | None = None, hint: str = "") -> forms.Field:
    """The field for something that a pack declares."""
    needed = spec.required if required is None else required
    how: dict[str, Any] = {"label": names.titled(spec.title), "required": needed, "help_text": hint}
    match spec.type:
        case "integer":
            return forms.IntegerField(**how)
        case "bool":
            return forms.BooleanField(**(how | {"required": False}))
        case "date":
            return forms.DateField(**how, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        case "choice":
            choices = [("", "—"), *((c, names.chosen(spec, c)) for c in spec.choices)]
            return forms.ChoiceField(**how, choices=choices)
        case "long_text":
            widget = forms.Textarea(attrs={"rows": 3})
            return forms.CharField(**how, widget=widget, max_length=spec.max or 5_000)
    return forms.CharField(**how, max_length=spec.max or 5_000)


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Values of such fields as a case keeps them; nothing that is empty."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in given.items()
        if value not in (None, "")
    }


class Asking(Sent):
    """A report of one of several kinds, with what each of them asks of whoever reports."""

    asks: dict[str, dict[str, FieldSpec]]  # by kind

    def ask(self, kinds: Iterable[str]) -> None:
        """Adds the fields; one that not every kind has says for which it is."""
        known = types.everything()
        self.asks = {
            kind: {name: spec for name, spec in known[kind].form.items() if spec.asked}
            for kind in kinds
            if kind in known
        }
        for name, spec in {
            name: spec for asked in self.asks.values() for name, spec in asked.items()
        }.items():
            if name not in self.fields:
                few = len(self._kinds(name)) < len(self.asks)
                self.fields[name] = declared_field(spec, required=False, hint=self._only(name) if few else "")

    @property
    def asked(self) -> list[str]:
        return list(dict.fromkeys(name for fields in self.asks.values() for name in fields))

    def _kinds(self, name: str) -> list[str]:
        return [kind for kind, asked in self.asks.items() if name in asked]

    def _only(self, name: str) -> str:
        kinds = [names.titled(types.current(kind).title) for kind in self._kinds(name)]
        return _("Only for: %(kinds)s") % {"kinds": "、".join(kinds)}

    def clean(self) -> dict[str, Any]:
        """What a kind does not ask is not lost in silence."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        kind = given.get("type") or ""
        for name in self.asked:
            if given.get(name) not in (None, "") and name not in self.asks.get(kind, {}):
                self.add_error(name, self._only(name))
        return given

    def said(self) -> dict[str, Any]:
        """What was asked and answered, as a case keeps it."""
        mine = self.asks.get(self.cleaned_data.get("type") or "", {})
        return plain({name: self.cleaned_data.get(name) for name in mine})
