from django.apps import AppConfig


class Subscriptions(AppConfig):
    """Who wants to know what happens at a place is told, at most once a day outside the pages."""

    name = "shanzhi.subscriptions"
    label = "subscriptions"
