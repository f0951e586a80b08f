from django.apps import AppConfig


class Screen(AppConfig):
    """The leaders' door."""

    name = "shanzhi.screen"
    label = "screen"
