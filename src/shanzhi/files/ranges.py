"""The part of a file that a player asks for (RFC 9110, section 14), so that it can go to any place in it. Pure."""

import re

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(ValueError):
    """The part asked for lies outside the file."""


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte asked for; None for the whole file: no range, several, or nothing we know.

    Raises Unsatisfiable.
    """
    found = _ONE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if found[1] and found[2] and int(found[2]) < int(found[1]):
        return None
    if first >= size or last < first:
        raise Unsatisfiable(header)
    return first, last
