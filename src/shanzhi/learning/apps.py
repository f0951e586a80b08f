from django.apps import AppConfig


class Learning(AppConfig):
    """What the installation has learnt of its texts, and reads new ones with."""

    name = "shanzhi.learning"
    label = "learning"
