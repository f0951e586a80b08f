"""Periods are whole days; what they are compared with is as long."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.insight.periods import LONGEST, Period, chosen, last_days

TODAY = date(2026, 11, 24)
days = st.dates(date(2010, 1, 1), date(2040, 1, 1))


@given(days, st.integers(1, 400))
def test_what_comes_before_ends_where_the_period_begins(today: date, length: int) -> None:
    period = last_days(today, length)
    assert period.days == period.before().days == period.year_ago().days == length
    assert (period.first - period.before().last).days == 1
    assert period.year_ago().first.weekday() == period.first.weekday()


def test_an_address_names_dates_or_a_number_of_days() -> None:
    assert chosen(TODAY, "7") == Period(date(2026, 11, 18), TODAY)
    assert chosen(TODAY, "7", "2026-01-01", "2026-03-31").days == 90


@given(st.text(), st.text(), st.text())
def test_whatever_stands_there_is_a_period(length: str, first: str, last: str) -> None:
    assert 1 <= chosen(TODAY, length, first, last).days <= LONGEST


def test_dates_that_make_no_period_are_thirty_days() -> None:
    for first, last in (("2026-05-01", "2026-04-01"), ("1990-01-01", "2026-01-01"), ("x", "2026-01-01")):
        assert chosen(TODAY, "", first, last).days == 30
