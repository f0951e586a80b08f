"""Whether grids tile their district (无缝覆盖): nothing twice, nothing left out, borders shared exactly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

NARROW = 5e-5  # degrees, about 5 m: a gap narrower than this between two grids is a fault, not a river


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one grid among the others."""

    grid: str
    code: str
    message: str


def complaints(grids: Mapping[str, Any], *, complete: bool = True) -> Iterator[Complaint]:
    """What keeps these valid polygons from tiling; a pair that overlaps is told once, at the later grid.

    Holes are looked for when the grids are complete and nothing else is wrong.
    """
    codes, shapes = list(grids), np.array(list(grids.values()), dtype=object)
    wrong = shapely.coverage_invalid_edges(shapes, gap_width=NARROW)
    flagged = np.flatnonzero(~shapely.is_empty(wrong))
    pairs = _overlaps(shapes, flagged)
    for first, second in sorted(pairs):
        message = f"the grid overlaps the grid {codes[first]}"
        yield Complaint(codes[second], "overlap", message)
    told = {i for pair in pairs for i in pair}
    for i in flagged:
        if i not in told:
            message = f"its border at {_at(wrong[i])} does not meet its neighbour's exactly"
            yield Complaint(codes[i], "border", message)
    if complete and not len(flagged):
        yield from _holes(codes, shapes)


def _overlaps(shapes: NDArray[Any], flagged: NDArray[Any]) -> set[tuple[int, int]]:
    """Pairs of shapes with common ground, the earlier first; `flagged` has at least one of each pair."""
    one, other = shapely.STRtree(shapes).query(shapes[flagged], predicate="intersects")
    one = flagged[one]
    one, other = one[one != other], other[one != other]
    common = shapely.relate_pattern(shapes[one], shapes[other], "T********")
    found = zip(one[common].tolist(), other[common].tolist(), strict=True)
    return {(min(pair), max(pair)) for pair in found}


def _holes(codes: list[str], shapes: NDArray[Any]) -> Iterator[Complaint]:
    """Ground that belongs to no grid but has grids all around it, told at the lowest of these."""
    parts = shapely.get_parts(shapely.coverage_union_all(shapes))
    holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    tree = shapely.STRtree(shapes)
    for hole in holes:
        around = sorted(codes[i] for i in tree.query(hole, predicate="touches"))
        yield Complaint(around[0], "hole", f"no grid covers the ground around {_at(hole)}")


def _at(shape: Any) -> str:
    point = shapely.point_on_surface(shape)
    return f"{point.x:.6f}, {point.y:.6f}"
