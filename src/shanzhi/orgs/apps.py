from django.apps import AppConfig


class Orgs(AppConfig):
    """Organisations, accounts, roles and grants: who may do what, where."""

    name = "shanzhi.orgs"
    label = "orgs"
