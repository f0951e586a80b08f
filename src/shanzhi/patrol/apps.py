from django.apps import AppConfig


class Patrol(AppConfig):
    """Rounds in the street (巡查) with points and checklists, and visits to people and homes (走访)."""

    name = "shanzhi.patrol"
    label = "patrol"
