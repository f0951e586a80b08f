from django.apps import AppConfig


class Topics(AppConfig):
    """What many say at once, what next week will bring, and how well we answer."""

    name = "shanzhi.topics"
    label = "topics"
