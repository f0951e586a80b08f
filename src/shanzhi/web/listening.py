"""Tells a page where it hears of changes: the address of `shanzhi live` (`SHANZHI_LIVE`)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def listening(view: View) -> View:
    """A page that changes by itself; without `SHANZHI_LIVE` it stands still and works all the same."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = address(settings.LIVE, request.scheme or "http", request.get_host()) if settings.LIVE else ""
        request.live = found  # type: ignore[attr-defined]
        if not found.startswith("http"):
            return view(request, *args, **kwargs)
        return cast(View, csp_update({"connect-src": [found]})(view))(request, *args, **kwargs)

    return wrapped


def address(setting: str, scheme: str, host: str) -> str:
    """Where the stream is: `:8001` is another port of the same host, all else is taken as it stands."""
    if not setting.startswith(":"):
        return setting
    name = urlsplit(f"//{host}").hostname or host
    return f"{scheme}://{f'[{name}]' if ':' in name else name}{setting}/live"
