"""Dataclasses for plain values that are made by the hundred thousand.

`dataclass(frozen=True)` and `replace` as in the standard library, except that only the type checker holds what is
frozen: asking Python itself to refuse each change makes a value five times as dear to make.
"""

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import replace as replace
else:

    def dataclass(*, frozen: bool, **options: Any) -> Any:
        """`dataclasses.dataclass` with a hash, like a frozen one, and without the check."""
        return dataclasses.dataclass(unsafe_hash=frozen, **options)

    def replace(value: Any, **changes: Any) -> Any:
        """A value like another but for some fields."""
        return value.__class__(**{**as_dict(value), **changes})


def as_dict(value: Any) -> dict[str, Any]:
    """The fields of a value by name; what they hold stays as it is."""
    names, read = _reader(value.__class__)
    return dict(zip(names, read(value), strict=True))


@cache
def _reader(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """What reads all fields at once: half the time of asking one by one."""
    names = tuple(field.name for field in dataclasses.fields(kind))
    if len(names) == 1:
        return names, lambda value: (getattr(value, names[0]),)
    return names, attrgetter(*names)
