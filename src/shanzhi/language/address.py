"""Where a text says that something is: from the words of an address to a community and a point.

Each name found is a witness for the areas that it may lie in; two roads are a witness for their crossing, a house
number for a stretch of its road. The areas that most of the witnesses agree on win, the finer the better.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from shanzhi.language.gazetteer import Entry, Gazetteer, Hit
from shanzhi.language.words import normal

MOST = 2_000  # characters that are looked through
MOST_MISSPELT = 120  # of these the ones where misspelt names are looked for
CANDIDATES = 3
WEIGHTS = {"county": 0.2, "street": 2.0, "community": 3.0, "grid": 1.0, "road": 2.0, "poi": 2.6}
SHORTENED, MISSPELT, CROSSING, NUMBER = 0.6, 0.6, 1.5, 1.2
FINE = 12  # digits of a community's code
_NUMBER = re.compile(r"\s*([0-9]{1,5})\s*(?:号|弄|#|-|之)?")
_GRID = re.compile(r"第?([0-9一二三四五六七八九十]{1,3})(?:号)?网格")


@dataclass(frozen=True, slots=True)
class Located:
    """A place that the text may mean: the area, as fine as it is known, a point, and the words that say so.

    `sure` is the share of the witnesses' weight that speaks for this area against the next, less where every name is
    shortened or misspelt.
    """

    area: str
    lon: float | None
    lat: float | None
    words: tuple[str, ...]
    start: int
    end: int
    sure: float


@dataclass(frozen=True, slots=True)
class _Witness:
    """What a name says: the areas it may lie in (with the entry for each), its weight, how well it is spelt."""

    hit: Hit
    weight: float
    spelt: float
    areas: dict[str, Entry]


def locate(text: str, gazetteer: Gazetteer) -> list[Located]:
    """The likeliest places, at most three, the likeliest first; empty when no name of the district is found."""
    return locate_in(normal(text[:MOST]), gazetteer)


def locate_in(plain: str, gazetteer: Gazetteer) -> list[Located]:
    """The same of a text that is normal already."""
    plain = plain[:MOST]
    hits = gazetteer.exact(plain)
    if not any(_fine(hit) for hit in hits):
        hits = sorted([*hits, *gazetteer.misspelt(plain[:MOST_MISSPELT], hits)], key=lambda hit: hit.start)
    other = any(_names_community(hit) and not _names_street(hit) for hit in hits)
    witnesses = [one for hit in hits for one in _witnesses(hit, plain) if not (other and _doubled(one))]
    return _agreed(witnesses + _crossings(witnesses)) if witnesses else []


def _fine(hit: Hit) -> bool:
    """Whether a name says by itself which community is meant: it is whole, and not a street's name too."""
    kinds = {entry.kind for entry in hit.entries}
    return hit.whole and bool(kinds & {"community", "poi"}) and "street" not in kinds


def _names_community(hit: Hit) -> bool:
    return any(entry.kind in ("community", "poi", "road") for entry in hit.entries)


def _names_street(hit: Hit) -> bool:
    return any(entry.kind == "street" for entry in hit.entries)


def _doubled(witness: _Witness) -> bool:
    """A community called like its street (转塘): beside the name of another one, the street is meant."""
    kinds = {entry.kind for entry in witness.areas.values()}
    return kinds == {"community"} and not witness.hit.whole and _names_street(witness.hit)


def _witnesses(hit: Hit, text: str) -> Iterable[_Witness]:
    """A name may be a road's and a community's: one witness for each kind."""
    share = (1.0 if hit.whole else SHORTENED) * (1.0 if hit.exact else MISSPELT)
    for kind in dict.fromkeys(entry.kind for entry in hit.entries):
        entries = [entry for entry in hit.entries if entry.kind == kind]
        numbered = _numbered(entries, text[hit.end :]) if kind == "road" else []
        yield _Witness(hit, WEIGHTS[kind] * share, share, {entry.area: entry for entry in entries})
        if numbered:
            yield _Witness(hit, NUMBER * share, share, {entry.area: entry for entry in numbered})


def _numbered(entries: Sequence[Entry], after: str) -> list[Entry]:
    number = _NUMBER.match(after)
    if number is None:
        return []
    return [entry for entry in entries if entry.low <= int(number[1]) <= entry.high]


def _crossings(witnesses: Sequence[_Witness]) -> list[_Witness]:
    """Where two roads meet: the areas that both run through."""
    roads = [one for one in witnesses if any(entry.kind == "road" for entry in one.areas.values())]
    found = []
    for one, other in combinations(roads, 2):
        both = one.areas.keys() & other.areas.keys()
        if both and one.hit.name != other.hit.name:
            found.append(_Witness(one.hit, CROSSING, one.spelt, {area: one.areas[area] for area in both}))
    return found


def _agreed(witnesses: Sequence[_Witness]) -> list[Located]:
    areas = {area for one in witnesses for area in one.areas}
    marks = {area: sum(_says(one, area) for one in witnesses) for area in areas}
    order = sorted(areas, key=lambda area: (-marks[area], -len(area), area))
    finest = [area for area in order if not any(_finer(o, area) and marks[o] >= marks[area] for o in order)]
    best = finest[:CANDIDATES]
    total = sum(marks[area] for area in best)
    return [_located(area, witnesses, marks[area] / total) for area in best]


def _finer(one: str, other: str) -> bool:
    return one != other and one.startswith(other)


def _says(witness: _Witness, area: str) -> float:
    """How much a witness speaks for an area: what lies in it or around it counts, shared among what it may mean."""
    fits = any(area.startswith(code) for code in witness.areas)
    return witness.weight / len(witness.areas) ** 0.5 if fits else 0.0


def _located(area: str, witnesses: Sequence[_Witness], sure: float) -> Located:
    speaking = [one for one in witnesses if _says(one, area)]
    points = [
        (one.weight, entry.lon, entry.lat)
        for one in speaking
        for code, entry in one.areas.items()
        if code.startswith(area) and entry.lon is not None and entry.lat is not None
    ]
    best = max((weight for weight, _, _ in points), default=0.0)
    at = [(lon, lat) for weight, lon, lat in points if weight == best]
    return Located(
        area,
        fmean(lon for lon, _ in at) if at else None,
        fmean(lat for _, lat in at) if at else None,
        tuple(dict.fromkeys(one.hit.name for one in speaking)),
        min(one.hit.start for one in speaking),
        max(one.hit.end for one in speaking),
        sure * max(one.spelt for one in speaking),
    )
