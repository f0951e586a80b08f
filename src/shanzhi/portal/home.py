"""The first page, and the two switches that every page has."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shanzhi.web.context import SIZES

YEAR = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """What Shanzhi is, and the ways in."""
    return render(request, "portal/home.html")


@require_POST
def size(request: HttpRequest) -> HttpResponse:
    """Larger letters or normal ones, remembered in this browser."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")  # an address, never the name of a view
    chosen = request.POST.get("size", "")
    if chosen in SIZES:
        response.set_cookie("size", chosen, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    return response
