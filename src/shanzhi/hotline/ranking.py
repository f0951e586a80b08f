"""The three rates (三率) and the score they add up to, with how sure both are. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shanzhi.base.shares import interval
from shanzhi.hotline.setting import RATES, Formula, RateName


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of` say yes."""

    n: int
    of: int

    @property
    def value(self) -> float | None:
        return self.n / self.of if self.of else None

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95 % interval (Wilson); everything where nobody answered."""
        return interval(self.n, self.of) if self.of else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Counted:
    """One of those compared: how many cases count, how many are left out or wait for that, and the shares."""

    key: str
    cases: int
    excluded: int
    pending: int
    shares: Mapping[RateName, Share]

    @property
    def answers(self) -> int:
        """The answers to the question that got fewest."""
        return min(share.of for share in self.shares.values())


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ranking: `score` out of 100 with its bounds; no place where there are too few answers."""

    counted: Counted
    score: float | None
    low: float
    high: float
    place: int | None = None


def score(formula: Formula, counted: Counted) -> tuple[float | None, float, float]:
    """The score out of 100 and its bounds; none where a question has no answer.

    The bounds are those of the rates by weight. The same people answer all three questions, so the rates move
    together and the bounds are not narrower than 95 %.
    """
    value: float | None = 0.0
    low = high = 0.0
    for name in RATES:
        weight, share = formula.rates[name].weight, counted.shares[name]
        value = None if value is None or share.value is None else value + weight * share.value
        low += weight * share.bounds[0]
        high += weight * share.bounds[1]
    return (None if value is None else value * 100), low * 100, high * 100


def ranked(formula: Formula, counted: Iterable[Counted]) -> list[Row]:
    """Those with enough answers by their score, equal scores share a place; then the others by key."""
    rows = [Row(one, *score(formula, one)) for one in counted]
    placed = [row for row in rows if row.score is not None and row.counted.answers >= formula.minimum]
    placed.sort(key=lambda row: (-_rounded(row), row.counted.key))
    result: list[Row] = []
    for number, row in enumerate(placed, 1):
        tie = bool(result) and _rounded(result[-1]) == _rounded(row)
        place = result[-1].place if tie else number
        result.append(Row(row.counted, row.score, row.low, row.high, place))
    few = [row for row in rows if row not in placed]
    return result + sorted(few, key=lambda row: row.counted.key)


def _rounded(row: Row) -> float:
    """Two decimals, as it is published: what looks equal is equal."""
    return round(row.score or 0.0, 2)


def together(counted: Iterable[Counted]) -> Counted:
    """All of them as one."""
    rows = list(counted)
    shares = {
        name: Share(sum(one.shares[name].n for one in rows), sum(one.shares[name].of for one in rows))
        for name in RATES
    }
    return Counted(
        "",
        sum(one.cases for one in rows),
        sum(one.excluded for one in rows),
        sum(one.pending for one in rows),
        shares,
    )
