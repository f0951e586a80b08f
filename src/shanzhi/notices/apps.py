from django.apps import AppConfig


class Notices(AppConfig):
    """What somebody is told, because a journal entry concerns them."""

    name = "shanzhi.notices"
    label = "notices"
