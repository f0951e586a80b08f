"""Outlines between the forms they have: GeoJSON in files and pages, WKB in tables, shapely in between."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north; degrees, the waters included


def from_geojson(geometry: Mapping[str, Any]) -> shapely.Polygon | shapely.MultiPolygon:
    """An outline from GeoJSON; raises ValueError with a sentence about what is wrong with it."""
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException as error:
        raise ValueError(f"not a GeoJSON geometry ({error})") from error
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or shape.is_empty:
        raise ValueError("an outline is a Polygon or a MultiPolygon")
    if shape.has_z:
        raise ValueError("an outline has no heights")
    west, south, east, north = shape.bounds
    if not (CHINA[0] <= west and CHINA[1] <= south and east <= CHINA[2] and north <= CHINA[3]):
        raise ValueError("an outline is in degrees of longitude, then latitude, in China")
    if not shape.is_valid:
        raise ValueError(shapely.is_valid_reason(shape))
    return shape


def to_geojson(shapes: Iterable[Any]) -> list[dict[str, Any]]:
    """GeoJSON geometries; coordinates come back exactly as they were read."""
    return [json.loads(text) for text in shapely.to_geojson(np.array([*shapes], dtype=object))]


def from_wkb(outlines: Iterable[Any]) -> NDArray[Any]:
    """The outlines as tables keep them."""
    shapes: NDArray[Any] = shapely.from_wkb(np.array([bytes(outline) for outline in outlines], dtype=object))
    return shapes


def feature_lines(text: str) -> list[int]:
    """The line on which each feature of a GeoJSON feature collection begins, however it is laid out.

    `text` must be JSON, an object with an array `features`.
    """
    decode = json.JSONDecoder().raw_decode
    key, at = decode(text, _next(text, text.index("{") + 1))
    while key != "features":
        _, at = decode(text, _next(text, _next(text, at) + 1))
        key, at = decode(text, _next(text, _next(text, at) + 1))
    at = _next(text, text.index("[", at) + 1)
    lines, line, counted = [], 1, 0
    while text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        lines.append(line)
        _, at = decode(text, at)
        at = _next(text, at)
        at = _next(text, at + 1) if text[at] == "," else at
    return lines


def _next(text: str, at: int) -> int:
    """The place of the next sign that is not white space."""
    while text[at].isspace():
        at += 1
    return at


def unions(grids: Mapping[str, Any], lengths: Iterable[int]) -> dict[str, Any]:
    """The union of the grids of each area that has codes of one of these lengths.

    Grids that share all vertices of their borders are joined exactly; others as well as can be.
    """
    members: dict[str, list[Any]] = {}
    for code, shape in grids.items():
        for length in lengths:
            members.setdefault(code[:length], []).append(shape)
    return {code: _union(shapes) for code, shapes in members.items()}


def _union(shapes: list[Any]) -> Any:
    exact = shapely.coverage_is_valid(shapes)
    return shapely.coverage_union_all(shapes) if exact else shapely.union_all(shapes)
