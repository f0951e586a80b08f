"""Addresses of the desk."""

from django.urls import path

from shanzhi.desk.approvals import approvals
from shanzhi.desk.bulk import bulk
from shanzhi.desk.calling import calling
from shanzhi.desk.casepage import case
from shanzhi.desk.export import export
from shanzhi.desk.inbox import inbox
from shanzhi.desk.listing import desk
from shanzhi.desk.mapping import case_map, clusters, grids
from shanzhi.desk.saving import keep_filter
from shanzhi.desk.today import today

urlpatterns = [
    path("desk/", desk, name="desk"),
    path("desk/map", case_map, name="case_map"),
    path("desk/map/cases", clusters, name="clusters"),
    path("desk/map/grids", grids, name="grids"),
    path("desk/bulk", bulk, name="bulk"),
    path("desk/export.<str:kind>", export, name="export"),
    path("desk/filters", keep_filter, name="filters"),
    path("desk/approvals", approvals, name="approvals"),
    path("desk/today", today, name="today"),
    path("desk/inbox", inbox, name="inbox"),
    path("desk/report", calling, name="calling"),
    path("desk/cases/<uuid:id_>", case, name="case"),
]
