"""Outlines of a community's grids from a GeoJSON file, with what is wrong line by line. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shanzhi.base.errors import gettext_noop
from shanzhi.grids.steps import MOST_GRIDS
from shanzhi.places.shapes import feature_lines, from_geojson

NO_JSON = gettext_noop("This is no GeoJSON feature collection")
NO_NAME = gettext_noop("a grid needs a property 'name' of at most 100 letters")
NO_CODE = gettext_noop("the property 'code' is no grid of this community: leave it out for a new grid")
TWICE = gettext_noop("this code is given twice")
NO_POLYGON = gettext_noop("a grid is one polygon")
MANY = gettext_noop("these are too many grids for one community")


@dataclass
class Found:
    """The grids of a file, or why it is refused: all of it or nothing."""

    grids: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


def read(text: str, community: str) -> Found:
    """The features of a file; each complaint with the line on which its feature begins."""
    try:
        value = json.loads(text)
        features = value["features"]
        lines = feature_lines(text) if isinstance(features, list) else []
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return Found(faults=[(1, NO_JSON)])
    if not lines or len(lines) > MOST_GRIDS:
        return Found(faults=[(1, MANY if lines else NO_JSON)])
    found, codes = Found(), set[str]()
    for line, feature in zip(lines, features, strict=True):
        parts = feature if isinstance(feature, dict) else {}
        given = parts.get("properties")
        properties = given if isinstance(given, dict) else {}
        wrong = list(_faults(properties, parts.get("geometry"), community, codes))
        found.faults += [(line, message) for message in wrong]
        if not wrong:
            one = {name: properties[name] for name in ("code", "name") if properties.get(name)}
            found.grids.append({**one, "geometry": parts["geometry"]})
    return found


def _faults(given: dict[str, Any], geometry: Any, community: str, codes: set[str]) -> Iterator[str]:
    name, code = given.get("name"), given.get("code")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 100 or not name.isprintable():
        yield NO_NAME
    if code not in (None, ""):
        if not _is_code(code, community):
            yield NO_CODE
        elif code in codes:
            yield TWICE
        codes.add(str(code))
    try:
        shape = from_geojson(geometry if isinstance(geometry, dict) else {})
        if shape.geom_type != "Polygon":
            yield NO_POLYGON
    except ValueError as error:
        yield str(error)


def _is_code(code: object, community: str) -> bool:
    return isinstance(code, str) and code.startswith(community) and len(code) == 15 and code.isdecimal()
