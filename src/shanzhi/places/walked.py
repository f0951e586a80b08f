"""Who knows when a grid was last walked (巡查): rooms that keep patrols put their answer here when they start.

A function gets codes of grids and gives the last time of those that were ever walked. Without any, nothing is known.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

Walked = Callable[[Sequence[str]], dict[str, datetime]]
KNOWN: list[Walked] = []


def last(codes: Sequence[str]) -> dict[str, datetime] | None:
    """When each grid was last walked; None when nobody keeps patrols here."""
    found: dict[str, datetime] = {}
    for ask in KNOWN:
        for code, at in ask(codes).items():
            found[code] = max(at, found.get(code, at))
    return found if KNOWN else None
