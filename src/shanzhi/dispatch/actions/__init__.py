"""What changes the dispatch: where somebody is, what the dispatcher says, who works when."""

from shanzhi.dispatch.actions.places import forget_places, seen
from shanzhi.dispatch.actions.words import assign, lift, say

__all__ = ["assign", "forget_places", "lift", "say", "seen"]
