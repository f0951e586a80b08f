"""The telephone's time and ours."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.patrol.times import OLDEST, put_right, told

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
moments = st.integers(0, 3_700_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
DAY = 86_400_000


@given(moments, st.integers(-(10**13), 10**13))
def test_nothing_is_done_after_it_arrived_nor_ages_before(said: datetime, offset: int) -> None:
    times = put_right(said, offset, AT)
    assert AT - OLDEST <= times.done <= AT
    assert times.said == said and times.arrived == AT


@given(st.integers(0, 30 * 24 * 60))
def test_a_clock_wrong_by_a_day_is_put_right_and_said(minutes: int) -> None:
    really = AT - timedelta(minutes=minutes)
    times = put_right(really + timedelta(days=1), -DAY, AT)
    assert times.done == really and times.wrong
    assert "校正" in told(times)


def test_what_is_sent_at_once_by_a_right_clock_needs_no_word() -> None:
    assert told(put_right(AT - timedelta(seconds=20), 900, AT)) == ""
    assert "离线" in told(put_right(AT - timedelta(hours=2), 0, AT))
