"""Addresses of the screen."""

from django.urls import path

from shanzhi.screen import ranking
from shanzhi.screen.hot import hot, replies, topic
from shanzhi.screen.hotmap import hot_map, hot_points
from shanzhi.screen.leagues import leagues
from shanzhi.screen.listing import behind
from shanzhi.screen.overview import overview, wall
from shanzhi.screen.weekly import weekly

urlpatterns = [
    path("screen/", overview, name="screen"),
    path("screen/wall", wall, name="wall"),
    path("screen/cases", behind, name="behind"),
    path("screen/leagues", leagues, name="leagues"),
    path("screen/hot", hot, name="hot"),
    path("screen/hot/map", hot_map, name="hot_map"),
    path("screen/hot/points.geojson", hot_points, name="hot_points"),
    path("screen/hot/<uuid:id_>", topic, name="topic"),
    path("screen/replies", replies, name="replies"),
    path("screen/weekly.pdf", weekly, name="weekly"),
    path("screen/ranking", ranking.ranked, name="ranking"),
    path("screen/ranking/cases", ranking.ranking_cases, name="ranking_cases"),
    path("screen/ranking/report", ranking.make_report, name="make_report"),
    path("screen/monthly.<str:kind>", ranking.monthly, name="monthly"),
]
