from django.apps import AppConfig

from shanzhi.places import walked


class Patrol(AppConfig):
    """Rounds in the street (巡查) with points and checklists, and visits to people and homes (走访)."""

    name = "shanzhi.patrol"
    label = "patrol"

    def ready(self) -> None:
        """Cards of grids are told when each was last walked."""
        from shanzhi.patrol.walks import last_walks

        if last_walks not in walked.KNOWN:
            walked.KNOWN.append(last_walks)
