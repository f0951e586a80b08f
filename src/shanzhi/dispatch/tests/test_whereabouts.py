"""What is believed of places: GPS that is kilometres off, clocks that are a day wrong, two phones."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.geo import Point
from shanzhi.dispatch.whereabouts import Held, Limits, Spot, dated, freshness, reachable, taken

LIMITS = Limits(exact=500, fastest=35, fresh=600, stale=7200)
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
HOME = Point(104.06, 30.63)


def spot(east_m: float = 0, ago: float = 0, accuracy: float = 20) -> Spot:
    return Spot(Point(HOME.lon + east_m / 95_700, HOME.lat), accuracy, NOW - timedelta(seconds=ago))


def test_a_jump_of_five_kilometres_is_doubted_until_the_next_place_agrees() -> None:
    last = Held(spot(ago=30))
    jumped = taken(last, spot(5_000), LIMITS, NOW)
    assert jumped == Held(last.spot, spot(5_000))
    later = NOW + timedelta(seconds=30)
    back = Spot(HOME, 20, later)
    assert taken(jumped, back, LIMITS, later) == Held(back)
    there = Spot(spot(5_050).point, 20, later)
    assert taken(jumped, there, LIMITS, later) == Held(there)


def test_what_is_not_exact_or_older_tells_nothing() -> None:
    last = Held(spot(ago=30))
    assert taken(last, spot(accuracy=5_000), LIMITS, NOW) == last
    assert taken(None, spot(accuracy=5_000), LIMITS, NOW) is None
    assert taken(last, spot(10, ago=300), LIMITS, NOW) == last


def test_after_hours_of_silence_any_place_is_believed() -> None:
    assert taken(Held(spot(ago=8_000)), spot(20_000), LIMITS, NOW) == Held(spot(20_000))


def test_a_phone_a_day_ahead_speaks_of_now_and_one_a_day_behind_of_yesterday() -> None:
    assert dated(NOW + timedelta(days=1), NOW) == NOW
    assert dated(NOW + timedelta(seconds=60), NOW) == NOW
    behind = dated(NOW - timedelta(days=1), NOW)
    assert freshness(Spot(HOME, 20, behind), NOW, LIMITS) == "stale"


places = st.builds(spot, st.floats(-20_000, 20_000), st.floats(0, 9_000), st.floats(1, 2_000))


@given(st.lists(places, max_size=6))
def test_whatever_comes_what_is_believed_was_exact_and_came_from_a_phone(spots: list[Spot]) -> None:
    held: Held | None = None
    for one in sorted(spots, key=lambda s: s.at):
        before, held = held, taken(held, one, LIMITS, one.at)
        if held is not None and before is not None and held.spot != before.spot:
            assert held.spot == one
            stale = freshness(before.spot, one.at, LIMITS) == "stale"
            doubted = before.doubt is not None and reachable(before.doubt, one, LIMITS)
            assert stale or doubted or reachable(before.spot, one, LIMITS)
        assert held is None or held.spot.accuracy <= LIMITS.exact
