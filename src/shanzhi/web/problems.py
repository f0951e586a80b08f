"""Errors of ours as pages, in the language of the reader; the API answers its own way."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext

from shanzhi.base.errors import Denied, NotSignedIn, Problem, Unavailable, gettext_noop
from shanzhi.orgs.auth import NO_CSRF

ONCE_MORE = gettext_noop("Please send it once more")
SEND_AGAIN = gettext_noop("You may have signed in anew meanwhile. What you typed is below: send it again.")


def said(message: str, facts: dict[str, object]) -> str:
    """A message in the language of the page, with its facts."""
    text = gettext(message)
    return text % facts if facts else text


class ProblemMiddleware:
    """Whatever a page raises of our family of errors becomes a page with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Problem) or request.path.startswith("/api/"):
            return None
        if isinstance(error, NotSignedIn) and request.method in ("GET", "HEAD"):
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return shown(request, error)


def shown(request: HttpRequest, error: Problem, *, bare: bool = False) -> HttpResponse:
    """The page of an error, with what was typed; a bare one asks the database for nothing, not even who reads it."""
    context = {
        "status": error.status,
        "message": said(error.message, error.facts),
        "hint": gettext(error.hint) if error.hint else "",
        "kept": kept(request),
        "back": came_from(request),
        "csrf_token": get_token(request),
    }
    if bare:
        page = render_to_string("shanzhi/problem.html", context | {"size": request.COOKIES.get("size", "")})
        response = HttpResponse(page, status=error.status)
    else:
        response = render(request, "shanzhi/problem.html", context, status=error.status)
    if error.status == Unavailable.status:
        response["Retry-After"] = "30"
    response["Cache-Control"] = "no-store"
    return response


def refused_as_foreign(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: most often somebody has signed in anew in another tab."""
    again = kept(request) is not None
    return shown(request, Denied(ONCE_MORE, hint=SEND_AGAIN) if again else Denied(NO_CSRF))


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """The form that was sent, to be sent again: words to be read, all else hidden.

    Only for a form of our own pages, as `Origin` says, so that nobody makes us show a form of his own. What was
    a secret is not said again.
    """
    own = request.headers.get("origin") == f"{request.scheme}://{request.get_host()}"
    if request.method != "POST" or not own:
        return None
    given = [(name, text) for name, texts in request.POST.lists() for text in texts if not secret(name)]
    if not given:
        return None
    fields = [{"name": name, "text": text, "words": are_words(text)} for name, text in given]
    return {"address": request.get_full_path(), "fields": fields, "files": bool(request.FILES)}


def secret(name: str) -> bool:
    return name == "csrfmiddlewaretoken" or "password" in name


def are_words(text: str) -> bool:
    """Whether somebody has written it: blanks, letters beyond those of codes and keys, or more than those have."""
    return len(text.split()) > 1 or not text.isascii() or len(text) > 100


def came_from(request: HttpRequest) -> str:
    """The page of ours on which the form stood, to come back to after signing in."""
    page = urlsplit(request.headers.get("referer", ""))
    own = request.method == "POST" and page.netloc == request.get_host()
    return urlunsplit(("", "", page.path, page.query, "")) if own else request.get_full_path()
