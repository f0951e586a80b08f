from django.apps import AppConfig


class Surveys(AppConfig):
    """Third-party evaluation: a random sample, and a window into just those cases."""

    name = "shanzhi.surveys"
    label = "surveys"
