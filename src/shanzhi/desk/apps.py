from django.apps import AppConfig


class Desk(AppConfig):
    """The staff's door."""

    name = "shanzhi.desk"
    label = "desk"
