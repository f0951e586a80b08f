"""The tree of areas (区划树): county, streets, communities, grids; plain values, read in memory.

A pack may also name the province and the city around its county; they can be asked for by code, but ways and
lists begin at the county, which is what an installation serves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shanzhi.base.codes import LEVELS


@dataclass(frozen=True, slots=True)
class Place:
    """One area, without its outline; `lon` and `lat` are a point within it, in WGS-84 degrees, or None."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str
    lon: float | None
    lat: float | None
    generated: bool
    open: bool = True


class Tree:
    """Areas by code, their children and the way to them. Closed areas are known, but nobody's children."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {place.code: place for place in sorted(places, key=lambda place: place.code)}

    def __len__(self) -> int:
        return len(self._places)

    def get(self, code: str) -> Place | None:
        return self._places.get(code)

    def children(self, code: str) -> list[Place]:
        """The open areas directly within one, by code."""
        return self._children.get(code, [])

    def within(self, code: str) -> list[Place]:
        """All areas below one, open or closed."""
        return [
            place for place in self._places.values() if place.code.startswith(code) and place.code != code
        ]

    def path(self, code: str) -> list[Place]:
        """The areas from the county to this one; empty when there is no such area."""
        found: list[Place] = []
        place = self._places.get(code)
        while place is not None:
            found.append(place)
            place = None if _is_county(place) else self._places.get(place.parent)
        return found[::-1]

    def roots(self) -> list[Place]:
        """The open counties: one, of an installation of one county."""
        return self._roots

    def nested(self, code: str = "", depth: int = 4) -> list[dict[str, Any]]:
        """The areas within one (or all), and those within them, as deep as asked, for JSON and pages."""
        inside = self.children(code) if code else self.roots()
        return [
            {
                "code": place.code,
                "name": place.name,
                "name_en": place.name_en,
                "level": place.level,
                "children": self.nested(place.code, depth - 1) if depth > 1 else [],
            }
            for place in inside
        ]

    @cached_property
    def _roots(self) -> list[Place]:
        return [place for place in self._places.values() if place.open and _is_county(place)]

    @cached_property
    def _children(self) -> dict[str, list[Place]]:
        children: dict[str, list[Place]] = {}
        for place in self._places.values():
            if place.open and place.parent:
                children.setdefault(place.parent, []).append(place)
        return children


def _is_county(place: Place) -> bool:
    return LEVELS.get(len(place.code)) == "county"
