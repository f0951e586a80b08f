"""The report in three steps, one thing on a page: a photo, the place, a few words. Pure."""

from collections.abc import Collection

STEPS: tuple[tuple[str, ...], ...] = (
    ("photos",),
    ("address", "area", "lon", "lat"),
    ("type", "text", "category", "name", "phone", "agreed"),
)
LAST = len(STEPS)
EXTRA = ("category", "name", "phone", "agreed")


def step_of(text: str) -> int | None:
    """The step that a form names, None for none: what was sent is then the whole report."""
    return int(text) if text in [str(n) for n in range(1, LAST + 1)] else None


def fields_of(step: int) -> tuple[str, ...]:
    """What is asked on a page, counted from 1."""
    return STEPS[step - 1]


def faulty(errors: Collection[str]) -> int:
    """The first page on which something is wrong; what belongs to no page is said on the last."""
    return next((n for n in range(1, LAST + 1) if set(fields_of(n)) & set(errors)), LAST)
