"""Addresses of the ranking of the hotline."""

from django.urls import path

from shanzhi.screen import ranking

urlpatterns = [
    path("screen/ranking", ranking.ranked, name="ranking"),
    path("screen/ranking/cases", ranking.ranking_cases, name="ranking_cases"),
    path("screen/ranking/report", ranking.make_report, name="make_report"),
    path("screen/monthly.<str:kind>", ranking.monthly, name="monthly"),
]
