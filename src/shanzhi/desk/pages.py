"""Addresses of the desk."""

from django.urls import path

from shanzhi.desk.approvals import approvals
from shanzhi.desk.bulk import bulk
from shanzhi.desk.calling import caller, calling, proposals
from shanzhi.desk.casepage import case
from shanzhi.desk.dispatch.patrols import patrols
from shanzhi.desk.dispatch.rota import shift_table, shifts
from shanzhi.desk.dispatch.watching import dispatch, positions
from shanzhi.desk.export import export
from shanzhi.desk.grids.cards import card, coverage, shape
from shanzhi.desk.grids.drafts import draft, drafts, shapes
from shanzhi.desk.grids.drafts import export as grid_export
from shanzhi.desk.grids.gaps import gaps
from shanzhi.desk.grids.staff import staff
from shanzhi.desk.hotline.callbacks import callback, callbacks
from shanzhi.desk.hotline.calls import recording, taken_call, taken_calls
from shanzhi.desk.hotline.duties import duty_list, duty_rows
from shanzhi.desk.hotline.exclusions import exclude, exclusions
from shanzhi.desk.hotline.hub import hub
from shanzhi.desk.hotline.whistles import whistle, whistles
from shanzhi.desk.inbox import inbox
from shanzhi.desk.listing import desk
from shanzhi.desk.mapping import case_map, clusters, grids
from shanzhi.desk.mentioning import colleagues, person
from shanzhi.desk.near import near
from shanzhi.desk.performance.leading import listing as led
from shanzhi.desk.performance.samples import samples
from shanzhi.desk.performance.sheets import mine
from shanzhi.desk.performance.sheets import person as led_person
from shanzhi.desk.replying import reply
from shanzhi.desk.saving import keep_filter
from shanzhi.desk.services.counter import counter
from shanzhi.desk.services.looking import finding_people, policy
from shanzhi.desk.services.managing import behind, manage
from shanzhi.desk.services.repinning import repin
from shanzhi.desk.services.working import application, work
from shanzhi.desk.surveying import judging, survey, surveys, windowed_file
from shanzhi.desk.today import today
from shanzhi.desk.visits import plan_visit, visits

urlpatterns = [
    path("desk/", desk, name="desk"),
    path("desk/map", case_map, name="case_map"),
    path("desk/map/cases", clusters, name="clusters"),
    path("desk/map/grids", grids, name="grids"),
    path("desk/grids", coverage, name="coverage"),
    path("desk/grids/gaps", gaps, name="grid_gaps"),
    path("desk/grids/staff", staff, name="grid_staff"),
    path("desk/grids/redrawing", drafts, name="redrawing"),
    path("desk/grids/redrawing/<int:id_>", draft, name="redraw"),
    path("desk/grids/redrawing/<int:id_>/shapes", shapes, name="redraw_shapes"),
    path("desk/grids/export/<str:kind>", grid_export, name="grid_export"),
    path("desk/grids/<slug:code>", card, name="grid_card"),
    path("desk/grids/<slug:code>/shape", shape, name="grid_shape"),
    path("desk/performance", mine, name="mine"),
    path("desk/performance/people", led, name="led"),
    path("desk/performance/people/<int:id_>", led_person, name="led_person"),
    path("desk/performance/samples", samples, name="samples"),
    path("desk/bulk", bulk, name="bulk"),
    path("desk/export.<str:kind>", export, name="export"),
    path("desk/filters", keep_filter, name="filters"),
    path("desk/approvals", approvals, name="approvals"),
    path("desk/today", today, name="today"),
    path("desk/surveys", surveys, name="surveys"),
    path("desk/surveys/<int:id_>", survey, name="survey"),
    path("desk/surveys/<int:id_>/<int:pick>", judging, name="judging"),
    path("desk/surveys/<int:id_>/<int:pick>/files/<uuid:file>/<str:name>", windowed_file, name="windowed"),
    path("desk/hotline", hub, name="hotline"),
    path("desk/hotline/callbacks", callbacks, name="callbacks"),
    path("desk/hotline/callbacks/<uuid:id_>", callback, name="callback"),
    path("desk/hotline/list", duty_list, name="duties"),
    path("desk/hotline/list/rows.<str:kind>", duty_rows, name="duty_rows"),
    path("desk/hotline/whistles", whistles, name="whistles"),
    path("desk/hotline/whistles/<uuid:id_>", whistle, name="whistle"),
    path("desk/hotline/exclusions", exclusions, name="exclusions"),
    path("desk/hotline/exclusions/<uuid:id_>", exclude, name="exclude"),
    path("desk/services", work, name="work"),
    path("desk/services/manage", manage, name="managing"),
    path("desk/services/counter", counter, name="counter"),
    path("desk/services/figures/<str:code>", behind, name="service_behind"),
    path("desk/services/policies", finding_people, name="policies"),
    path("desk/services/policies/<uuid:id_>", policy, name="policy"),
    path("desk/services/<uuid:case>", application, name="work_application"),
    path("desk/services/<uuid:case>/repin", repin, name="work_repin"),
    path("desk/dispatch", dispatch, name="dispatch"),
    path("desk/dispatch/positions", positions, name="positions"),
    path("desk/dispatch/rounds", patrols, name="patrols"),
    path("desk/dispatch/shifts", shifts, name="shifts"),
    path("desk/dispatch/shifts.csv", shift_table, name="shift_table"),
    path("desk/inbox", inbox, name="inbox"),
    path("desk/report", calling, name="calling"),
    path("desk/report/proposals", proposals, name="proposals"),
    path("desk/report/caller", caller, name="caller"),
    path("desk/hotline/calls", taken_calls, name="taken_calls"),
    path("desk/hotline/calls/<uuid:id_>", taken_call, name="taken_call"),
    path("desk/hotline/calls/<uuid:id_>/files/<uuid:file>/<str:name>", recording, name="recording"),
    path("desk/cases/<uuid:id_>", case, name="case"),
    path("desk/cases/<uuid:id_>/near", near, name="near"),
    path("desk/cases/<uuid:id_>/colleagues", colleagues, name="colleagues"),
    path("patrol/visits", visits, name="visits"),
    path("patrol/visits/plan", plan_visit, name="visit_plan"),
    path("desk/people/<str:username>", person, name="colleague"),
    path("desk/cases/<uuid:id_>/reply", reply, name="reply"),
]
