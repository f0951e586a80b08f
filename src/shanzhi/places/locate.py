"""Which grid (网格) a point lies in, exactly and fast: a raster over the polygons, tested only along borders.

Each cell of the raster knows the polygons that touch it, lowest code first. Where a cell lies wholly
within one polygon, that is the answer; elsewhere the first polygon that covers the point, its border
included, has it. So a point on a shared border belongs to the lowest code, singly and in bulk alike.
"""

from collections.abc import Sequence
from math import cos, isqrt, radians
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from shanzhi.base.geo import EARTH

METRES_PER_DEGREE = radians(EARTH)  # of latitude
CELLS_PER_POLYGON = 16
MOST_CELLS = 4_000_000
NOTHING, BORDER = -1, -2


class Locator:
    """Finds the polygon around points in WGS-84 degrees; made once, then only read, by any number of threads.

    Raises ValueError when codes repeat, or are not as many as the polygons.
    """

    def __init__(self, codes: Sequence[str], polygons: Sequence[Any] | NDArray[Any]) -> None:
        if len(codes) != len(polygons) or len(set(codes)) != len(codes):
            raise ValueError("a locator needs one code of its own for each polygon")
        order = np.argsort(np.asarray(codes, dtype=str), kind="stable").astype(int)
        self.codes: tuple[str, ...] = tuple(codes[i] for i in order)
        self._polygons = np.asarray(polygons, dtype=object)[order]
        self._names = np.array([*self.codes, None], dtype=object)  # at -1, the last: no polygon
        self._tree = shapely.STRtree(self._polygons)
        shapely.prepare(self._polygons)
        self._lay_raster()

    def __len__(self) -> int:
        return len(self.codes)

    def grid_at(self, lon: float, lat: float) -> str | None:
        """The code of the polygon that covers a point, the lowest on a border; None where there is none."""
        if not (self._west <= lon <= self._east and self._south <= lat <= self._north):
            return None
        x = min(int((lon - self._west) * self._per_lon), self._columns - 1)
        y = min(int((lat - self._south) * self._per_lat), self._rows - 1)
        cell = y * self._columns + x
        found = self._cell[cell]
        if found != BORDER:
            return None if found == NOTHING else self.codes[found]
        for i in self._touching[self._start[cell] : self._start[cell + 1]]:
            if shapely.intersects_xy(self._polygons[i], lon, lat):
                return self.codes[i]
        return None

    def grids_at(self, lons: ArrayLike, lats: ArrayLike) -> NDArray[Any]:
        """For each point its code or None, in an array of objects; the same answers as `grid_at`."""
        found: NDArray[Any] = self._names[self.indices_at(lons, lats)]
        return found

    def indices_at(self, lons: ArrayLike, lats: ArrayLike) -> NDArray[np.int32]:
        """For each point the index into `codes`, or -1: for counting and joining without making texts."""
        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        answer = np.full(x.shape, NOTHING, dtype=np.int32)
        within = (self._west <= x) & (x <= self._east) & (self._south <= y) & (y <= self._north)
        inside = np.flatnonzero(within)
        x, y = x[inside], y[inside]
        column = np.minimum(((x - self._west) * self._per_lon).astype(int), self._columns - 1)
        row = np.minimum(((y - self._south) * self._per_lat).astype(int), self._rows - 1)
        cell = row * self._columns + column
        found = np.asarray(self._cell)[cell]
        open_ = np.flatnonzero(found == BORDER)
        found[open_] = self._among_touching(cell[open_], x[open_], y[open_])
        answer[inside] = found
        return answer

    def nearest(self, lon: float, lat: float, within_m: float) -> str | None:
        """The code of the polygon around a point or nearest to it, at most so many metres away.

        For reports just outside the edge. Distances are taken on a plane that touches the earth at the
        point: good to a thousandth within some kilometres.
        """
        scale = np.array([METRES_PER_DEGREE * cos(radians(lat)), METRES_PER_DEGREE])
        reach = within_m / scale
        around = shapely.box(lon - reach[0], lat - reach[1], lon + reach[0], lat + reach[1])
        near = np.sort(self._tree.query(around))
        if not len(near):
            return None
        local = shapely.transform(self._polygons[near], lambda points: (points - (lon, lat)) * scale)
        metres = shapely.distance(local, shapely.Point(0, 0))
        best = int(np.argmin(metres))
        return self.codes[near[best]] if metres[best] <= within_m else None

    def _among_touching(
        self, cell: NDArray[Any], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> NDArray[np.int32]:
        """In rounds: each point asks the first polygon that touches its cell, those refused ask the next."""
        answer = np.full(len(cell), NOTHING, dtype=np.int32)
        start, touching = np.asarray(self._start), np.asarray(self._touching)
        at, end = start[cell], start[cell + 1]
        asking = np.flatnonzero(at < end)
        while len(asking):
            candidate = touching[at[asking]]
            covered = shapely.intersects_xy(self._polygons[candidate], x[asking], y[asking])
            answer[asking[covered]] = candidate[covered]
            asking = asking[~covered]
            at[asking] += 1
            asking = asking[at[asking] < end[asking]]
        return answer

    def _lay_raster(self) -> None:
        bounds = shapely.total_bounds(self._polygons) if len(self) else np.array([0.0, 0.0, -1.0, -1.0])
        self._west, self._south, self._east, self._north = map(float, bounds)
        cells = min(CELLS_PER_POLYGON * max(len(self), 1), MOST_CELLS)
        width = max((self._east - self._west) * cos(radians(self._south)), 1e-9)
        height = max(self._north - self._south, 1e-9)
        self._columns = max(isqrt(int(cells * width / height)), 1)
        self._rows = max(cells // self._columns, 1)
        self._per_lon = self._columns / max(self._east - self._west, 1e-9)
        self._per_lat = self._rows / height
        cell, polygon, whole = self._touches()
        count = np.bincount(cell, minlength=self._rows * self._columns)
        start = np.concatenate([[0], np.cumsum(count)])
        kind = np.where(count == 0, NOTHING, BORDER)
        alone = whole & (count[cell] == 1)
        kind[cell[alone]] = polygon[alone]
        self._cell, self._start, self._touching = _quick(kind), _quick(start), _quick(polygon)

    def _touches(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
        """Pairs of a cell and a polygon that touches it, in order, and whether it covers the cell."""
        row, column = np.divmod(np.arange(self._rows * self._columns), self._columns)
        # a little larger than the cell, so that rounding cannot part a point from its polygon
        slack = 1e-6
        boxes = shapely.box(
            self._west + (column - slack) / self._per_lon,
            self._south + (row - slack) / self._per_lat,
            self._west + (column + 1 + slack) / self._per_lon,
            self._south + (row + 1 + slack) / self._per_lat,
        )
        cell, polygon = self._tree.query(boxes, predicate="intersects")
        order = np.lexsort((polygon, cell))
        cell, polygon = cell[order], polygon[order]
        return cell, polygon, shapely.covers(self._polygons[polygon], boxes[cell])


def _quick(numbers: NDArray[Any]) -> "memoryview[int]":
    """A view that gives Python integers several times faster than an array gives its scalars."""
    return memoryview(numbers.astype(np.int32))  # type: ignore[arg-type]
