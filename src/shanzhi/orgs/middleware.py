"""Who is signed in; and that nothing opens to staff without a second factor where it must be (SHANZHI_STAFF_TOTP)."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from shanzhi.orgs.auth import lacks_second_factor
from shanzhi.orgs.sessions import holder

OPEN_PATHS = ("/accounts/", "/api/", settings.STATIC_URL)


class HolderMiddleware(AuthenticationMiddleware):
    """`request.user` is the account that was read with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: holder(request))  # type: ignore[assignment]


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
