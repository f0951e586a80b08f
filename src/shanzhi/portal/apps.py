from django.apps import AppConfig


class Portal(AppConfig):
    """The residents' door."""

    name = "shanzhi.portal"
    label = "portal"
