from django.apps import AppConfig


class Field(AppConfig):
    """The door of grid workers in the street: an application on the telephone that works without a signal."""

    name = "shanzhi.field"
    label = "field"
