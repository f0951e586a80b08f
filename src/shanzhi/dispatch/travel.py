"""How long it takes from one place to another: by a graph of roads, else as the crow flies with a detour. Pure.

Shortest paths are SciPy's (Dijkstra over a sparse graph, in C). Small graphs keep the whole matrix, so that a
question is one look into an array; larger ones are searched from the fewer of the two sides. A point is taken to
its nearest node and walked to. Time-of-day factors stretch what a free road takes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import scipy  # scipy.spatial loads when it is first used, not at start
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]

METRES = 111_195.0  # a degree of latitude on the mean sphere
DETOUR = 1.4  # roads beside the straight line: between what docs/dispatch.md measured on foot and by e-bike
WALK = 1.3  # metres a second on foot, from a point to its road
WHOLE = 4_000  # nodes up to which the whole matrix is kept: 64 MB in single precision


@dataclass(frozen=True, slots=True)
class Factor:
    """From minute `start` to before minute `end` of the day a way takes `times` as long (早晚高峰)."""

    start: float
    end: float
    times: float

    def __post_init__(self) -> None:
        if not (0 <= self.start < self.end <= 1440 and self.times > 0):
            raise ValueError(f"{self} is no part of a day with a positive factor")


@dataclass(frozen=True, slots=True)
class Day:
    """The factors of a day; minutes that none names take what a free road takes."""

    factors: tuple[Factor, ...] = ()

    def at(self, minute: float) -> float:
        of_day = minute % 1440
        return next((one.times for one in self.factors if one.start <= of_day < one.end), 1.0)


class Times(Protocol):
    """Seconds from each of `origins` to each of `goals` (rows of lon, lat), setting out at a minute of the day."""

    def between(self, origins: Numbers, goals: Numbers, minute: float = 0.0) -> Numbers: ...


@dataclass(frozen=True, slots=True)
class Straight:
    """No graph: the great circle, stretched by a detour, at one speed."""

    speed: float
    detour: float = DETOUR
    day: Day = Day()

    def between(self, origins: Numbers, goals: Numbers, minute: float = 0.0) -> Numbers:
        metres = flat_metres(points(origins), points(goals))
        return metres * (self.detour * self.day.at(minute) / self.speed)


@dataclass(frozen=True, slots=True)
class Edge:
    """A way that may be gone from one node to another, and what it takes when it is free."""

    start: int
    end: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Roads:
    """A road graph: `nodes` are rows of lon, lat; what cannot be reached takes forever (infinite)."""

    nodes: Numbers
    graph: Any  # scipy.sparse.csr_array of seconds
    day: Day = Day()

    @classmethod
    def build(cls, nodes: Sequence[tuple[float, float]], edges: Iterable[Edge], day: Day = Day()) -> "Roads":
        """The largest part of the graph in which everybody gets everywhere and back; the rest is left out."""
        places = points(np.array(nodes, dtype=np.float64))
        graph = _graph(len(places), edges)
        count, part = connected_components(graph, directed=True, connection="strong")
        if count > 1:
            kept = np.flatnonzero(part == np.bincount(part).argmax())
            places, graph = places[kept], graph[kept][:, kept]
        return cls(places, graph, day)

    def between(self, origins: Numbers, goals: Numbers, minute: float = 0.0) -> Numbers:
        (start, to_start), (end, to_end) = self.snapped(origins), self.snapped(goals)
        ridden = self.seconds(start, end) * self.day.at(minute)
        ways = ridden + to_start[:, None] + to_end[None, :]
        near = flat_metres(points(origins), points(goals)) * DETOUR / WALK
        return np.minimum(ways, near)  # next door is walked to, not ridden around the block

    def snapped(self, places: Numbers) -> tuple[Indices, Numbers]:
        """The nearest node of each point, and the seconds it takes to walk there."""
        metres, nodes = self._tree.query(self._flat(points(places)))
        return np.asarray(nodes, dtype=np.intp), np.asarray(metres, dtype=np.float64) * (DETOUR / WALK)

    def seconds(self, start: Indices, end: Indices) -> Numbers:
        """Between nodes, on a free road."""
        if len(self.nodes) <= WHOLE:
            return np.asarray(self.matrix[np.ix_(start, end)], dtype=np.float64)
        if len(start) <= len(end):
            return self._searched(self.graph, start)[:, end]
        return np.ascontiguousarray(self._searched(self.graph.T.tocsr(), end)[:, start].T)

    def _searched(self, graph: Any, sources: Indices) -> Numbers:
        """From each source to all nodes; a node that is asked for twice is searched from once."""
        once, where = np.unique(sources, return_inverse=True)
        return np.asarray(dijkstra(graph, indices=once), dtype=np.float64)[where]

    @cached_property
    def matrix(self) -> Any:  # float32, to spare memory
        """Between all nodes, on a free road."""
        return dijkstra(self.graph).astype(np.float32)

    @cached_property
    def _tree(self) -> Any:
        return scipy.spatial.cKDTree(self._flat(self.nodes))

    def _flat(self, places: Numbers) -> Numbers:
        """Degrees as metres around the middle of the graph."""
        east = METRES * np.cos(np.radians(self.nodes[:, 1].mean()))
        flat: Numbers = places * np.array([east, METRES])
        return flat


def _graph(size: int, edges: Iterable[Edge]) -> Any:
    """The quickest of parallel edges; loops are left out."""
    best: dict[tuple[int, int], float] = {}
    for edge in edges:
        if not (0 <= edge.start < size and 0 <= edge.end < size):
            raise ValueError(f"{edge} names a node that is not there")
        if not 0 < edge.seconds < np.inf:
            raise ValueError(f"{edge} takes no positive time")
        key = (edge.start, edge.end)
        if edge.start != edge.end:
            best[key] = min(edge.seconds, best.get(key, np.inf))
    ends = np.array(list(best), dtype=np.int32).reshape(-1, 2)
    return csr_array((np.array(list(best.values())), (ends[:, 0], ends[:, 1])), shape=(size, size))


def points(places: Numbers) -> Numbers:
    """Rows of lon, lat; raises ValueError for what is no place on Earth."""
    rows = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    if not (np.isfinite(rows).all() and (np.abs(rows) <= (180, 90)).all()):
        raise ValueError("a place is not a longitude and a latitude")
    return rows


def flat_metres(origins: Numbers, goals: Numbers) -> Numbers:
    """Metres as the crow flies, on the plane that touches between the two: within 0.1 % inside a county."""
    half, other = np.radians(origins[:, 1]) / 2, np.radians(goals[:, 1]) / 2
    middle = np.outer(np.cos(half), np.cos(other)) - np.outer(np.sin(half), np.sin(other))
    turned = goals[None, :, 0] - origins[:, None, 0]
    if turned.size and np.abs(turned).max() > 180:
        turned = (turned + 180) % 360 - 180
    north = goals[None, :, 1] - origins[:, None, 1]
    metres: Numbers = np.sqrt((turned * middle) ** 2 + north**2) * METRES
    return metres


@dataclass(frozen=True, slots=True)
class Speeds:
    """How fast a vehicle goes by the kind of a road: 0 is forbidden; never faster than `top`, nor than the road."""

    kinds: Mapping[str, float]
    usual: float
    top: float

    def on(self, kind: str, limit: float) -> float:
        return min(self.kinds.get(kind, self.usual), self.top, limit if limit > 0 else self.top)
