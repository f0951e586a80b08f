"""The address map: the API, and the pages that each installed room brings in its `pages.py`."""

import sys
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils import translation

from shanzhi.api.app import build, missing, problem
from shanzhi.base.errors import trouble
from shanzhi.web.problems import shown

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", build().urls),
    re_path("^api/", missing),
]
for config in apps.get_app_configs():
    if config.name.startswith("shanzhi.") and find_spec(f"{config.name}.pages"):
        urlpatterns += import_module(f"{config.name}.pages").urlpatterns


def handler500(request: HttpRequest) -> HttpResponse:
    """Whatever nobody foresaw: the database away, a disk full, a fault of ours. Django calls it in the `except`."""
    error = trouble(sys.exc_info()[1])
    with translation.override(translation.get_language_from_request(request)):
        if request.path.startswith("/api/"):
            return problem(request, error)
        return shown(request, error, bare=True)
