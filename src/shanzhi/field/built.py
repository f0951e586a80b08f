"""Which built files the app needs without a signal: everything its entry leads to, and a version that is theirs."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static

from shanzhi.look import BUILT

APP, WORKER = "src/entries/field.ts", "src/entries/fieldsw.ts"
DRAWER = "node_modules/maplibre-gl/dist/maplibre-gl-csp-worker.js"


def needed(manifest: Mapping[str, Any], entry: str) -> list[str]:
    """The files that an entry loads now or later, with their style sheets and other things they name."""
    found: dict[str, None] = {}
    seen, waiting = set(), [entry]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        chunk = manifest[name]
        found |= dict.fromkeys([chunk["file"], *chunk.get("css", ()), *chunk.get("assets", ())])
        waiting += [*chunk.get("imports", ()), *chunk.get("dynamicImports", ())]
    return sorted(found)


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text())
    return read


def manifest() -> dict[str, Any]:
    if settings.DEBUG:
        _read.cache_clear()
    return _read()


def files() -> list[str]:
    """Addresses of all built files of the app."""
    return [static(f"built/{name}") for name in needed(manifest(), APP)]


def worker() -> str:
    """The address of the built part of the service worker."""
    return static(f"built/{manifest()[WORKER]['file']}")


def styles() -> list[str]:
    """Addresses of the style sheets that the page begins with."""
    return [static(f"built/{name}") for name in reversed(manifest()[APP].get("css", ()))]


def drawer() -> str:
    """The text of the worker that draws maps."""
    name: str = manifest()[DRAWER]["file"]
    return (BUILT / name).read_text()


def digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
