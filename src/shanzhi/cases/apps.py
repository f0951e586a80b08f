from django.apps import AppConfig


class Cases(AppConfig):
    """The engine every kind of work runs on."""

    name = "shanzhi.cases"
    label = "cases"
