"""Texts as the pairs and triples of their characters, weighed by how rare they are. Pure.

Names and matters that no dictionary has (丽发新城, 居住证签注) are then as good as words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log, sqrt

from shanzhi.language.words import normal

HEAD = 1_000  # characters that are read: what comes later repeats or strays
_RUN = re.compile(r"[\u3400-\u9fffa-z0-9]+")
Weights = Mapping[str, float]


def grams(text: str) -> frozenset[str]:
    """The pairs and triples of neighbouring characters, not across punctuation."""
    runs = _RUN.findall(normal(text[:HEAD]))
    return frozenset(run[i : i + n] for run in runs for n in (2, 3) for i in range(len(run) - n + 1))


def rarity(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """How telling each gram is among these texts: the logarithm of one over the share that has it."""
    known = list(texts)
    having = Counter(gram for one in known for gram in one)
    return {gram: log(1 + len(known) / n) for gram, n in having.items()}


def shared(one: frozenset[str], other: frozenset[str], weights: Weights) -> float:
    """How much two texts share, from 0 to 1: the mean of their cosine and of how much of the shorter is in the
    longer, so that a question is found in a long story and a common phrase alone is not enough."""
    mine, theirs = (sum(weights.get(gram, 0.0) ** 2 for gram in each) for each in (one, other))
    both = sum(weights.get(gram, 0.0) ** 2 for gram in one & other)
    if not both:
        return 0.0
    return (both / sqrt(mine * theirs) + both / min(mine, theirs)) / 2


def words(one: frozenset[str], other: frozenset[str], weights: Weights, most: int = 3) -> tuple[str, ...]:
    """The most telling that both say, triples that overlap joined to one: 丽发新, 发新城 become 丽发新城."""
    both = sorted((g for g in one & other if len(g) == 3), key=lambda g: (-weights.get(g, 0.0), g))
    chains: list[str] = []
    for gram in both[:24]:
        _join(chains, gram)
    return tuple(sorted(dict.fromkeys(chains), key=lambda chain: (-len(chain), chain))[:most])


def _join(chains: list[str], gram: str) -> None:
    for number, chain in enumerate(chains):
        if chain.endswith(gram[:2]):
            chains[number] = chain + gram[2]
            return
        if chain.startswith(gram[1:]):
            chains[number] = gram[0] + chain
            return
    chains.append(gram)
