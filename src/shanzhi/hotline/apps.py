from django.apps import AppConfig


class Hotline(AppConfig):
    """The complaint desk (接诉即办): the responsibility list, whistles, call-backs, the monthly ranking."""

    name = "shanzhi.hotline"
    label = "hotline"
