"""Addresses of the desk."""

from django.urls import path

from shanzhi.desk.calling import calling
from shanzhi.desk.casepage import case
from shanzhi.desk.inbox import inbox
from shanzhi.desk.listing import desk

urlpatterns = [
    path("desk/", desk, name="desk"),
    path("desk/inbox", inbox, name="inbox"),
    path("desk/report", calling, name="calling"),
    path("desk/cases/<uuid:id_>", case, name="case"),
]
