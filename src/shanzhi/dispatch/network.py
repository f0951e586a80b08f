"""A graph of roads as a pack brings it (roads-nodes.csv, roads-edges.csv), and the travel times by each way of getting
about. Pure.

An edge has its length, the speed that is allowed on it and its kind; how fast somebody is on a kind of road is said by
his mode: as given, else its usual speed; 0 is forbidden. An edge is gone in its own direction only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from shanzhi.dispatch.travel import Day, Edge, Roads, Speeds

MOST = 200_000  # nodes


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one node to the next: metres, metres a second (0: no limit is known), what kind of road."""

    start: str
    end: str
    metres: float
    speed: float
    kind: str


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and ways as arrays, as they are kept; `kinds` are the names that `kind` counts in."""

    nodes: NDArray[np.float64]
    ends: NDArray[np.int32]
    metres: NDArray[np.float32]
    speed: NDArray[np.float32]
    kind: NDArray[np.int16]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, places: Mapping[str, tuple[float, float]], ways: Sequence[Way]) -> "Network":
        """From names to places; raises KeyError for a node that is not there."""
        number = {name: n for n, name in enumerate(places)}
        kinds = tuple(sorted({way.kind for way in ways}))
        return cls(
            np.array(list(places.values()), np.float64).reshape(-1, 2),
            np.array([(number[way.start], number[way.end]) for way in ways], np.int32).reshape(-1, 2),
            np.array([way.metres for way in ways], np.float32),
            np.array([way.speed for way in ways], np.float32),
            np.array([kinds.index(way.kind) for way in ways], np.int16),
            kinds,
        )

    def packed(self) -> bytes:
        """As bytes, to be kept in a row."""
        out = BytesIO()
        np.savez_compressed(
            out, nodes=self.nodes, ends=self.ends, metres=self.metres, speed=self.speed, kind=self.kind,
            kinds=np.array(self.kinds, np.str_),
        )  # fmt: skip
        return out.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> "Network":
        with np.load(BytesIO(data), allow_pickle=False) as found:
            kinds = tuple(str(one) for one in found["kinds"])
            return cls(found["nodes"], found["ends"], found["metres"], found["speed"], found["kind"], kinds)

    def roads(self, speeds: Speeds, day: Day) -> Roads:
        """The graph for one way of getting about; raises ValueError where nothing of it may be gone."""
        return Roads.build([(lon, lat) for lon, lat in self.nodes.tolist()], self._edges(speeds), day)

    def _edges(self, speeds: Speeds) -> Iterable[Edge]:
        rows = zip(
            self.ends.tolist(), self.metres.tolist(), self.speed.tolist(), self.kind.tolist(), strict=True
        )
        for (start, end), metres, limit, kind in rows:
            if (speed := speeds.on(self.kinds[kind], limit)) > 0:
                yield Edge(start, end, metres / speed)
