from django.apps import AppConfig


class Intake(AppConfig):
    """Reports coming in: our API, Open311, imports."""

    name = "shanzhi.intake"
    label = "intake"
