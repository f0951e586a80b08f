"""Quiet hours are quiet, and what failed is tried again, each time later, until a person must look."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import BEIJING
from shanzhi.notices.timing import BACK_OFF, after_quiet, again

moments = st.datetimes(timezones=st.just(UTC)).map(
    lambda at: at.replace(year=2000 + at.year % 50, day=min(at.day, 28))
)


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2026-11-24 21:59", "2026-11-24 21:59"),
        ("2026-11-24 22:00", "2026-11-25 07:30"),
        ("2026-11-25 03:00", "2026-11-25 07:30"),
        ("2026-11-25 07:30", "2026-11-25 07:30"),
    ],
)
def test_quiet_from_ten_until_half_past_seven(at: str, sent: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=BEIJING)
    assert after_quiet(moment, time(22), time(7, 30)) == datetime.fromisoformat(sent).replace(tzinfo=BEIJING)


@given(moments, st.times(), st.times())
def test_it_is_never_sent_in_quiet_hours_nor_a_day_late(at: datetime, begin: time, end: time) -> None:
    sent = after_quiet(at, begin, end)
    assert at <= sent < at + timedelta(days=1)
    assert after_quiet(sent, begin, end) == sent


@given(moments)
def test_without_quiet_hours_it_goes_at_once(at: datetime) -> None:
    assert after_quiet(at, None, None) == after_quiet(at, time(8), time(8)) == at


@given(moments)
def test_each_try_waits_longer_and_the_eighth_was_the_last(at: datetime) -> None:
    waits = [again(n, at) for n in range(1, len(BACK_OFF) + 2)]
    assert waits[-1] is None
    assert waits[:-1] == sorted(w for w in waits if w)
    assert len(waits) == 8
