"""Draws fields and their plain widgets at once; all other widgets as Django does, by templates.

A case page holds some thirty fields; a template for each of them, and for each option of a choice, was more than
half of what the page cost. What is drawn is the same, letter by letter (`test_drawing.py`).
"""

from collections.abc import Callable
from html import escape
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()
Widget = dict[str, Any]
INPUTS = (
    "text",
    "hidden",
    "number",
    "email",
    "url",
    "password",
    "date",
    "datetime",
    "time",
    "checkbox",
    "file",
)


class Drawing(DjangoTemplates):
    """The renderer of all forms (`FORM_RENDERER`)."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        if draw is None:
            return mark_safe(super().render(template_name, context, request))
        return mark_safe(draw(context["widget"]))


def _attrs(widget: Widget) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{_said(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _said(value: object) -> str:
    return escape(str(value))


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_said(widget["value"])}"'
    return f'<input type="{_said(widget["type"])}" name="{_said(widget["name"])}"{value}{_attrs(widget)}>'


def _textarea(widget: Widget) -> str:
    value = _said(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_said(widget["name"])}"{_attrs(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return f'<select name="{_said(widget["name"])}"{_attrs(widget)}>{groups}\n</select>'


def _group(name: str | None, options: list[Widget]) -> str:
    inside = "".join(_option(one) for one in options)
    return f'\n  <optgroup label="{_said(name)}">{inside}\n  </optgroup>' if name else inside


def _option(one: Widget) -> str:
    return f'\n  <option value="{_said(one["value"])}"{_attrs(one)}>{_said(one["label"])}</option>'


def _choices(widget: Widget) -> str:
    """Radio buttons, or boxes to tick."""
    own = {name: value for name in ("id", "class") if (value := widget["attrs"].get(name))}
    groups = "".join(_inputs(name, options) for name, options, _ in widget["optgroups"])
    return f"<div{_attrs({'attrs': own})}>{groups}\n</div>"


def _inputs(name: str | None, options: list[Widget]) -> str:
    inside = "".join(f"<div>\n    {_labelled(one)}</div>" for one in options)
    return f"\n  <div><label>{_said(name)}</label>{inside}\n  </div>" if name else inside


def _labelled(one: Widget) -> str:
    if not one["wrap_label"]:
        return _input(one)
    id_ = one["attrs"].get("id")
    opening = f'<label for="{_said(id_)}">' if id_ else "<label>"
    return f"{opening}{_input(one)}\n {_said(one['label'])}</label>"


DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/radio.html": _choices,
    "django/forms/widgets/checkbox_select.html": _choices,
}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A field of a form: its label, what helps, what is wrong, itself, and the files that were sent before."""
    several = bool(bound.use_fieldset)
    ticked = getattr(bound.field.widget, "input_type", "") == "checkbox" and not several
    label, itself = escape(str(bound.label)), str(bound)
    parts = [
        _named(bound, label, several, ticked),
        f'<p class="hint" id="{bound.auto_id}_helptext">{escape(str(bound.help_text))}</p>'
        if bound.help_text
        else "",
        _wrong(bound),
        f'<label class="check">{itself} {label}</label>' if ticked else itself,
        *(_sent(bound.html_name, one) for one in getattr(bound.field, "kept", ())),
        "</fieldset>" if several else "",
    ]
    return mark_safe(f'<div class="field">{"".join(parts)}</div>')


def _named(bound: BoundField, label: str, several: bool, ticked: bool) -> str:
    if ticked:
        return ""
    id_ = bound.id_for_label
    needed = bound.field.required or getattr(bound.field, "needed", False)
    choice = "" if needed else f" <small>{escape(_('(if you like)'))}</small>"
    if not several:
        return f'<label for="{id_}">{label}{choice}</label>'
    described = f' aria-describedby="{bound.aria_describedby}"' if bound.aria_describedby else ""
    return f'<fieldset id="{id_ or bound.auto_id}"{described}><legend>{label}{choice}</legend>'


def _wrong(bound: BoundField) -> str:
    errors = "".join(f"<li>{escape(str(error))}</li>" for error in bound.errors)
    return f'<ul class="errorlist" id="{bound.auto_id}_error">{errors}</ul>' if errors else ""


def _sent(name: str, file: Any) -> str:
    said = f"{escape(file.name)} <small>{escape(_('(sent already)'))}</small>"
    box = f'<input type="checkbox" name="{name}-kept" value="{file.pk}" checked>'
    return f'<label class="check">{box} {said}</label>'
