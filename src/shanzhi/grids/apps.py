from django.apps import AppConfig

from shanzhi.places import counted


class Grids(AppConfig):
    """Redrawing grids by drafts that are checked as a whole; the card of a grid, and what is not covered."""

    name = "shanzhi.grids"
    label = "grids"

    def ready(self) -> None:
        """Whoever compares grids is told how many people live in them."""
        from shanzhi.grids.known import people

        if people not in counted.KNOWN:
            counted.KNOWN.append(people)
