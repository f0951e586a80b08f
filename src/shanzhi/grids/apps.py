from django.apps import AppConfig


class Grids(AppConfig):
    """Redrawing grids by drafts that are checked as a whole; the card of a grid, and what is not covered."""

    name = "shanzhi.grids"
    label = "grids"
