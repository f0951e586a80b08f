"""Addresses of the desk."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("desk/", desk, name="desk")]
