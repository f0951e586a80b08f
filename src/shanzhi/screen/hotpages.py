"""Addresses of hot topics and of replies."""

from django.urls import path

from shanzhi.screen.hot import hot, replies, topic
from shanzhi.screen.hotmap import hot_map, hot_points

urlpatterns = [
    path("screen/hot", hot, name="hot"),
    path("screen/hot/map", hot_map, name="hot_map"),
    path("screen/hot/points.geojson", hot_points, name="hot_points"),
    path("screen/hot/<uuid:id_>", topic, name="topic"),
    path("screen/replies", replies, name="replies"),
]
