"""What changes the dispatch: where somebody is, what the dispatcher says, who works when, and the plan itself."""

from shanzhi.dispatch.actions.places import forget_places, seen

__all__ = ["forget_places", "seen"]
