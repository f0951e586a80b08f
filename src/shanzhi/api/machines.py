"""The short way for machines: a call with a key has no session, no cookie, no form and no page.

What the other middleware does for people (sessions, CSRF, messages, sign-in) is nothing to it, and would be
a third of the time that a new case takes.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

PREFIX = "/api/"
Answer = Callable[[HttpRequest], HttpResponseBase]


class MachineMiddleware:
    """Answers `/api/…` calls with `Authorization: Bearer …` at once; it must be the first middleware."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_machine(request):
            return self.get_response(request)
        try:
            match = _found(request.path_info)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = match
        with translation.override(translation.get_language_from_request(request)):
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "no-store"
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
        return response


_fixed: dict[str, ResolverMatch] = {}  # of addresses that hold no id: as many as there are routes


def _found(path: str) -> ResolverMatch:
    match = _fixed.get(path) or resolve(path)
    if not match.args and not match.kwargs:
        _fixed[path] = match
    return match


def is_machine(request: HttpRequest) -> bool:
    """Whether a request comes from a machine: by a key, without a cookie."""
    given = request.META.get("HTTP_AUTHORIZATION", "")
    return request.path_info.startswith(PREFIX) and given.startswith("Bearer ") and not request.COOKIES
