"""How pages find what Vite built: names carry hashes, the manifest knows them.

In a template: `{% load look %}` is not needed, the tag is built in; `{% built "main.css" %}` is an address.
"""

import json
import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

BUILT = Path(__file__).resolve().parent / "static" / "built"
HOLE = re.compile(r"\[\[([A-Z]+)]]")
register = template.Library()


def names(manifest: dict[str, Any]) -> dict[str, str]:
    """The files of each entry by plain names: `main.js`, and `main.css` for its style sheet."""
    found: dict[str, str] = {}
    for chunk in manifest.values():
        if chunk.get("isEntry"):
            found[f"{chunk['name']}.js"] = chunk["file"]
            for sheet in chunk.get("css", [])[:1]:
                found[f"{chunk['name']}.css"] = sheet
    return found


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return names(json.loads((BUILT / "manifest.json").read_text()))


@register.simple_tag
def built(name: str) -> str:
    """The address of a built file; raises KeyError for one that is not built, FileNotFoundError before `make setup`."""
    if settings.DEBUG:
        _known.cache_clear()
    return static(f"built/{_known()[name]}")


@register.simple_tag
def fixed(name: str, **given: Any) -> SafeString:
    """A template that holds nothing but words, and what a few flags choose: drawn once for each language and choice.

    What differs from page to page is given in capitals and put in each time, where the template says `[[TOKEN]]`.
    """
    flags = tuple(
        (flag, value if isinstance(value, str) else bool(value))
        for flag, value in given.items()
        if flag.islower()
    )
    html = _fixed(name, get_language() or "", flags, settings.DEBUG)
    if len(flags) == len(given):
        return html
    return mark_safe(HOLE.sub(lambda found: escape(str(given[found[1]])), html))


@lru_cache(maxsize=2000)
def _fixed(name: str, language: str, flags: tuple[tuple[str, str | bool], ...], debug: bool) -> SafeString:
    return render_to_string(name, dict(flags))


def sheet(name: str) -> str:
    """The text of a built style sheet."""
    return (BUILT / _known()[name]).read_text()
