"""Periods: whole days, and what one compares them with. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

LENGTHS = (7, 30, 90, 365)
LONGEST = 3 * 366


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends before it begins")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def back(self, days: int) -> "Period":
        """The same length, so many days earlier."""
        return Period(self.first - timedelta(days=days), self.last - timedelta(days=days))

    def before(self) -> "Period":
        """The days just before, as many."""
        return self.back(self.days)

    def year_ago(self) -> "Period":
        """52 weeks earlier, so that Mondays are compared with Mondays."""
        return self.back(364)


def last_days(today: date, days: int) -> Period:
    """So many days up to and with today."""
    return Period(today - timedelta(days=days - 1), today)


def chosen(today: date, days: str = "", first: str = "", last: str = "") -> Period:
    """What somebody asked for, as it stands in an address: two dates, or a number of days; else 30 days."""
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
        if period.days <= LONGEST and period.first.year >= 2000:
            return period
    except ValueError:
        pass
    length = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 30
    return last_days(today, length if length in LENGTHS else 30)
