"""Addresses of grids, who works in them, and their redrawing."""

from django.urls import path

from shanzhi.desk.grids.cards import card, coverage, shape
from shanzhi.desk.grids.drafts import draft, drafts, shapes
from shanzhi.desk.grids.drafts import export as grid_export
from shanzhi.desk.grids.gaps import gaps
from shanzhi.desk.grids.staff import staff

urlpatterns = [
    path("desk/grids", coverage, name="coverage"),
    path("desk/grids/gaps", gaps, name="grid_gaps"),
    path("desk/grids/staff", staff, name="grid_staff"),
    path("desk/grids/redrawing", drafts, name="redrawing"),
    path("desk/grids/redrawing/<int:id_>", draft, name="redraw"),
    path("desk/grids/redrawing/<int:id_>/shapes", shapes, name="redraw_shapes"),
    path("desk/grids/export/<str:kind>", grid_export, name="grid_export"),
    path("desk/grids/<slug:code>", card, name="grid_card"),
    path("desk/grids/<slug:code>/shape", shape, name="grid_shape"),
]
