"""A form for the facts of any rule: each may be left out, and is then unknown."""

from typing import Any

import yaml
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.base.clock import BEIJING, now
from shanzhi.rules.facts import FactError, FactSpec
from shanzhi.rules.given import Members
from shanzhi.rules.schema import Group, RuleSpec
from shanzhi.web import names

MOST_MEMBERS = 50


class FactForm(forms.Form):
    """The day, and a field for each fact and group; computed facts may be given, too."""

    on = forms.DateField(
        label=gettext_lazy("As of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, spec: RuleSpec, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        self.fields["on"].initial = now().astimezone(BEIJING).date()
        for name, fact in spec.facts.items():
            self.fields[name] = _field(name, fact)
        for name, group in spec.groups.items():
            self.fields[name] = _members(group)
            self.fields[f"{name}_more"] = forms.BooleanField(
                label=gettext_lazy("There may be others"), required=False, initial=True
            )

    def clean(self) -> dict[str, Any]:
        """Reads each fact as its type; raises nothing, but tells of each that cannot be."""
        data = super().clean() or self.cleaned_data
        self.facts: dict[str, Any] = {}
        for name, fact in self.spec.facts.items():
            try:
                value = _read(fact, data.get(name) or "")
                if value is not None:
                    self.facts[name] = value
            except FactError as error:
                self.add_error(name, str(error))
        for name, group in self.spec.groups.items():
            try:
                rows = _rows(group, data.get(name) or "")
                if rows or not data.get(f"{name}_more"):
                    self.facts[name] = Members(tuple(rows), not data.get(f"{name}_more"))
            except FactError as error:
                self.add_error(name, str(error))
        return data

    def given(self) -> dict[str, Any]:
        """The typed facts; for a valid form."""
        return self.facts


def _field(name: str, fact: FactSpec) -> forms.Field:
    title = fact.question or fact.title
    label = (title.en if names.language() == "en" else title.zh) if title else name
    help_text = f"= {fact.formula}" if fact.formula else ""
    if fact.type == "bool" or (fact.type == "enum" and not fact.many):
        yes_no = [("true", _("Yes")), ("false", _("No"))]
        choices = yes_no if fact.type == "bool" else [(value, value) for value in fact.values]
        unknown = [("", _("unknown"))]
        return forms.ChoiceField(label=label, choices=unknown + choices, required=False, help_text=help_text)
    if fact.many:
        help_text = _("Several, with | between them; - for none") + (
            f": {', '.join(fact.values)}" if fact.values else ""
        )
        if fact.words:
            help_text = _("A text, or several of these with | between them: %(values)s") % {
                "values": ", ".join(fact.values)
            }
    widget = forms.TextInput(attrs={"type": "date"} if fact.type == "date" else {})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, help_text=help_text)


def _members(group: Group) -> forms.Field:
    title = group.title.en if names.language() == "en" else group.title.zh
    shown = ", ".join(f"{name}: …" for name in group.facts)
    return forms.CharField(
        label=title, required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000,
        help_text=_("One line for each: %(facts)s") % {"facts": shown},
    )  # fmt: skip


def _read(fact: FactSpec, text: str) -> Any:
    """The value that was typed; None where nothing was."""
    text = text.strip()
    if not text:
        return None
    if fact.type == "bool":
        return text == "true"
    if not fact.many:
        return fact.read(text)
    parts = [part.strip() for part in text.split("|")]
    if fact.words and not set(parts) <= set(fact.values):
        return fact.read(text)
    return fact.read([] if parts == ["-"] else parts)


def _rows(group: Group, text: str) -> list[dict[str, Any]]:
    """Members, one line each."""
    rows = []
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines[:MOST_MEMBERS]:
        try:
            raw = yaml.safe_load("{" + line.strip().strip("{}") + "}")
        except yaml.YAMLError:
            raw = None
        if not isinstance(raw, dict) or not set(raw) <= set(group.facts):
            raise FactError(_("This line cannot be read: %(line)s") % {"line": line[:80]})
        rows.append({name: group.facts[name].read(value) for name, value in raw.items() if value is not None})
    return rows
