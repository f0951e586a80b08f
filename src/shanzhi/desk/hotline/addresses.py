"""Addresses of the hotline: calls, callbacks, duties, whistles, exclusions, and entering a call."""

from django.urls import path

from shanzhi.desk.calling import caller, calling, proposals
from shanzhi.desk.hotline.callbacks import callback, callbacks
from shanzhi.desk.hotline.calls import recording, taken_call, taken_calls
from shanzhi.desk.hotline.duties import duty_list, duty_rows
from shanzhi.desk.hotline.exclusions import exclude, exclusions
from shanzhi.desk.hotline.hub import hub
from shanzhi.desk.hotline.whistles import whistle, whistles

urlpatterns = [
    path("desk/hotline", hub, name="hotline"),
    path("desk/hotline/callbacks", callbacks, name="callbacks"),
    path("desk/hotline/callbacks/<uuid:id_>", callback, name="callback"),
    path("desk/hotline/list", duty_list, name="duties"),
    path("desk/hotline/list/rows.<str:kind>", duty_rows, name="duty_rows"),
    path("desk/hotline/whistles", whistles, name="whistles"),
    path("desk/hotline/whistles/<uuid:id_>", whistle, name="whistle"),
    path("desk/hotline/exclusions", exclusions, name="exclusions"),
    path("desk/hotline/exclusions/<uuid:id_>", exclude, name="exclude"),
    path("desk/report", calling, name="calling"),
    path("desk/report/proposals", proposals, name="proposals"),
    path("desk/report/caller", caller, name="caller"),
    path("desk/hotline/calls", taken_calls, name="taken_calls"),
    path("desk/hotline/calls/<uuid:id_>", taken_call, name="taken_call"),
    path("desk/hotline/calls/<uuid:id_>/files/<uuid:file>/<str:name>", recording, name="recording"),
]
