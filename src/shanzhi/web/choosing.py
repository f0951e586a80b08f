"""Choices with many options, drawn once and kept: Django asks a template for each option of each page.

The filters of a list have some 400 options; drawing them anew was more than half of what a list page cost.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe

from shanzhi.web.names import language


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a choice as HTML, all of it escaped, and their codes."""

    html: str = ""
    codes: frozenset[str] = frozenset()

    def with_chosen(self, code: str) -> str:
        chosen = _opening(code)
        return self.html.replace(f"{chosen}>", f"{chosen} selected>", 1) if code in self.codes else self.html


def drawn(choices: Iterable[Any]) -> Options:
    """From (code, label); a group is a label with a list of choices."""
    pairs = list(choices)
    return Options("".join(_lines(pairs)), frozenset(_codes(pairs)))


def _lines(choices: Iterable[Any]) -> Iterator[str]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield f'<optgroup label="{escape(str(code))}">{"".join(_lines(label))}</optgroup>'
        else:
            yield f"{_opening(code)}>{escape(str(label))}</option>"


def _opening(code: object) -> str:
    return f'<option value="{escape(str(code))}"'


def _codes(choices: Iterable[Any]) -> Iterator[str]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from _codes(label)
        else:
            yield str(code)


_kept: dict[tuple[str, str], tuple[Any, Options]] = {}


def kept(name: str, source: Any, choices: Callable[[], Iterable[Any]]) -> Options:
    """The options of this name in the language of the page, drawn again when what they are made from has changed."""
    key = (name, language())
    found = _kept.get(key)
    if found is None or found[0] != source:
        found = _kept[key] = (source, drawn(choices()))
    return found[1]


class Pick(forms.Widget):
    """A `<select>` of options that are drawn already."""

    options = Options()

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        own = flatatt(self.build_attrs(self.attrs, attrs))
        chosen = "" if value is None else str(value)
        return mark_safe(f'<select name="{escape(name)}"{own}>{self.options.with_chosen(chosen)}</select>')


class Choice(forms.Field):
    """One of some options, as its code; none is the empty string."""

    widget = Pick

    def offer(self, options: Options) -> None:
        self.widget.options = options

    def clean(self, value: Any) -> str:
        code = str(super().clean(value) or "")
        if code and code not in self.widget.options.codes:
            raise ValidationError(
                forms.ChoiceField.default_error_messages["invalid_choice"], params={"value": code}
            )
        return code
