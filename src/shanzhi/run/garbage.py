"""How often Python looks for garbage."""

import gc

YOUNG = 50_000  # objects made since the last look; by default 700


def settle() -> None:
    """What is loaded by now stays: collecting garbage need not look at it again, and need not look often.

    A case is hundreds of small objects that are gone with their request or batch; by default they set off a
    collection of everything, which took two fifths of the worker's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
