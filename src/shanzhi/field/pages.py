"""The door's own addresses: the page that is the app, its service worker and its manifest. None tells who asks.

The page is the same for everybody, so that it can be kept on the telephone; everything about somebody comes by the
API and lies there encrypted.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from shanzhi.field import built
from shanzhi.field.words import WORDS

ICONS = (("field/icon.svg", "any", "image/svg+xml"), ("field/icon-192.png", "192x192", "image/png"),
         ("field/icon-512.png", "512x512", "image/png"))  # fmt: skip

OWN = ("/field/manifest.webmanifest", "/field/map-worker.js")


def words() -> dict[str, dict[str, str]]:
    """All sentences of the app in both languages, so that it can be switched without a signal."""
    told = {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            told[code] = {word: gettext(word) for word in WORDS}
    return told


@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The page that is the app."""
    response = render(request, "field/app.html", {"words": words(), "styles": built.styles()})
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: which files it keeps, under a version that changes when any of them or a sentence does."""
    kept = [*built.files(), *(static(name) for name, _, _ in ICONS), static("favicon.svg"), *OWN]
    sentences = json.dumps(words(), ensure_ascii=False, sort_keys=True)
    told = {"version": built.digest(*kept, built.worker(), sentences), "files": kept, "page": "/field/"}
    text = f'self.FIELD = {json.dumps(told)};\nimport "{built.worker()}";\n'
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone needs to install the app."""
    told: dict[str, Any] = {
        "name": "善治 · 网格通",
        "short_name": "网格通",
        "lang": "zh-Hans",
        "start_url": "/field/",
        "scope": "/field/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f4f6f8",
        "theme_color": "#0b5cad",
        "icons": [{"src": static(name), "sizes": sizes, "type": type_} for name, sizes, type_ in ICONS]
        + [
            {
                "src": static("field/icon-512.png"),
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            }
        ],
    }
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")


@require_safe
def drawer(request: HttpRequest) -> HttpResponse:
    """The worker that draws the map, within the scope of the app: only so is it answered without a signal."""
    response = HttpResponse(built.drawer(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


urlpatterns = [
    path("field/", app, name="field"),
    path("field/sw.js", worker, name="field_worker"),
    path("field/map-worker.js", drawer, name="field_drawer"),
    path("field/manifest.webmanifest", manifest, name="field_manifest"),
]
