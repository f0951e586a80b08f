"""When a regular visit comes round again: properties."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.patrol.visiting import LEAD, due_after, opens_for, spacing

days = st.dates(date(2020, 1, 1), date(2040, 1, 1))
spans = st.integers(1, 400).map(lambda n: f"{n}d") | st.integers(1, 2000).map(lambda n: f"{n}h")


@given(days, spans)
def test_the_next_day_lies_ahead_by_whole_days(last: date, every: str) -> None:
    assert due_after(last, every) == last + spacing(every) >= last + timedelta(days=1)


@given(days, spans, st.integers(0, 500))
def test_a_visit_is_opened_once_its_day_is_near_and_not_before_half_of_the_time_is_over(
    last: date, every: str, after: int
) -> None:
    today = last + timedelta(days=after)
    opens = last <= opens_for(every, today)
    assert opens or today < due_after(last, every)  # on its day at the latest
    if opens:
        assert due_after(last, every) - today <= LEAD
        assert 2 * (today - last) >= spacing(every)
