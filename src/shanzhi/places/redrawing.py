"""Redrawing grids (网格调整): drawing, splitting, merging, handing over a part, moving a corner. Pure.

Shapes are those of one community by their codes, in WGS-84 degrees. Whatever is done to them leaves their ground
as it was: neighbours share every corner of their border exactly, before and after. What is drawn by hand is
drawn to what is there already, when it comes nearer than the tolerance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import cos, radians
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.places.locate import METRES_PER_DEGREE
from shanzhi.places.tiling import complaints

Shapes = Mapping[str, Any]
Points = Sequence[tuple[float, float]]
TOLERANCE = 3.0  # metres
LEAST = 1.0  # square metres: a gap or an overlap below this is nobody's ground
SAME = 1e-9  # degrees, a tenth of a millimetre: a corner so near to a border lies on it


def square_metres(shape: Any) -> float:
    """The area of an outline, on a plane that touches the earth at its middle."""
    return float(shape.area * METRES_PER_DEGREE**2 * cos(radians(shape.centroid.y))) if shape.area else 0.0


def _degrees(metres: float) -> float:
    """A distance that is nowhere longer than so many metres."""
    return metres / METRES_PER_DEGREE


def snapped(points: Points, shapes: Iterable[Any], metres: float = TOLERANCE) -> list[tuple[float, float]]:
    """The points, each drawn to the nearest corner within the tolerance, else to the nearest border."""
    there = [*shapes]
    known = np.unique(shapely.get_coordinates(there), axis=0) if there else np.empty((0, 2))
    corners = np.asarray(shapely.points(known), dtype=object)
    edges: NDArray[Any] = np.array([one.boundary for one in there], dtype=object)
    return [_snapped(shapely.Point(one), (corners, edges), _degrees(metres)) for one in points]


def _snapped(point: Any, targets: Iterable[NDArray[Any]], reach: float) -> tuple[float, float]:
    """A point drawn to the first of the targets that has something within reach."""
    for near in targets:
        away = np.atleast_1d(shapely.distance(near, point)) if len(near) else np.array([np.inf])
        best = int(np.argmin(away))
        if away[best] <= reach:
            found = shapely.shortest_line(near[best], point).coords[0]
            return float(found[0]), float(found[1])
    return float(point.x), float(point.y)


def noded(shapes: Shapes) -> dict[str, Any]:
    """The same shapes, where each has a corner wherever another's corner lies on its border."""
    coordinates = np.unique(shapely.get_coordinates([*shapes.values()]), axis=0)
    corners = np.asarray(shapely.points(coordinates), dtype=object)
    tree = shapely.STRtree(corners)
    found = {}
    for code, shape in shapes.items():
        near = tree.query(shape.boundary, predicate="dwithin", distance=SAME)
        own = set(map(tuple, shapely.get_coordinates(shape).tolist()))
        extra = [one for one in map(tuple, coordinates[near].tolist()) if one not in own]
        found[code] = _with_corners(shape, extra) if extra else shape
    return found


def fitted(shapes: Shapes, around: Shapes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The shapes with the corners of the grids around them; and those of the grids around that got corners of these."""
    both = noded({**around, **shapes})
    corners = {code: both[code] for code, shape in around.items() if both[code] is not shape}
    return {code: both[code] for code in shapes}, corners


def near(shapes: Shapes, everything: Shapes) -> dict[str, Any]:
    """The grids of others that touch these."""
    codes = [*everything]
    tree = shapely.STRtree([*everything.values()])
    found = tree.query([*shapes.values()], predicate="dwithin", distance=SAME)[1] if shapes else []
    return {codes[i]: everything[codes[i]] for i in sorted(set(found)) if codes[i] not in shapes}


def _with_corners(shape: Any, extra: Points) -> Any:
    if shape.geom_type == "MultiPolygon":
        return shapely.MultiPolygon([_with_corners(part, extra) for part in shape.geoms])
    rings = [_ring(np.asarray(ring.coords), extra) for ring in (shape.exterior, *shape.interiors)]
    return shapely.Polygon(rings[0], rings[1:])


def _ring(ring: NDArray[Any], extra: Points) -> list[tuple[float, float]]:
    """A ring with more corners, each in the edge that it lies on."""
    pairs = zip(ring[:-1], ring[1:], strict=True)
    edges: NDArray[Any] = np.array([shapely.LineString(one) for one in pairs], dtype=object)
    inserted: dict[int, list[tuple[float, tuple[float, float]]]] = {}
    for one in extra:
        point = shapely.Point(one)
        away = np.atleast_1d(shapely.distance(edges, point))
        best = int(np.argmin(away))
        if away[best] <= SAME:
            inserted.setdefault(best, []).append((edges[best].project(point), one))
    found: list[tuple[float, float]] = []
    for i, corner in enumerate(ring[:-1].tolist()):
        found += [(corner[0], corner[1]), *(one for _, one in sorted(inserted.get(i, ())))]
    return [*found, found[0]]


def _pieces(shapes: Shapes, code: str, line: Points, metres: float) -> tuple[dict[str, Any], list[Any]]:
    """The shapes with corners where the line meets their borders, and the two parts of one, the larger first."""
    if len(line) < 2:
        raise Invalid(gettext_noop("A line needs two points at least"))
    points = snapped(line, shapes.values(), metres)
    ready = noded_at(shapes, points)
    shape = ready[code]
    blade = shapely.LineString(points)
    whole = shapely.unary_union([shape.boundary, blade])
    faces = shapely.get_parts(shapely.polygonize([whole]))
    parts = [one for one in faces if shapely.intersects(shape, one.representative_point())]
    parts = [one for one in parts if square_metres(one) >= LEAST]
    if len(parts) != 2:
        raise Invalid(
            gettext_noop("The line cuts the grid into %(n)s parts: it must go from border to border, once"),
            n=len(parts),
        )
    return ready, sorted(parts, key=lambda one: -one.area)


def noded_at(shapes: Shapes, points: Points) -> dict[str, Any]:
    """The shapes with corners at those of the points that lie on their borders."""
    found = {}
    for code, shape in shapes.items():
        own = set(map(tuple, shapely.get_coordinates(shape).tolist()))
        near = [p for p in points if p not in own and shape.boundary.distance(shapely.Point(p)) <= SAME]
        found[code] = _with_corners(shape, near) if near else shape
    return found


def split(shapes: Shapes, code: str, line: Points, new: str, metres: float = TOLERANCE) -> dict[str, Any]:
    """One grid cut in two by a line: the larger part keeps the code, the other gets `new`."""
    ready, (larger, smaller) = _pieces(shapes, code, line, metres)
    return noded({**ready, code: larger, new: smaller})


def merge(shapes: Shapes, codes: Iterable[str], keep: str) -> dict[str, Any]:
    """Several grids made one, under the code that is kept; raises Invalid when they are not neighbours."""
    joined = sorted({*codes, keep})
    if len(joined) < 2:
        raise Invalid(gettext_noop("Choose two grids at least"))
    whole = shapely.union_all([shapes[code] for code in joined])
    if whole.geom_type != "Polygon":
        raise Invalid(gettext_noop("These grids do not touch along a border"))
    rest = {code: shape for code, shape in shapes.items() if code not in joined}
    return noded({**rest, keep: whole})


def reassign(
    shapes: Shapes, giver: str, taker: str, line: Points, metres: float = TOLERANCE
) -> dict[str, Any]:
    """The part of one grid that a line cuts off on the side of another goes to that other."""
    ready, parts = _pieces(shapes, giver, line, metres)
    shared = [_shared(part, ready[taker]) for part in parts]
    if max(shared) <= SAME:
        raise Invalid(gettext_noop("These grids do not touch along a border"))
    given = 1 if shared[1] > SAME else 0  # the smaller, where both touch
    return noded({**ready, giver: parts[1 - given], taker: shapely.union_all([ready[taker], parts[given]])})


def _shared(one: Any, other: Any) -> float:
    return float(shapely.length(shapely.intersection(one.boundary, other.boundary)))


def moved(
    shapes: Shapes, at: tuple[float, float], to: tuple[float, float], metres: float = TOLERANCE
) -> dict[str, Any]:
    """A corner of all grids that have it moved elsewhere; a point on a border becomes a corner first."""
    [at] = snapped([at], shapes.values(), metres)
    ready = noded_at(shapes, [at])
    holders = [code for code, one in ready.items() if at in set(map(tuple, one.exterior.coords))]
    if not holders:
        raise Invalid(gettext_noop("There is no corner and no border"))
    [to] = snapped([to], [_without(ready[c], at) for c in ready], metres)
    found = dict(ready)
    for code in holders:
        shape = shapely.transform(
            ready[code], lambda points: np.where((points == at).all(1)[:, None], to, points)
        )
        found[code] = shapely.Polygon(_short(shape.exterior), [_short(ring) for ring in shape.interiors])
        if not found[code].is_valid or square_metres(found[code]) < LEAST:
            raise Invalid(gettext_noop("The border would cross itself"))
    return noded(found)


def _without(shape: Any, corner: tuple[float, float]) -> Any:
    """What there is to be drawn to, when one corner is being moved: the others, without edges."""
    rest = [one for one in map(tuple, shapely.get_coordinates(shape).tolist()) if one != corner]
    return shapely.LineString(rest)


def _short(ring: Any) -> list[Any]:
    """A ring without corners that lie on their predecessor."""
    found = [one for i, one in enumerate(ring.coords) if i == 0 or one != ring.coords[i - 1]]
    return found if len(found) > 3 else list(ring.coords)


def drawn(shapes: Shapes, code: str, ring: Points, metres: float = TOLERANCE) -> dict[str, Any]:
    """One more grid, on ground that no other has: what others have stays theirs."""
    if len(ring) < 3:
        raise Invalid(gettext_noop("An outline needs three corners at least"))
    outline = shapely.Polygon(snapped(ring, shapes.values(), metres))
    if not outline.is_valid:
        raise Invalid(gettext_noop("The border would cross itself"))
    free = shapely.difference(outline, shapely.union_all([*shapes.values()]))
    parts = [one for one in shapely.get_parts(free) if square_metres(one) >= LEAST]
    if len(parts) != 1:
        raise Invalid(gettext_noop("The outline leaves no ground of its own, or several pieces"))
    return noded({**shapes, code: parts[0]})


def settled(shapes: Shapes, around: Iterable[Any], metres: float = TOLERANCE) -> dict[str, Any]:
    """Outlines from elsewhere, each corner drawn to what is there already and to those before it."""
    found: dict[str, Any] = {}
    there = [*around]
    for code, shape in shapes.items():
        corners = [*map(tuple, shapely.get_coordinates(shape).tolist())]
        to = dict(zip(corners, snapped(corners, [*there, *found.values()], metres), strict=True))
        drawn_to = shapely.transform(shape, partial(_taken, to))
        found[code] = drawn_to if drawn_to.is_valid else shape
    return noded(found)


def _taken(to: Mapping[tuple[float, float], tuple[float, float]], points: NDArray[Any]) -> NDArray[Any]:
    return np.array([to[(x, y)] for x, y in points.tolist()])


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with shapes as a whole: where, how large, and which grids it is between."""

    kind: str
    lon: float
    lat: float
    m2: float
    codes: tuple[str, ...]


def faults(shapes: Shapes, ground: Any, around: Shapes) -> list[Fault]:
    """Gaps and overlaps within a community whose ground is given, and with the grids around it.

    Without ground (`None`: a community that has no grids yet) nothing can be left out or lie outside.
    """
    found = [*_overlaps(shapes, around)]
    if ground is not None:
        whole = shapely.union_all([*shapes.values()])
        found += _parts("gap", shapely.difference(ground, whole), shapes)
        outside = shapely.difference(whole, shapely.union_all([ground, *around.values()]))
        found += _parts("outside", outside, shapes)
    if not found:
        for one in complaints(noded({**around, **shapes}), complete=False):
            if one.grid in shapes:
                at = shapes[one.grid].representative_point()
                found.append(Fault("border", at.x, at.y, 0.0, (one.grid,)))
    return sorted(found, key=lambda one: (-one.m2, one.codes))


def _overlaps(shapes: Shapes, around: Shapes) -> Iterable[Fault]:
    codes, others = [*shapes], {**shapes, **around}
    there = np.array([*others.values()], dtype=object)
    tree, names = shapely.STRtree(there), [*others]
    for one, other in tree.query(
        np.array([shapes[c] for c in codes], dtype=object), predicate="intersects"
    ).T:
        pair = (codes[one], names[other])
        if pair[1] in shapes and pair[0] >= pair[1]:
            continue
        common = shapely.intersection(shapes[pair[0]], others[pair[1]])
        if square_metres(common) >= LEAST:
            at = common.representative_point()
            yield Fault("overlap", at.x, at.y, square_metres(common), pair)


def _parts(kind: str, ground: Any, shapes: Shapes) -> list[Fault]:
    found = []
    for part in shapely.get_parts(ground):
        if part.geom_type == "Polygon" and square_metres(part) >= LEAST:
            at = part.representative_point()
            near = tuple(code for code, one in shapes.items() if one.distance(part) <= SAME)
            found.append(Fault(kind, at.x, at.y, square_metres(part), near))
    return found


def road(stretches: Points, shape: Any) -> list[tuple[float, float]]:
    """A line along a named road that cuts a grid: points on its stretches in order, drawn out at both ends.

    The order is that along the line of best fit. Of a road with one known point nothing can be drawn.
    """
    known = np.unique(np.array(stretches, dtype=float).reshape(-1, 2), axis=0)
    if len(known) < 2:
        raise Invalid(gettext_noop("Of this road one point is known, which makes no line"))
    middle = known.mean(axis=0)
    along = np.linalg.svd(known - middle)[2][0]
    ordered = known[np.argsort((known - middle) @ along)]
    west, south, east, north = shape.bounds
    reach = (
        along * 2 * (abs(east - west) + abs(north - south) + float(np.linalg.norm(ordered[-1] - ordered[0])))
    )
    return [(float(x), float(y)) for x, y in (ordered[0] - reach, *ordered, ordered[-1] + reach)]
