"""What lies in a place that is followed, and when its next message may leave."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import BEIJING
from shanzhi.base.geo import Point, distance_m
from shanzhi.subscriptions.place import DAY, RADII, Place, next_message, wanted

TIMES = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
CODES = st.text(alphabet="0123456789", min_size=2, max_size=15)


@given(CODES, CODES)
def test_an_area_holds_what_lies_in_it_with_or_without_a_point(area: str, within: str) -> None:
    assert Place(area=area).holds(area + within, None)
    assert Place(area=area).holds(within, Point(104.0, 30.6)) == within.startswith(area)


@given(st.floats(103.9, 104.2), st.floats(30.5, 30.7), st.sampled_from(RADII))
def test_a_circle_holds_what_is_near_and_nothing_without_a_point(lon: float, lat: float, radius: int) -> None:
    middle = Point(104.05, 30.63)
    place = Place(point=middle, radius_m=radius)
    away = distance_m(middle, Point(lon, lat))
    if abs(away - radius) > 12:  # cases stand where public pages show them
        assert place.holds("510107", Point(lon, lat)) == (away < radius)
    assert not place.holds("510107", None)


def test_categories_hold_their_kinds() -> None:
    assert wanted([], "E0107")
    assert wanted(["E01"], "E0107")
    assert not wanted(["C01", "E02"], "E0107")


@given(st.booleans(), st.lists(TIMES, min_size=1, max_size=30))
def test_never_two_messages_within_a_day_and_none_lost(daily: bool, times: list[datetime]) -> None:
    sent: list[datetime] = []
    due: datetime | None = None
    for at in sorted(times):
        if due is not None and at >= due:
            sent, due = [*sent, due], None
        if due is None:
            due = next_message(daily, sent[-1] if sent else None, at)
            assert at <= due <= at + DAY + timedelta(seconds=1)
    assert all(later - earlier >= DAY for earlier, later in zip(sent, sent[1:], strict=False))


@given(TIMES)
def test_a_daily_message_leaves_in_the_evening_another_at_once(at: datetime) -> None:
    assert next_message(daily=True, last=None, at=at).astimezone(BEIJING).hour == 18
    assert next_message(daily=False, last=None, at=at) == at
