"""The few words by which a telephone guesses a category without us: pairs of signs that speak for one of them."""

from collections import Counter
from collections.abc import Iterable, Mapping

MOST = 14
SHARE = 0.5  # of all times that a pair is said, so much must be in one category


def keywords(texts: Mapping[str, Iterable[str]], *, most: int = MOST) -> dict[str, list[str]]:
    """For each category the pairs of signs that stand in its texts and hardly elsewhere, the commonest first."""
    said = {code: Counter(pair for text in listed for pair in pairs(text)) for code, listed in texts.items()}
    everywhere: Counter[str] = Counter()
    for counted in said.values():
        everywhere.update(counted)
    return {code: _telling(counted, everywhere, most) for code, counted in said.items()}


def _telling(counted: Counter[str], everywhere: Counter[str], most: int) -> list[str]:
    own = [(pair, n) for pair, n in counted.items() if n >= SHARE * everywhere[pair]]
    return [pair for pair, _ in sorted(own, key=lambda one: (-one[1], one[0]))[:most]]


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring signs of a text, those of Chinese only."""
    two = (text[i : i + 2] for i in range(len(text) - 1))
    return {pair for pair in two if all("一" <= sign <= "鿿" for sign in pair)}
