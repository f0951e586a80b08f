"""What people and machines send, as far as PostgreSQL's jsonb holds it without a change."""

import math
from typing import Any

from shanzhi.base.errors import FieldError, Invalid, gettext_noop

DIGITS = 1e15  # below it every decimal of fifteen digits survives a float, and every integer a browser
TINY = 1e-15
DEPTH = 100


def clean(value: Any) -> Any:
    """The same JSON value, as jsonb will give it back: tuples as lists, -0.0 as 0.0.

    Raises Invalid for what jsonb cannot hold or would change, naming the place ("facts.note", "points.0"): NUL
    characters, halves of surrogate pairs, NaN and the infinities, numbers from 1e15 on and floats below 1e-15,
    keys that are no texts, more than a hundred levels. Raises TypeError for what is no JSON at all.
    """
    return _clean(value, ())


def _clean(value: Any, path: tuple[str, ...]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int | float):
        return _number(value, path)
    if len(path) >= DEPTH:
        raise _invalid(path[:3], gettext_noop("Too many levels"))
    if isinstance(value, dict):
        return {_key(key, path): _clean(part, (*path, str(key))) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part, (*path, str(i))) for i, part in enumerate(value)]
    raise TypeError(f"{type(value).__name__} is no JSON")


def _key(key: Any, path: tuple[str, ...]) -> str:
    if not isinstance(key, str):
        raise _invalid(path, gettext_noop("Names must be texts"))
    return _text(key, path)


def _text(text: str, path: tuple[str, ...]) -> str:
    if "\0" in text or not _encodes(text):
        raise _invalid(path, gettext_noop("This text contains characters that cannot be kept"))
    return text


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _number(number: int | float, path: tuple[str, ...]) -> int | float:
    if number == 0:
        return 0.0 if isinstance(number, float) else 0
    if isinstance(number, float) and not math.isfinite(number):
        raise _invalid(path, gettext_noop("This is not a number"))
    if not TINY <= abs(number) < DIGITS:
        raise _invalid(path, gettext_noop("This number is too large or too small"))
    return number


def _invalid(path: tuple[str, ...], message: str) -> Invalid:
    place = ".".join(path).encode("utf-8", "replace").decode().replace("\0", "?")
    return Invalid(errors=[FieldError(place, message)])
