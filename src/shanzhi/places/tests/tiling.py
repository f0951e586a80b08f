"""A made-up town for tests and measurements: winding blocks that tile a rectangle exactly."""

import numpy as np
import shapely
from numpy.typing import NDArray

WEST, SOUTH = 103.9, 30.5


def town(
    columns: int, rows: int, *, bends: int = 4, step: float = 0.004, seed: int = 1
) -> tuple[list[str], NDArray[np.object_]]:
    """Codes and polygons of `columns` x `rows` blocks; neighbours share each vertex of their winding border.

    `step` is the width of a block in degrees (0.004 is about 400 m), `bends` the parts of each side.
    """
    random = np.random.default_rng(seed)
    shape = (rows * bends + 1, columns * bends + 1)
    y, x = np.mgrid[: shape[0], : shape[1]].astype(float)
    wiggle = random.uniform(-0.3, 0.3, (2, *shape))
    lon = np.round(WEST + (x + wiggle[0]) * step / bends, 6)
    lat = np.round(SOUTH + (y + wiggle[1]) * step / bends, 6)
    polygons = [
        shapely.Polygon([(lon[at], lat[at]) for at in _around(row * bends, column * bends, bends)])
        for row in range(rows)
        for column in range(columns)
    ]
    codes = [f"510107{1 + i // 999:06}{1 + i % 999:03}" for i in range(len(polygons))]
    return codes, np.array(polygons, dtype=object)


def _around(row: int, column: int, n: int) -> list[tuple[int, int]]:
    south = [(row, column + i) for i in range(n)]
    east = [(row + i, column + n) for i in range(n)]
    north = [(row + n, column + n - i) for i in range(n)]
    west = [(row + n - i, column) for i in range(n)]
    return south + east + north + west
