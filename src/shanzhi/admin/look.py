"""The page that shows the visual language: every colour with its contrast, every component in each look."""

from collections import defaultdict
from functools import lru_cache
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shanzhi.admin.access import staff
from shanzhi.look import sheet
from shanzhi.web import tokens


class Sample(forms.Form):
    """One field of each kind."""

    line = forms.CharField(label=_("A line"), help_text=_("A hint stands under the label"), max_length=20)
    words = forms.CharField(
        label=_("Several lines"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    choice = forms.ChoiceField(label=_("A choice"), choices=[("a", _("The first")), ("b", _("The second"))])
    one = forms.ChoiceField(
        label=_("One of a few"),
        choices=[("y", _("Yes")), ("n", _("No"))],
        widget=forms.RadioSelect,
        required=False,
    )
    several = forms.MultipleChoiceField(
        label=_("Several of a few"),
        choices=[("1", _("The first")), ("2", _("The second"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.DateField(label=_("A day"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    check = forms.BooleanField(label=_("A check box"), required=False)


def look(request: HttpRequest) -> HttpResponse:
    """For those who make pages; any member of staff may look."""
    staff(request)
    context = {
        "colours": _colours(),
        "samples": [_sample(theme) for theme in (tokens.LIGHT, tokens.DARK)],
        "here": "look",
    }
    return render(request, "admin/look.html", context)


@lru_cache(maxsize=1)
def _colours() -> list[dict[str, Any]]:
    """Light and dark: the colours, and the pairs of each look with the larger letters among them."""
    css = sheet("main.css")
    found = tokens.looks(css)
    by_look: dict[str, list[tokens.Pair]] = defaultdict(list)
    for pair in tokens.pairs(css):
        by_look[pair.look].append(pair)
    return [
        {"theme": theme, "colours": found[theme], "pairs": by_look[theme]}
        for theme in (tokens.LIGHT, tokens.DARK)
    ]


def _sample(theme: str) -> dict[str, Any]:
    """The forms of a look: one as it is first seen, one with what was wrong."""
    wrong = Sample({"line": "a line that is much too long", "choice": "x"}, auto_id=f"{theme}-wrong-%s")
    wrong.is_valid()
    return {"theme": theme, "form": Sample(auto_id=f"{theme}-%s"), "wrong": wrong}
