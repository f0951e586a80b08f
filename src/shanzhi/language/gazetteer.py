"""A gazetteer (地名库): the names of a district's places, and how people shorten and misspell them.

Every name is kept whole, without its kind (玉林街道: 玉林), and with one character missing or replaced by any
other, so that a slip of the pen or of the ear costs one look more and no search.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from shanzhi.language.sounds import sound
from shanzhi.language.words import normal

Kind = Literal["county", "street", "community", "grid", "road", "poi"]
ANY = "？"
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "county": ("自治县", "新区", "区", "县", "市", "旗"),
    "street": ("街道办事处", "地区办事处", "民族乡", "街道", "乡", "镇"),
    "community": (
        "社区居民委员会",
        "村民委员会",
        "居民委员会",
        "社区居委会",
        "村委会",
        "居委会",
        "社区",
        "村",
    ),
}
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "street": ("街道", "街道办", "街办", "镇", "乡"),
    "community": ("社区", "村", "居委会", "村委会", "社区居委会"),
}
FEWEST, MOST = 3, 9  # characters of a name that may be misspelt


@dataclass(frozen=True, slots=True)
class Entry:
    """A named place: the code of the area it lies in, and a point, if known (WGS-84 degrees).

    A road is one entry for each stretch, with the house numbers (`low` to `high`) along it.
    """

    kind: Kind
    name: str
    area: str
    lon: float | None = None
    lat: float | None = None
    low: int = 0
    high: int = 0
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in a text, from `start` up to `end`, and the entries it may mean; `exact` if spelt right."""

    start: int
    end: int
    name: str
    entries: tuple[Entry, ...]
    whole: bool
    exact: bool = True


@dataclass(frozen=True)
class Gazetteer:
    """All entries of a district, ready to be looked for."""

    entries: tuple[Entry, ...]
    county: str = ""
    names: Mapping[str, tuple[tuple[Entry, bool], ...]] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(entries: Iterable[Entry], county: str = "") -> "Gazetteer":
        every = tuple(entries)
        names: dict[str, list[tuple[Entry, bool]]] = {}
        for entry in every:
            for name, whole in spoken(entry):
                names.setdefault(name, []).append((entry, whole))
        return Gazetteer(every, county, {name: tuple(found) for name, found in names.items()})

    @cached_property
    def begins(self) -> dict[str, tuple[int, ...]]:
        """The lengths of the names that begin with these two characters, longest first."""
        lengths: dict[str, set[int]] = {}
        for name in self.names:
            lengths.setdefault(name[:2], set()).add(len(name))
        return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}

    @cached_property
    def forms(self) -> tuple[re.Pattern[str], ...]:
        """Find where a name may begin, or a misspelt one begin, end, or be short, by two characters each on its own:
        ten times as fast as to try every pair of a text."""
        return _form(self.begins), _form(self.heads), _form(self.tails), _form(self.outer, between=".")

    @cached_property
    def slips(self) -> dict[str, frozenset[str]]:
        """The names that a misspelling may mean, by its pattern."""
        found: dict[str, set[str]] = {}
        for name in self.full_names:
            for pattern in patterns(name):
                found.setdefault(pattern, set()).add(name)
        return {pattern: frozenset(names) for pattern, names in found.items()}

    @cached_property
    def sounds(self) -> dict[str, frozenset[str]]:
        """The names that sound alike, by their sound."""
        found: dict[str, set[str]] = {}
        for name in self.full_names:
            found.setdefault(sound(name), set()).add(name)
        return {one: frozenset(names) for one, names in found.items()}

    @cached_property
    def full_names(self) -> tuple[str, ...]:
        """The names that may be misspelt: whole, not too short to be told from others, and no long compounds."""
        return tuple(
            name
            for name, meant in self.names.items()
            if FEWEST <= len(name) <= MOST and any(whole for _, whole in meant)
        )

    @cached_property
    def heads(self) -> frozenset[str]:
        return frozenset(name[:2] for name in self.full_names)

    @cached_property
    def tails(self) -> frozenset[str]:
        return frozenset(name[-2:] for name in self.full_names)

    @cached_property
    def edges(self) -> tuple[frozenset[str], frozenset[str]]:
        """What a name keeps of its edges whichever one character is wrong: its first two and one of the last two, or
        one of the first two and its last two."""
        begun = frozenset(name[:2] + c for name in self.full_names for c in name[-2:])
        return begun, frozenset(c + name[-2:] for name in self.full_names for c in name[:2])

    @cached_property
    def outer(self) -> frozenset[str]:
        """First and last character of the shortest names."""
        return frozenset(name[0] + name[-1] for name in self.full_names if len(name) == FEWEST)

    def exact(self, text: str) -> list[Hit]:
        """The names that stand in a (normal) text, the longest at each place, none within another."""
        hits: list[Hit] = []
        begins = self.begins
        for at in _found(self.forms[0], text, begins):
            if not hits or at >= hits[-1].end:
                found = self._at(text, at)
                hits += [found] if found else []
        return hits

    def _at(self, text: str, at: int) -> Hit | None:
        for length in self.begins.get(text[at : at + 2], ()):
            meant = self.names.get(text[at : at + length])
            if meant and len(text) >= at + length:
                entries = tuple(entry for entry, _ in meant)
                whole = any(whole for _, whole in meant)
                return Hit(at, at + length, text[at : at + length], entries, whole)
        return None

    def misspelt(self, text: str, taken: Iterable[Hit] = ()) -> list[Hit]:
        """The names that stand in a text with one character wrong, missing or too many; longer ones first.

        One wrong character leaves the first two of a name or its last two as they were: only there it is looked.
        """
        closed = {place for hit in taken for place in range(hit.start, hit.end)}
        hits: list[Hit] = []
        for start, before in sorted(self._suspect(text)):
            part, end = text[start:-before], -before
            if (hits and start < hits[-1].end) or not part.isalnum():
                continue
            names = self._meant(part)
            if names and closed.isdisjoint(range(start, end)):
                entries = tuple(entry for name in names for entry, _ in self.names[name])
                hits.append(Hit(start, end, names[0], entries, True, exact=False))
        return hits

    def _suspect(self, text: str) -> set[tuple[int, int]]:
        """The parts of a text that begin or end as a name does: start and end, the end below zero, so that of those
        that start together the longest comes first."""
        count, longest = len(text), MOST + 1
        _, head, tail, outer = self.forms
        heads = _found(head, text, self.heads)
        tails = [i + 2 for i in _found(tail, text, self.tails)]
        short = [
            m.start() for m in outer.finditer(text) if text[m.start()] + text[m.start() + 2] in self.outer
        ]
        found = {(i, -end) for i in heads for end in range(i + FEWEST - 1, min(count, i + longest) + 1)}
        found |= {(i, -end) for end in tails for i in range(max(0, end - longest), end - FEWEST + 2)}
        return found | {(i, -i - FEWEST) for i in short}

    def _meant(self, part: str) -> list[str]:
        """The names that a misspelling may mean: those that sound like it, or else all."""
        alike = self.sounds.get(sound(part))
        if alike:
            return sorted(alike)
        if len(part) > FEWEST and not self._may_mean(part):
            return []
        return sorted({name for pattern in patterns(part) for name in self.slips.get(pattern, ())})

    def _may_mean(self, part: str) -> bool:
        """Whether a part has the edges of some name: a look that spares looking for all its misspellings."""
        begun, ended = self.edges
        head, tail = part[:2], part[-2:]
        return (
            head + part[-1] in begun
            or head + part[-2] in begun
            or part[0] + tail in ended
            or part[1] + tail in ended
        )


def spoken(entry: Entry) -> Iterator[tuple[str, bool]]:
    """How people say a name, and whether it is whole or shortened."""
    for name in (entry.name, *entry.other_names):
        plain = normal(name)
        yield plain, True
        bare = _bare(plain, entry.kind)
        if len(bare) >= 2 and bare != plain:
            yield bare, False
            for suffix in SPOKEN.get(entry.kind, ()):
                if bare + suffix != plain:
                    yield bare + suffix, True


def _form(pairs: Iterable[str], between: str = "") -> re.Pattern[str]:
    """A character that is the first of some pair, before one that is the second of some pair."""
    first, second = ("".join(map(re.escape, sorted({pair[at : at + 1] for pair in pairs}))) for at in (0, 1))
    return re.compile(f"[{first}](?={between}[{second}])" if first and second else r"(?!)", re.DOTALL)


def _found(form: re.Pattern[str], text: str, pairs: Container[str]) -> list[int]:
    """Where one of these pairs stands in a text."""
    return [at for match in form.finditer(text) if text[(at := match.start()) : at + 2] in pairs]


def _bare(name: str, kind: str) -> str:
    for suffix in SUFFIXES.get(kind, ()):
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name


def patterns(name: str) -> Iterator[str]:
    """A name with one character replaced by any other, and with one left out: two that share one differ by one."""
    yield name
    for at in range(len(name)):
        yield name[:at] + ANY + name[at + 1 :]
        if len(name) > FEWEST:
            yield name[:at] + name[at + 1 :]
