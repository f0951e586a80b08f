"""Places on the Earth: WGS-84 inside, other Chinese coordinates at the edge.

GCJ-02 is the shifted system of Chinese web maps; its formula is public knowledge, its error here below a
metre. CGCS2000 (EPSG:4490) is taken as it is: both rest on the ITRF, and CGCS2000 stands still at the epoch
2000.0, so that they part with the continent by about 3 cm a year; PROJ has no other transformation either.
"""

from dataclasses import dataclass
from math import asin, cos, pi, radians, sin, sqrt

import h3

EARTH = 6_371_008.8  # mean radius, metres (IUGG)
AXIS, FLATNESS = 6_378_245.0, 0.00669342162296594323  # Krasovsky 1940, which GCJ-02 is computed with


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees."""

    lon: float
    lat: float


def distance_m(one: Point, other: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat1, lat2 = radians(one.lat), radians(other.lat)
    a = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, a)))


def in_china(point: Point) -> bool:
    """Whether a point lies in the box in which GCJ-02 shifts."""
    return 72.004 <= point.lon <= 137.8347 and 0.8293 <= point.lat <= 55.8271


def wgs84_to_gcj02(point: Point) -> Point:
    """The place as Chinese web maps draw it."""
    if not in_china(point):
        return point
    east, north = _shift(point.lon - 105.0, point.lat - 35.0)
    angle = radians(point.lat)
    magic = 1 - FLATNESS * sin(angle) ** 2
    lat = north * 180 / (AXIS * (1 - FLATNESS) / magic**1.5 * pi)
    lon = east * 180 / (AXIS / sqrt(magic) * cos(angle) * pi)
    return Point(point.lon + lon, point.lat + lat)


def gcj02_to_wgs84(point: Point) -> Point:
    """The inverse, by iteration, to better than 1e-9 degrees; a point outside the box stays as it is."""
    if not in_china(point):
        return point
    guess = point
    for _ in range(10):
        shown = wgs84_to_gcj02(guess)
        guess = Point(guess.lon + point.lon - shown.lon, guess.lat + point.lat - shown.lat)
    return guess


def cell(point: Point, resolution: int = 9) -> str:
    """The H3 cell of a point; resolution 9 is a hexagon of about 0.1 km²."""
    return str(h3.latlng_to_cell(point.lat, point.lon, resolution))


def _shift(x: float, y: float) -> tuple[float, float]:
    """The shift east and north in metres at an offset from 105° E, 35° N."""
    wave = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wave
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wave
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    return east, north
