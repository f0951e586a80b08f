"""Beijing time and Chinese working time.

Working days come from the State Council's yearly notices, 调休 included (seeded from `chinesecalendar`, which
knows 2004 to 2026). A deadline that reaches a year without a notice is provisional: it counts weekdays.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property, lru_cache

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = 86_400
UNITS = {"m": (60, False), "h": (3_600, False), "d": (DAY, False), "wh": (3_600, True)}
Hours = tuple[tuple[time, time], ...]
OFFICE: Hours = ((time(9), time(12)), (time(13), time(17)))


def now() -> datetime:
    """The present moment in UTC; the only place that asks the machine for it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time (时限): `seconds` of natural or of working time."""

    seconds: int
    working: bool = False

    @staticmethod
    @lru_cache(maxsize=1000)
    def parse(text: str) -> "Span":
        """Reads 90m, 24h, 7d (natural), 8wh, 5wd (working; a day has 7 hours). Raises ValueError."""
        match = re.fullmatch(r"(\d{1,5})(m|h|d|wh|wd)", text)
        if not match:
            raise ValueError(f"{text!r} is not a length of time such as 90m, 24h, 7d, 8wh or 5wd")
        if match[2] == "wd":
            return Span(int(match[1]) * _length(OFFICE), True)
        seconds, working = UNITS[match[2]]
        return Span(int(match[1]) * seconds, working)


@dataclass(frozen=True, slots=True)
class Due:
    """When a span ends; `provisional` when it reaches a year whose working days are not known yet."""

    at: datetime
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Working time (工作日历): `days` says of known exceptions whether they are worked.

    `known` are the first and the last year with a notice; other days count by weekday.
    """

    days: Mapping[date, bool] = field(repr=False)
    known: tuple[int, int]
    hours: Hours = OFFICE

    @classmethod
    @lru_cache(maxsize=1)
    def default(cls) -> "Calendar":
        from chinese_calendar import constants

        days = dict.fromkeys(constants.holidays, False) | dict.fromkeys(constants.workdays, True)
        return cls(days, (min(days).year, max(days).year))

    def is_working_day(self, day: date) -> bool | None:
        """Whether a day is worked; None for a year without a notice."""
        if not self.known[0] <= day.year <= self.known[1]:
            return None
        return self._worked(day)

    def add(self, start: datetime, seconds: int, working: bool) -> Due:
        """When `seconds` of natural or working time from `start` have passed."""
        if not working:
            return Due(start + timedelta(seconds=seconds), False)
        return self._at(self._count(start) + seconds, start)

    def between(self, start: datetime, end: datetime, working: bool) -> int:
        """Whole seconds of natural or working time from `start` to `end`, never negative."""
        if end <= start:
            return 0
        if not working:
            return int((end - start).total_seconds())
        return self._count(end) - self._count(start)

    def _worked(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    @cached_property
    def _origin(self) -> date:
        return date(self.known[0], 1, 1)

    @cached_property
    def _before(self) -> list[int]:
        """Working days before each day from the first known year to ten years after the last."""
        total, before = 0, []
        day, end = self._origin, date(self.known[1] + 11, 1, 1)
        while day < end:
            before.append(total)
            total += self._worked(day)
            day += timedelta(days=1)
        return before

    def _count(self, moment: datetime) -> int:
        """Working seconds from the origin to `moment`."""
        local = moment.astimezone(BEIJING)
        index = (local.date() - self._origin).days
        if not 0 <= index < len(self._before):
            raise ValueError(f"{local:%Y-%m-%d} lies outside the working calendar")
        passed = self._before[index] * _length(self.hours)
        if self._worked(local.date()):
            second = local.hour * 3600 + local.minute * 60 + local.second
            passed += sum(max(0, min(second, _seconds(b)) - _seconds(a)) for a, b in self.hours)
        return passed

    def _at(self, count: int, start: datetime) -> Due:
        """The first moment at which `count` working seconds have passed since the origin."""
        length = _length(self.hours)
        days, rest = divmod(count, length)
        if rest == 0:
            days, rest = days - 1, length
        index = bisect_right(self._before, days) - 1
        if index == len(self._before) - 1:
            raise ValueError("the deadline lies outside the working calendar")
        day = self._origin + timedelta(days=index)
        while not self._worked(day):
            day -= timedelta(days=1)
        at = datetime.combine(day, _moment(self.hours, rest), BEIJING).astimezone(UTC)
        return Due(max(at, start), day.year > self.known[1])


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _length(hours: Hours) -> int:
    return sum(_seconds(b) - _seconds(a) for a, b in hours)


def _moment(hours: Hours, seconds: int) -> time:
    """The time of day at which `seconds` of the working hours have passed."""
    for a, b in hours:
        if seconds <= _seconds(b) - _seconds(a):
            at = _seconds(a) + seconds
            return time(at // 3600, at // 60 % 60, at % 60)
        seconds -= _seconds(b) - _seconds(a)
    raise ValueError("a working day has not that many seconds")
