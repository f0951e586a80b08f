"""Addresses of the desk: its own, and those of the capabilities that are installed."""

from django.urls import path

from shanzhi.desk.approvals import approvals
from shanzhi.desk.bulk import bulk
from shanzhi.desk.casepage import case
from shanzhi.desk.export import export
from shanzhi.desk.inbox import inbox
from shanzhi.desk.listing import desk
from shanzhi.desk.looks import looks
from shanzhi.desk.mapping import case_map, clusters, grids
from shanzhi.desk.mentioning import colleagues, person
from shanzhi.desk.near import near
from shanzhi.desk.replying import reply
from shanzhi.desk.saving import keep_filter
from shanzhi.desk.today import today
from shanzhi.web.rooms import brought

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
    path("desk/looks", looks, name="looks"),
    path("desk/inbox", inbox, name="inbox"),
    path("desk/cases/<uuid:id_>", case, name="case"),
    path("desk/cases/<uuid:id_>/near", near, name="near"),
    path("desk/cases/<uuid:id_>/colleagues", colleagues, name="colleagues"),
    path("desk/people/<str:username>", person, name="colleague"),
    path("desk/cases/<uuid:id_>/reply", reply, name="reply"),
    *brought(
        {
            "shanzhi.desk.grids.addresses": ("grids",),
            "shanzhi.desk.performance.addresses": ("insight",),
            "shanzhi.desk.surveying": ("surveys",),
            "shanzhi.desk.hotline.addresses": ("hotline",),
            "shanzhi.desk.services.addresses": ("services",),
            "shanzhi.desk.dispatch.addresses": ("dispatch",),
            "shanzhi.desk.visits": ("patrol",),
        }
    ),
]
