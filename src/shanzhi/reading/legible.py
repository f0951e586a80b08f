"""Whether a picture can be read at all, and if not, why: nothing on it, too small, too dark, blurred. Pure."""

from typing import Literal

from shanzhi.reading.page import Shot

Fault = Literal["empty", "small", "dark", "blurred", "unclear"]
FEWEST = 6  # characters; a paper has more
SMALLEST = 360  # pixels of the shorter side
DARKEST = 70.0  # of 255: the light of the brightest twentieth
SHARPEST = 30.0  # below this nothing has an edge
SUREST = 0.6  # the share of characters that has to be certain


def fault(shot: Shot) -> Fault | None:
    """The first reason why a picture cannot be relied on; None when it can be read."""
    readable = shot.characters >= FEWEST and shot.sure >= SUREST
    if readable:
        return None
    if min(shot.width, shot.height) < SMALLEST:
        return "small"
    if shot.light < DARKEST:
        return "dark"
    if shot.sharpness < SHARPEST:
        return "blurred"
    return "empty" if shot.characters < FEWEST else "unclear"
