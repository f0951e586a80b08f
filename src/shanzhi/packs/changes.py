"""What differs between two rows of a pack, part by part. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
MISSING = object()


@dataclass(frozen=True, slots=True)
class Part:
    """One part that differs: where it lies in the row, what it was and what it becomes (None: not there)."""

    path: Path
    was: Any
    now: Any


def parts(was: Any, now: Any, path: Path = ()) -> Iterator[Part]:
    """The innermost parts that differ, in the order of the new row; nothing when the two are equal."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*now, *(key for key in was if key not in now)]:
            yield from parts(was.get(key, MISSING), now.get(key, MISSING), (*path, key))
    elif _lists_of_parts(was) and _lists_of_parts(now):
        for index in range(max(len(was), len(now))):
            one, other = (given[index] if index < len(given) else MISSING for given in (was, now))
            yield from parts(one, other, (*path, index))
    elif was is MISSING or now is MISSING or was != now:
        yield Part(path, None if was is MISSING else was, None if now is MISSING else now)


def _lists_of_parts(value: Any) -> bool:
    """A list whose members are compared one by one; lists of plain values are compared as a whole."""
    return isinstance(value, list | tuple) and any(isinstance(one, dict) for one in value)
