from django.apps import AppConfig


class Rules(AppConfig):
    """Executable rules with true, false and unknown answers."""

    name = "shanzhi.rules"
    label = "rules"
