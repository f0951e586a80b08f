"""Finding items by words (事项搜索): pairs of characters, weighed by their rarity. Pure.

Two thousand items are an index of some 40,000 pairs; a search adds up lists, without touching the rest. Somebody's
own words (我妈八十多了能领什么钱) find an item by what its name, its everyday words and its occasions share with them.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log

from shanzhi.services.item import Item

RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
WEIGHTS = {"name": 4.0, "words": 4.0, "life": 2.0, "says": 1.0}
LEAST = 0.12  # of the best score that there could be for these words: below, it is chance


@dataclass(frozen=True, slots=True)
class Found:
    """An item that was found, and how well it fits the words (0 to 1)."""

    code: str
    score: float


def grams(text: str) -> Iterator[str]:
    """Pairs of Chinese characters, and whole words of letters and digits."""
    for run in RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] < "\u3400" or len(run) == 1:
            yield run
        else:
            yield from (run[i : i + 2] for i in range(len(run) - 1))


@dataclass(slots=True)
class Index:
    """Which item has which pair, and how much that says."""

    postings: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    order: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Sequence[Item]) -> "Index":
        index = cls()
        for number, item in enumerate(items):
            index.order[item.code] = number
            for part, weight in WEIGHTS.items():
                for gram in set(grams(_text(item, part))):
                    listed = index.postings[gram]
                    listed[item.code] = max(listed.get(item.code, 0.0), weight)
        return index

    def rarity(self, gram: str) -> float:
        return log(1 + len(self.order) / (1 + len(self.postings.get(gram, ()))))

    def find(self, words: str, *, limit: int = 50) -> list[Found]:
        """The items that fit the words, the best first."""
        asked = set(grams(words))
        scores: dict[str, float] = defaultdict(float)
        best = 0.0
        for gram in asked & self.postings.keys():
            rare = self.rarity(gram)
            best += rare * WEIGHTS["name"]
            for code, weight in self.postings[gram].items():
                scores[code] += rare * weight
        found = [Found(code, score / best) for code, score in scores.items() if score >= LEAST * best]
        found.sort(key=lambda one: (-one.score, self.order[one.code]))
        return found[:limit]


def _text(item: Item, part: str) -> str:
    match part:
        case "name":
            return f"{item.name.zh} {item.name.en} {item.code}"
        case "words":
            return " ".join(item.words)
        case "life":
            return " ".join(item.life)
    return f"{item.says.zh} {item.says.en}"
