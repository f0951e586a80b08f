"""Addresses of one's own figures and those of one's people."""

from django.urls import path

from shanzhi.desk.performance.leading import listing as led
from shanzhi.desk.performance.samples import samples
from shanzhi.desk.performance.sheets import mine
from shanzhi.desk.performance.sheets import person as led_person

urlpatterns = [
    path("desk/performance", mine, name="mine"),
    path("desk/performance/people", led, name="led"),
    path("desk/performance/people/<int:id_>", led_person, name="led_person"),
    path("desk/performance/samples", samples, name="samples"),
]
