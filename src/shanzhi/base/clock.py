"""Beijing time and Chinese working time.

Working days come from the State Council's yearly notices, 调休 included (seeded from `chinesecalendar`, which
knows 2004 to 2026). In a year without a notice, before or after, Monday to Friday are worked, and a deadline
that reaches it is provisional. No date is too strange: the ends of time are where Python's calendar ends.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property, lru_cache
from itertools import accumulate

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY = 86_400
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)  # in every time zone a date
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


@dataclass(frozen=True, eq=False)
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
        return self._worked(day) if self._is_known(day) else None

    def add(self, start: datetime, seconds: int, working: bool) -> Due:
        """When `seconds` (not negative) of natural or working time from `start` have passed."""
        start = min(max(start, FIRST), LAST)
        if working:
            return self._at(self._count(start) + seconds, start)
        if seconds >= (LAST - start).total_seconds():
            return Due(LAST, True)
        return Due(start + timedelta(seconds=seconds), False)

    def between(self, start: datetime, end: datetime, working: bool) -> int:
        """Seconds of natural or working time from `start` to `end`, never negative.

        Both count as the whole second they lie in, so that parts add up to the whole.
        """
        if end <= start:
            return 0
        if not working:
            return (end - EPOCH) // SECOND - (start - EPOCH) // SECOND
        return self._count(end) - self._count(start)

    def _worked(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    def _is_known(self, *days: date) -> bool:
        return all(self.known[0] <= day.year <= self.known[1] for day in days)

    @cached_property
    def _origin(self) -> int:
        """The ordinal of the first day that `_before` lists."""
        return date(min(self.known[0], min(self.days, default=date.max).year), 1, 1).toordinal()

    @cached_property
    def _before(self) -> list[int]:
        """Working days from the origin to before each day, as long as there are exceptions, and one day more."""
        end = date(max(self.known[1], max(self.days, default=date.min).year), 12, 31).toordinal()
        worked = (self._worked(date.fromordinal(o)) for o in range(self._origin, end + 1))
        return list(accumulate(worked, initial=0))

    def _days_before(self, ordinal: int) -> int:
        """Working days from the origin to before a day; negative before the origin."""
        index = ordinal - self._origin
        if index < 0:
            return _weekdays(ordinal) - _weekdays(self._origin)
        if index < len(self._before):
            return self._before[index]
        end = self._origin + len(self._before) - 1
        return self._before[-1] + _weekdays(ordinal) - _weekdays(end)

    def _day_after(self, days: int) -> int:
        """The ordinal of the working day before which `days` working days lie: `_days_before` inverted."""
        if days < 0:
            return _weekday(_weekdays(self._origin) + days)
        if days < self._before[-1]:
            return self._origin + bisect_right(self._before, days) - 1
        end = self._origin + len(self._before) - 1
        return _weekday(_weekdays(end) + days - self._before[-1])

    def _count(self, moment: datetime) -> int:
        """Working seconds from the origin to `moment`."""
        local = min(max(moment, FIRST), LAST).astimezone(BEIJING)
        passed = self._days_before(local.toordinal()) * _length(self.hours)
        if self._worked(local.date()):
            second = local.hour * 3600 + local.minute * 60 + local.second
            passed += sum(max(0, min(second, _seconds(b)) - _seconds(a)) for a, b in self.hours)
        return passed

    def _at(self, count: int, start: datetime) -> Due:
        """The first moment from `start` on at which `count` working seconds have passed since the origin."""
        length = _length(self.hours)
        days, rest = divmod(count, length)
        if rest == 0:
            days, rest = days - 1, length
        ordinal = self._day_after(days)
        if ordinal >= LAST.toordinal():
            return Due(LAST, True)
        day = date.fromordinal(max(ordinal, 1))
        at = datetime.combine(day, _moment(self.hours, rest), BEIJING).astimezone(UTC)
        return Due(max(at, start), not self._is_known(start.astimezone(BEIJING), day))


def _weekdays(ordinal: int) -> int:
    """Mondays to Fridays before a day, from the Monday 0001-01-01 on."""
    weeks, days = divmod(ordinal - 1, 7)
    return weeks * 5 + min(days, 5)


def _weekday(count: int) -> int:
    """The ordinal of the Monday to Friday before which `count` of them lie."""
    weeks, days = divmod(count, 5)
    return weeks * 7 + days + 1


@lru_cache(maxsize=100)
def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


@lru_cache(maxsize=100)
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
