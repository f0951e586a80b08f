"""Addresses of the services at the desk."""

from django.urls import path

from shanzhi.desk.services.counter import counter
from shanzhi.desk.services.looking import finding_people, policy
from shanzhi.desk.services.managing import behind, manage
from shanzhi.desk.services.repinning import repin
from shanzhi.desk.services.working import application, work

urlpatterns = [
    path("desk/services", work, name="work"),
    path("desk/services/manage", manage, name="managing"),
    path("desk/services/counter", counter, name="counter"),
    path("desk/services/figures/<str:code>", behind, name="service_behind"),
    path("desk/services/policies", finding_people, name="policies"),
    path("desk/services/policies/<uuid:id_>", policy, name="policy"),
    path("desk/services/<uuid:case>", application, name="work_application"),
    path("desk/services/<uuid:case>/repin", repin, name="work_repin"),
]
