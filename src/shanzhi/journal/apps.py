from django.apps import AppConfig


class Journal(AppConfig):
    """The append-only log everything that happens is written to, and its readers."""

    name = "shanzhi.journal"
    label = "journal"
