"""Addresses of the administration."""

from django.urls import path

from shanzhi.admin.accounts import account, accounts
from shanzhi.admin.clients import client, clients
from shanzhi.admin.learnt import model, models
from shanzhi.admin.look import look
from shanzhi.admin.outbox import outbox
from shanzhi.admin.packs import pack, packs
from shanzhi.admin.ruledraft import edit
from shanzhi.admin.rules import rule, rules, trial
from shanzhi.admin.running import running

urlpatterns = [
    path("admin/", running, name="admin"),
    path("admin/models", models, name="admin-models"),
    path("admin/models/<slug:name>/<int:number>", model, name="admin-model"),
    path("admin/outbox", outbox, name="admin-outbox"),
    path("admin/accounts", accounts, name="admin-accounts"),
    path("admin/accounts/<int:id_>", account, name="admin-account"),
    path("admin/clients", clients, name="admin-clients"),
    path("admin/clients/<int:id_>", client, name="admin-client"),
    path("admin/packs", packs, name="admin-packs"),
    path("admin/packs/<str:digest>", pack, name="admin-pack"),
    path("admin/rules", rules, name="admin-rules"),
    path("admin/rules/<slug:id_>/<int:version>", rule, name="admin-rule"),
    path("admin/rules/<slug:id_>/<int:version>/try", trial, name="admin-rule-try"),
    path("admin/rules/<slug:id_>/<int:version>/edit", edit, name="admin-rule-edit"),
    path("admin/look", look, name="admin-look"),
]
