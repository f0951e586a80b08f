"""Addresses of the figures."""

from django.urls import path

from shanzhi.screen.leagues import leagues
from shanzhi.screen.listing import behind
from shanzhi.screen.overview import overview, wall
from shanzhi.screen.weekly import weekly

urlpatterns = [
    path("screen/", overview, name="screen"),
    path("screen/wall", wall, name="wall"),
    path("screen/cases", behind, name="behind"),
    path("screen/leagues", leagues, name="leagues"),
    path("screen/weekly.pdf", weekly, name="weekly"),
]
