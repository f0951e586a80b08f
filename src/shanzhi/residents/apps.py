from django.apps import AppConfig


class Residents(AppConfig):
    """People and how to reach them, held once."""

    name = "shanzhi.residents"
    label = "residents"
