"""Codes of areas (GB/T 2260 and the statistical division codes): hierarchical by prefix."""

LEVELS = {2: "province", 4: "city", 6: "county", 9: "street", 12: "community", 15: "grid"}


def level(code: str) -> str:
    """The level of an area code; raises ValueError when there is none of its length."""
    if not code.isascii() or not code.isdigit() or len(code) not in LEVELS:
        raise ValueError(f"{code!r} is not an area code")
    return LEVELS[len(code)]


def parent(code: str) -> str:
    """The code of the area around it; empty for a province. Raises ValueError like `level`."""
    level(code)
    lengths = [0, *LEVELS]
    return code[: lengths[lengths.index(len(code)) - 1]]


def span(code: str) -> tuple[str, str]:
    """(low, high) so that `low <= x < high` in the order of their characters means: x lies within."""
    return code, code[:-1] + chr(ord(code[-1]) + 1) if code else "~"


def is_within(code: str, scope: str) -> bool:
    """Whether an area lies within another, or is it; everything lies within the empty scope."""
    return code.startswith(scope)
