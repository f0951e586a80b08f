"""Errors of ours as pages, in the language of the reader; the API answers its own way."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from shanzhi.base.errors import NotSignedIn, Problem


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
        context = {
            "message": said(error.message, error.facts),
            "hint": gettext(error.hint) if error.hint else "",
        }
        return render(request, "shanzhi/problem.html", context, status=error.status)
