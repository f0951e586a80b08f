"""How sure a share is. Pure; for every room that says shares."""

from math import sqrt

Z = 1.959963984540054  # two-sided 95 %


def interval(n: int, of: int, z: float = Z) -> tuple[float, float]:
    """The Wilson score interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22:209-212).

    Raises ValueError unless 0 <= n <= of and of > 0.
    """
    if not 0 <= n <= of or of == 0:
        raise ValueError(f"{n} of {of} is no share")
    p, zz = n / of, z * z
    middle = (p + zz / (2 * of)) / (1 + zz / of)
    half = z / (1 + zz / of) * sqrt(p * (1 - p) / of + zz / (4 * of * of))
    return max(0.0, min(middle - half, p)), min(1.0, max(middle + half, p))
