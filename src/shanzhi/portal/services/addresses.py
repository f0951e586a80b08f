"""Addresses of the services for residents."""

from django.urls import path

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
]
