from django.apps import AppConfig


class Insight(AppConfig):
    """Figures by roles and stages, as views over the journal."""

    name = "shanzhi.insight"
    label = "insight"
