"""Addresses of the dispatch: the page that is watched, shifts, planned rounds."""

from django.urls import path

from shanzhi.desk.dispatch.patrols import patrols
from shanzhi.desk.dispatch.rota import shift_table, shifts
from shanzhi.desk.dispatch.watching import dispatch, positions

urlpatterns = [
    path("desk/dispatch", dispatch, name="dispatch"),
    path("desk/dispatch/positions", positions, name="positions"),
    path("desk/dispatch/rounds", patrols, name="patrols"),
    path("desk/dispatch/shifts", shifts, name="shifts"),
    path("desk/dispatch/shifts.csv", shift_table, name="shift_table"),
]
