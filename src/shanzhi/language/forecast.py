"""How many reports the next week will bring, with an interval: early warning (未诉先办). Pure.

Counts of a week are few and uneven, so the forecast is the discounted Gamma-Poisson model (West and Harrison,
Bayesian Forecasting and Dynamic Models, 1997, chapter 14): each week the past fades by DISCOUNT and the new count
is added; what is expected then follows a negative binomial, which gives the interval. Two things are added. Where
at least a year is known, the weeks around the same one a year ago lift or lower what is expected (as a share of
their year's mean, drawn towards 1 as if SEASON_PRIOR reports more had shown no season). And where past weeks
strayed further than the model says, the interval is widened by as much.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

YEAR = 52
DISCOUNT = 0.94
PRIOR = 0.5  # weeks of one report each that are believed before anything is known
SEASON_PRIOR = 12.0
WEEKS, REPORTS = 8, 4  # with less history nothing is forecast
MOST_WIDENED = 6.0
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of a week: the mean, the ends of the intervals that hold 80 % and 95 %, the season's share."""

    mean: float
    low80: int
    high80: int
    low95: int
    high95: int
    season: float
    seasonal: bool


@dataclass(slots=True)
class _Level:
    """What is believed of a series: reports seen and weeks seen, both faded, and how far it strayed."""

    seen: float = PRIOR
    weeks: float = PRIOR
    strayed: float = 4.0
    strays: float = 4.0

    def mean(self) -> float:
        return self.seen / self.weeks

    def variance(self, season: float) -> float:
        expected = self.mean() * season
        return expected * (1 + season / self.weeks)

    def learn(self, count: int, season: float) -> None:
        error = count - self.mean() * season
        self.strayed += error * error / max(1e-9, self.variance(season))
        self.strays += 1
        self.seen = self.seen * DISCOUNT + count
        self.weeks = self.weeks * DISCOUNT + season


def forecast(counts: Sequence[int]) -> Forecast | None:
    """Of the week after the last one; none where there is not enough history."""
    if len(counts) < WEEKS or sum(counts) < REPORTS:
        return None
    level = _Level()
    for week, count in enumerate(counts):
        level.learn(count, season(counts[:week]))
    share = season(counts)
    mean = level.mean() * share
    wide = min(MOST_WIDENED, max(1.0, level.strayed / level.strays))
    low95, low80, high80, high95 = quantiles(mean, wide * level.variance(share), (0.025, 0.1, 0.9, 0.975))
    return Forecast(mean, low80, high80, low95, high95, share, len(counts) >= YEAR)


def season(counts: Sequence[int]) -> float:
    """The next week's share of an ordinary week, from five weeks around the same one in each year before."""
    n = len(counts)
    if n < YEAR:
        return 1.0
    around = [counts[i] for at in range(n - YEAR, -1, -YEAR) for i in range(max(0, at - 2), min(n, at + 3))]
    ordinary = sum(counts[-YEAR:]) / YEAR * len(around)
    return (sum(around) + SEASON_PRIOR) / (ordinary + SEASON_PRIOR)


def quantiles(mean: float, variance: float, shares: Sequence[float]) -> list[int]:
    """Of a negative binomial (Poisson where the variance is no larger than the mean), for rising shares."""
    found: list[int] = []
    total = 0.0
    for count, probability in enumerate(_probabilities(max(mean, 1e-6), variance)):
        total += probability
        while len(found) < len(shares) and total >= shares[len(found)]:
            found.append(count)
        if len(found) == len(shares) or count >= MOST:
            break
    return found + [MOST] * (len(shares) - len(found))


def _probabilities(mean: float, variance: float) -> Iterator[float]:
    count = 0
    if variance <= mean * 1.0001:
        while True:
            yield exp(count * log(mean) - mean - lgamma(count + 1))
            count += 1
    size = mean * mean / (variance - mean)
    p = size / (size + mean)
    while True:
        yield exp(
            lgamma(count + size) - lgamma(size) - lgamma(count + 1) + size * log(p) + count * log(1 - p)
        )
        count += 1
