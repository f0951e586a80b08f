"""Messages that speak of the same matter at the same place, found while a new one is typed. Pure.

A message is read as the pairs and triples of its characters (its *grams*): a name that no dictionary has (丽发新城,
58车贷) is then as good as a word. Grams are kept as numbers (hashed into BUCKETS), weigh by their rarity among the
messages kept (idf), and tell nothing where more than one message in thirty has them. `near` adds up the weights of
shared grams through lists of who has which of his rarest grams, so that it touches only messages that share something
rare, and looks closer at the best. How alike two messages are is a logistic curve over a few numbers that one can
name; its weights were fitted on the tuning part of pairs marked by hand (`bench/topics.py --fit`).
"""

import re
from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from math import exp, log, sqrt
from typing import Any
from zlib import crc32

import numpy as np

from shanzhi.language.words import normal

Numbers = np.ndarray[Any, np.dtype[np.int32]]
Weights = np.ndarray[Any, np.dtype[np.float64]]

BUCKETS = 1 << 20
HEAD = 400  # characters of a text that are read: what comes later repeats or strays
COMMON = 30  # a gram in more than one of so many messages tells nothing …
ALWAYS = 20  # … unless fewer than so many messages have it
LISTED = 64  # a message stands in the lists of so many of its rarest grams
LOOKED = 30_000  # entries of lists that are looked at, the rarest grams first
CLOSER = 40  # candidates that are looked at closely
ALIKE = 0.5  # from which likeness on somebody at the desk is told
STREET = 9  # digits of a code that name a street
BIAS = "base"
WEIGHTS: Mapping[str, float] = {
    "base": 0.188,
    "cosine": 1.088,
    "cover": 0.56,
    "title_most": 3.659,
    "title_least": 1.823,
    "rare": 1.904,
    "days": -1.032,
    "apart": -2.202,
}
_RUN = re.compile(r"[\u3400-\u9fffa-z0-9]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as the index keeps it: its grams and those of its title as numbers, and its beginning."""

    grams: Numbers
    title: Numbers
    said: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Near:
    """A message near another: how alike (0 to 1), what they share, and how many days lie between."""

    id: Hashable
    score: float
    why: tuple[str, ...]
    days: float


def grams(text: str) -> set[str]:
    """The pairs and triples of neighbouring characters, not across punctuation."""
    runs = _RUN.findall(normal(text))
    return {run[i : i + n] for run in runs for n in (2, 3) for i in range(len(run) - n + 1)}


def numbers(found: set[str]) -> Numbers:
    return np.array(sorted({crc32(gram.encode()) % BUCKETS for gram in found}), np.int32)


def kept(title: str, text: str, place: str, at: datetime) -> Kept:
    """A message made ready; `place` is a code of which the beginning is the larger area, or empty."""
    said = f"{title[:HEAD]}。{text[:HEAD]}"
    return Kept(numbers(grams(said)), numbers(grams(title[:HEAD])), said, place, at)


@dataclass(slots=True)
class Index:
    """The messages kept, by id. Grows and shrinks one by one. `heard` tells how rare words are, and is never found."""

    items: dict[Hashable, Kept] = field(default_factory=dict)
    _ids: list[Hashable] = field(default_factory=list)
    _lists: dict[int, "array[int]"] = field(default_factory=dict)
    _having: Numbers = field(default_factory=lambda: np.zeros(BUCKETS, np.int32))
    heard: int = 0

    def __len__(self) -> int:
        return len(self.items)

    def add(self, id_: Hashable, item: Kept) -> None:
        self.drop(id_)
        self.items[id_] = item
        self._having[item.grams] += 1
        number = len(self._ids)
        self._ids.append(id_)
        rarest = item.grams[np.argsort(self._having[item.grams], kind="stable")[:LISTED]]
        for gram in rarest.tolist():
            self._lists.setdefault(gram, array("I")).append(number)

    @classmethod
    def among(cls, heard: Iterable[Numbers]) -> "Index":
        """An index that knows how rare words are from other messages: a few alone cannot say it."""
        made = cls()
        for found in heard:
            made._having[found] += 1
            made.heard += 1
        return made

    def emptied(self) -> "Index":
        """Another one with what was heard, and nothing kept. Only for an index that keeps nothing."""
        return Index(_having=self._having.copy(), heard=self.heard)

    def drop(self, id_: Hashable) -> None:
        """Its numbers stay in the lists and are passed over."""
        item = self.items.pop(id_, None)
        if item is not None:
            self._having[item.grams] -= 1

    def weights(self, found: Numbers) -> Weights:
        """How telling grams are: the square of their idf; 0 for what many have."""
        having, whole = self._having[found], max(1, len(self.items) + self.heard)
        telling: Weights = np.log1p(whole / np.maximum(having, 1)) ** 2
        telling[having > max(ALWAYS, whole / COMMON)] = 0.0
        return telling

    def sharing(self, found: Numbers, weights: Weights) -> Iterator[tuple[Hashable, float]]:
        """Who shares how much weight, by the rarest grams first, until enough has been looked at."""
        sums = Counter[int]()
        looked = 0
        for place in np.argsort(-weights, kind="stable").tolist():
            weight, having = float(weights[place]), self._lists.get(int(found[place]), ())
            looked += len(having)
            if not weight or looked > LOOKED:
                break
            for number in having:
                sums[number] += weight  # type: ignore[assignment]
        for number, total in sums.items():
            if self._ids[number] in self.items:
                yield self._ids[number], total


def near(
    item: Kept, index: Index, *, least: float = ALIKE, most: int = 8, leave: Hashable = None
) -> list[Near]:
    """Those that speak of the same matter at the same place, the likest first."""
    weights = index.weights(item.grams)
    totals = {id_: total for id_, total in index.sharing(item.grams, weights) if id_ != leave}
    closer = nlargest(CLOSER, totals, key=totals.__getitem__)
    scores = {id_: likeness(signs(item, index.items[id_], index)) for id_ in closer}
    best = nlargest(most, (id_ for id_ in closer if scores[id_] >= least), key=scores.__getitem__)
    return [_told(item, index.items[id_], id_, scores[id_]) for id_ in best]


def _told(item: Kept, other: Kept, id_: Hashable, score: float) -> Near:
    return Near(id_, score, shared(item.said, other.said), days_between(item, other))


def signs(a: Kept, b: Kept, index: Index) -> dict[str, float]:
    """What is counted of two messages."""
    common = index.weights(np.intersect1d(a.grams, b.grams, assume_unique=True))
    both, one, other = (
        max(1e-9, float(w.sum())) for w in (common, index.weights(a.grams), index.weights(b.grams))
    )
    titles = (_covered(a.title, b.grams), _covered(b.title, a.grams))
    return {
        "cosine": both / sqrt(one * other),
        "cover": both / min(one, other),
        "title_most": max(titles),
        "title_least": min(titles),
        "rare": float(np.sqrt(np.sort(common)[-12:]).sum()) / 100,
        "days": log(1 + days_between(a, b)),
        "apart": float(apart(a.place, b.place)),
    }


def _covered(title: Numbers, found: Numbers) -> float:
    """How much of a title stands in the other message."""
    return len(np.intersect1d(title, found, assume_unique=True)) / len(title) if len(title) else 0.0


def days_between(a: Kept, b: Kept) -> float:
    return abs((a.at - b.at).total_seconds()) / 86_400


def apart(a: str, b: str) -> bool:
    """Whether two places are known and neither lies in the other's street (nine digits of a code)."""
    one, two = a[:STREET], b[:STREET]
    return bool(one and two) and not (one.startswith(two) or two.startswith(one))


def likeness(found: Mapping[str, float]) -> float:
    """Between 0 and 1."""
    value = WEIGHTS[BIAS] + sum(w * found[name] for name, w in WEIGHTS.items() if name != BIAS)
    return 1 / (1 + exp(-value))


def shared(a: str, b: str, most: int = 3) -> tuple[str, ...]:
    """The longest that both say, at least three characters, none within another."""
    runs = _RUN.findall(normal(b))
    found: list[str] = []
    for part in sorted(_common(_RUN.findall(normal(a)), " ".join(runs)), key=lambda one: (-len(one), one)):
        if not any(part in longer for longer in found):
            found.append(part)
    return tuple(found[:most])


def _common(runs: Sequence[str], other: str) -> Iterator[str]:
    """From each place of a run the longest piece that stands in the other text."""
    for run in runs:
        for start in range(len(run) - 2):
            end = start + 3
            while end <= len(run) and run[start:end] in other:
                end += 1
            if end > start + 3:
                yield run[start : end - 1]
