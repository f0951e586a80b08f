"""Addresses of the residents' door."""

from django.urls import path
from django.views.i18n import set_language

from shanzhi.portal import home, nearby, reporting, subscribing, telling, tracking
from shanzhi.portal.services import (
    asking,
    catalogue,
    filling,
    guiding,
    letter,
    members,
    paper,
    papers,
    standing,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("size", home.size, name="size"),
    path("language", set_language, name="set_language"),
    path("report", reporting.report, name="report"),
    path("nearby", nearby.nearby, name="nearby"),
    path("nearby/cases.geojson", nearby.cases, name="public-cases"),
    path("nearby/areas.geojson", nearby.areas, name="public-areas"),
    path("nearby/<uuid:case>", nearby.case, name="public"),
    path("subscribe", subscribing.subscribe, name="subscribe"),
    path("subscriptions/<uuid:id_>", subscribing.subscription, name="subscription"),
    path("subscriptions/<uuid:id_>/<str:secret>", subscribing.managed, name="followed"),
    path("track", tracking.track, name="track"),
    path("track/<uuid:case>/<str:reporter>/<str:secret>", tracking.linked, name="linked"),
    path("services", catalogue.services, name="services"),
    path("services/guide", guiding.guide, name="guidance"),
    path("services/verify", standing.verify, name="verify"),
    path("services/letter", letter.letter, name="service_letter"),
    path("services/drafts/<uuid:id_>", filling.draft, name="draft"),
    path("services/drafts/<uuid:id_>/check", filling.check, name="draft_check"),
    path("services/drafts/<uuid:id_>/members/<slug:key>", members.listed, name="draft_members"),
    path("services/drafts/<uuid:id_>/members/<slug:key>/<int:number>", members.one, name="draft_member"),
    path("services/drafts/<uuid:id_>/form.pdf", paper.of_draft, name="draft_paper"),
    path("services/drafts/<uuid:id_>/papers", papers.papers, name="draft_papers"),
    path("services/applications/<uuid:case>", standing.application, name="application"),
    path("services/applications/<uuid:case>/asked", asking.asked, name="application_asked"),
    path("services/applications/<uuid:case>/document.pdf", standing.document, name="document"),
    path("services/<str:code>", catalogue.service, name="service"),
    path("services/<str:code>/form.pdf", paper.blank, name="service_paper"),
    path("services/<str:code>/apply", catalogue.begin, name="service_apply"),
    path("my", tracking.my, name="my"),
    path("my/subscriptions", subscribing.end, name="end-subscription"),
    path("my/telling", telling.telling, name="telling"),
    path("my/<uuid:case>", tracking.mine, name="mine"),
]
