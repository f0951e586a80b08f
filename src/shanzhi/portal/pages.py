"""Addresses of the residents' door: its own, and those of the capabilities that are installed."""

from django.urls import path
from django.views.i18n import set_language

from shanzhi.portal import home, nearby, reporting, telling, tracking
from shanzhi.web.rooms import brought

urlpatterns = [
    path("", home.home, name="home"),
    path("size", home.size, name="size"),
    path("language", set_language, name="set_language"),
    path("report", reporting.report, name="report"),
    path("nearby", nearby.nearby, name="nearby"),
    path("nearby/cases.geojson", nearby.cases, name="public-cases"),
    path("nearby/areas.geojson", nearby.areas, name="public-areas"),
    path("nearby/<uuid:case>", nearby.case, name="public"),
    path("track", tracking.track, name="track"),
    path("track/<uuid:case>/<str:reporter>/<str:secret>", tracking.linked, name="linked"),
    path("my", tracking.my, name="my"),
    path("my/telling", telling.telling, name="telling"),
    *brought(
        {
            "shanzhi.portal.subscribing": ("subscriptions",),
            "shanzhi.portal.services.addresses": ("services",),
        }
    ),
    path("my/<uuid:case>", tracking.mine, name="mine"),
]
