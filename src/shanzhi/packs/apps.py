from django.apps import AppConfig


class Packs(AppConfig):
    """What a district decides for itself: a folder of plain files, checked, compared and applied."""

    name = "shanzhi.packs"
    label = "packs"
