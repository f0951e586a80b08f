"""Addresses of the administration."""

from django.urls import path

from shanzhi.admin.accounts import account, accounts
from shanzhi.admin.outbox import outbox
from shanzhi.admin.running import running

urlpatterns = [
    path("admin/", running, name="admin"),
    path("admin/outbox", outbox, name="admin-outbox"),
    path("admin/accounts", accounts, name="admin-accounts"),
    path("admin/accounts/<int:id_>", account, name="admin-account"),
]
