"""Where staff must use a second factor (SHANZHI_STAFF_TOTP=1), nothing opens before it is set up."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shanzhi.orgs.auth import lacks_second_factor

OPEN_PATHS = ("/accounts/", "/api/", settings.STATIC_URL)


class SecondFactorMiddleware:
    """Sends staff without a second factor to the page that sets one up. Costs nothing when switched off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_TOTP and _is_page(request) and lacks_second_factor(request.user):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)


def _is_page(request: HttpRequest) -> bool:
    """A page other than those of sign-in; API calls are answered by `orgs.auth`, in their own words."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    return signed_in and not request.path.startswith(OPEN_PATHS)
