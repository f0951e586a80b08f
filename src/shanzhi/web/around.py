"""What lies around a place. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, degrees, radians
from typing import Any

from shanzhi.base.geo import EARTH, Point, distance_m

SHOWN_DIGITS = 4  # of a degree: 11 m, enough to find a lamp post, too coarse to tell one flat from the next


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east and north in degrees; holds every point of the circle it was made for."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        return self.west <= point.lon <= self.east and self.south <= point.lat <= self.north


def box(point: Point, radius_m: float) -> Box:
    """The box around a circle on a sphere; a little wide, since circles of longitude draw together northwards."""
    high = degrees(radius_m / EARTH) * 1.001 + 1e-9
    narrow = cos(radians(min(89.0, abs(point.lat) + high)))
    wide = high / max(narrow, 0.01)
    return Box(point.lon - wide, point.lat - high, point.lon + wide, point.lat + high)


def closest(rows: Iterable[Mapping[str, Any]], point: Point, radius_m: float) -> list[dict[str, Any]]:
    """Rows (with `lon` and `lat`) within a radius, the nearest first, each with its `metres`."""
    measured = [
        {**row, "metres": round(distance_m(point, Point(row["lon"], row["lat"])))}
        for row in rows
        if row["lon"] is not None and row["lat"] is not None
    ]
    return sorted((row for row in measured if row["metres"] <= radius_m), key=lambda row: row["metres"])


def shown_place(lon: float | None, lat: float | None) -> list[float] | None:
    """A place as anybody may see it."""
    return None if lon is None or lat is None else [round(lon, SHOWN_DIGITS), round(lat, SHOWN_DIGITS)]


def number(text: str, low: float, high: float) -> float | None:
    """A number from an address, None for anything that is none or lies outside."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if low <= value <= high else None


def point(lon: str, lat: str) -> Point | None:
    """A point from an address, None unless both numbers are there."""
    east, north = number(lon, -180, 180), number(lat, -90, 90)
    return None if east is None or north is None else Point(east, north)
