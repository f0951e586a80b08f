"""Which capabilities are installed (`SHANZHI_MODULES`): a door brings the pages of those that are, and no others.

What a template links to it asks for with `{% url 'name' as there %}{% if there %}`: an address that nobody has brought
is empty.
"""

from collections.abc import Mapping
from importlib import import_module

from django.apps import apps
from django.urls import URLPattern


def installed(*rooms: str) -> bool:
    """Whether all these capabilities are installed."""
    return all(apps.is_installed(f"shanzhi.{room}") for room in rooms)


def brought(pages: Mapping[str, tuple[str, ...]]) -> list[URLPattern]:
    """The `urlpatterns` of those modules whose capabilities are all installed; the others are not even imported."""
    there = [import_module(module) for module, rooms in pages.items() if installed(*rooms)]
    return [one for module in there for one in module.urlpatterns]
