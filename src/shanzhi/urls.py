"""The address map: the API, and the pages that each installed room brings in its `pages.py`."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, path, re_path

from shanzhi.api.app import build, missing

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", build().urls),
    re_path("^api/", missing),
]
for config in apps.get_app_configs():
    if config.name.startswith("shanzhi.") and find_spec(f"{config.name}.pages"):
        urlpatterns += import_module(f"{config.name}.pages").urlpatterns
