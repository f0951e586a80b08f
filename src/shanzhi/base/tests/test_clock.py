"""Working time: what a day is, and that adding and measuring are one thing."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import BEIJING, FIRST, LAST, OFFICE, Calendar, Due, Span, now

CALENDAR = Calendar.default()
WD = 7 * 3600  # the working seconds of a day
HALF = ((time(9), time(12)),)
MINE = Calendar({date(2031, 1, 1): False, date(2001, 5, 6): True}, (2004, 2026), HALF)


def instants(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    return st.datetimes(first.replace(tzinfo=None), last.replace(tzinfo=None), timezones=st.just(UTC))


moments = instants(datetime(1990, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC))
strange = instants(FIRST, LAST)
lengths = st.integers(0, 400 * WD)
calendars = st.sampled_from([CALENDAR, MINE])


def at(text: str) -> datetime:
    """A moment written as people in Beijing write it."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "seconds", "working"),
    [
        ("90m", 5_400, False),
        ("24h", 86_400, False),
        ("7d", 604_800, False),
        ("8wh", 28_800, True),
        ("5wd", 5 * WD, True),
        ("0h", 0, False),
    ],
)
def test_lengths_of_time(text: str, seconds: int, working: bool) -> None:
    assert Span.parse(text) == Span(seconds, working)


@pytest.mark.parametrize(
    "text", ["", "5", "wd", "5 wd", "-5d", "1.5h", "5D", "5工作日", "123456d", "5wd\n", "1w"]
)
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        Span.parse(text)


def test_now_is_utc() -> None:
    assert now().tzinfo is UTC
    assert timedelta() <= now() - now() + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-03-02 09:00", "1wd", "2026-03-02 17:00"),
        ("2026-03-02 10:30", "1wd", "2026-03-03 10:30"),
        ("2026-03-02 11:00", "2wh", "2026-03-02 14:00"),  # across the noon break
        ("2026-03-02 12:30", "1wh", "2026-03-02 14:00"),
        ("2026-03-06 16:00", "2wh", "2026-03-09 10:00"),  # across a weekend
        ("2026-03-07 03:00", "1wh", "2026-03-09 10:00"),  # at night on a Saturday
        ("2026-02-13 16:00", "2wh", "2026-02-14 10:00"),  # the Saturday before Spring Festival is worked
        ("2026-02-14 16:00", "2wh", "2026-02-24 10:00"),  # Spring Festival
        ("2025-09-30 17:00", "1wd", "2025-10-09 17:00"),  # National Day and Mid-Autumn
        ("2026-02-14 16:00", "24h", "2026-02-15 16:00"),  # natural time knows no rest
        ("2026-03-07 03:00", "0h", "2026-03-07 03:00"),
    ],
)
def test_deadlines(start: str, span: str, end: str) -> None:
    length = Span.parse(span)
    assert CALENDAR.add(at(start), length.seconds, length.working) == Due(at(end), False)


def test_no_working_time_needs_none() -> None:
    saturday = at("2026-03-07 03:00")
    assert CALENDAR.add(saturday, 0, True).at == saturday


@given(moments, lengths, st.booleans(), calendars)
def test_measuring_inverts_adding(start: datetime, seconds: int, working: bool, calendar: Calendar) -> None:
    assert calendar.between(start, calendar.add(start, seconds, working).at, working) == seconds


@given(moments, st.integers(1, 400 * WD), calendars)
def test_a_deadline_is_the_first_moment_that_will_do(
    start: datetime, seconds: int, calendar: Calendar
) -> None:
    end = calendar.add(start, seconds, True).at
    assert calendar.between(start, end - timedelta(seconds=1), True) < seconds


@given(moments, lengths, lengths, st.booleans(), calendars)
def test_steps_add_up(start: datetime, one: int, two: int, working: bool, calendar: Calendar) -> None:
    middle = calendar.add(start, one, working).at
    assert calendar.add(middle, two, working).at == calendar.add(start, one + two, working).at


@given(st.lists(moments, min_size=3, max_size=3).map(sorted), st.booleans(), calendars)
def test_parts_add_up(three: list[datetime], working: bool, calendar: Calendar) -> None:
    one, two, three_ = three
    whole = calendar.between(one, three_, working)
    assert calendar.between(one, two, working) + calendar.between(two, three_, working) == whole
    assert whole >= 0 == calendar.between(three_, one, working)


@given(moments, moments, lengths, lengths, st.booleans(), calendars)
def test_later_and_longer_end_later(
    one: datetime, two: datetime, short: int, more: int, working: bool, calendar: Calendar
) -> None:
    early, late = sorted((one, two))
    first = calendar.add(early, short, working)
    assert early <= first.at <= calendar.add(late, short, working).at
    assert first.at <= calendar.add(early, short + more, working).at


@given(moments, moments)
def test_working_time_is_the_sum_of_the_office_hours_of_the_days(one: datetime, two: datetime) -> None:
    """The definition itself, day by day, which the calendar counts in one step."""
    start, end = sorted((one.replace(microsecond=0), two.replace(microsecond=0)))
    end = min(end, start + timedelta(days=40))
    total = 0
    for days in range(42):
        day = start.astimezone(BEIJING).date() + timedelta(days=days)
        if CALENDAR.is_working_day(day) is False or (not CALENDAR.is_working_day(day) and day.weekday() > 4):
            continue
        for a, b in OFFICE:
            opens, closes = datetime.combine(day, a, BEIJING), datetime.combine(day, b, BEIJING)
            total += max(0, int((min(closes, end) - max(opens, start)).total_seconds()))
    assert CALENDAR.between(start, end, True) == total


@given(strange, strange, st.integers(0, 99_999 * 86_400), st.booleans(), calendars)
def test_no_date_is_too_strange(
    one: datetime, two: datetime, seconds: int, working: bool, calendar: Calendar
) -> None:
    assert calendar.between(one, two, working) >= 0
    due = calendar.add(one, seconds, working)
    assert one <= due.at <= LAST
    if due.at < LAST:
        assert calendar.between(one, due.at, working) == seconds


@pytest.mark.parametrize(
    "moment", [datetime.min.replace(tzinfo=UTC), FIRST, LAST, datetime.max.replace(tzinfo=UTC)]
)
@pytest.mark.parametrize("working", [False, True])
def test_the_ends_of_time(moment: datetime, working: bool) -> None:
    assert FIRST <= CALENDAR.add(moment, 3600, working).at <= LAST
    assert CALENDAR.between(moment, at("2026-03-02 09:00"), working) >= 0
    assert CALENDAR.between(at("2026-03-02 09:00"), moment, working) >= 0


@pytest.mark.parametrize(
    ("start", "days", "end", "provisional"),
    [
        ("2026-12-30 09:00", 2, "2026-12-31 17:00", False),
        (
            "2026-12-31 09:00",
            2,
            "2027-01-01 17:00",
            True,
        ),  # New Year 2027: nobody has said yet that it is free
        ("2027-01-04 09:00", 5, "2027-01-08 17:00", True),
        ("2051-10-02 09:00", 1, "2051-10-02 17:00", True),
        ("2003-12-29 09:00", 1, "2003-12-29 17:00", True),
        ("2003-12-31 16:00", 1, "2004-01-02 16:00", True),  # New Year 2004 was free
        ("1949-10-01 09:00", 1, "1949-10-03 17:00", True),  # a Saturday
    ],
)
def test_years_without_a_notice_count_weekdays_for_now(
    start: str, days: int, end: str, provisional: bool
) -> None:
    assert CALENDAR.add(at(start), days * WD, True) == Due(at(end), provisional)


def test_of_an_unknown_year_nobody_knows() -> None:
    assert CALENDAR.is_working_day(date(2003, 12, 31)) is None
    assert CALENDAR.is_working_day(date(2099, 1, 1)) is None
    assert CALENDAR.is_working_day(date(2026, 2, 14)) is True
    assert CALENDAR.is_working_day(date(2026, 2, 17)) is False


def test_days_told_for_unknown_years_count() -> None:
    assert MINE.add(at("2030-12-31 11:00"), 2 * 3600, True).at == at("2031-01-02 10:00")
    assert MINE.add(at("2001-05-04 11:00"), 2 * 3600, True).at == at("2001-05-06 10:00")


def test_a_calendar_without_exceptions_is_a_week() -> None:
    plain = Calendar({}, (2020, 2020))
    assert plain.add(at("2020-10-01 09:00"), WD, True) == Due(at("2020-10-01 17:00"), False)


@pytest.mark.parametrize("year", range(2010, 2027))
def test_two_sources_agree_on_every_day(year: int) -> None:
    """Two libraries that read the State Council's notices; no day is an exception."""
    other = holidays.country_holidays("CN", years=year)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    for day in days[: 365 + (days[-1].year == year)]:
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day
        assert CALENDAR.is_working_day(day) == other.is_working_day(day), day
