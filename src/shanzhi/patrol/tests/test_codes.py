"""Codes of points, and which points are due: properties."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.patrol import codes
from shanzhi.patrol.due import missed, standings
from shanzhi.patrol.setting import Stop

SECRET = b"s" * 16
keys = st.text("ABCDEFGHP0123456789-", min_size=1, max_size=12)
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)


@given(keys, keys)
def test_a_code_fits_its_point_scanned_or_typed_and_no_other(one: str, other: str) -> None:
    word = codes.code(SECRET, one)
    assert len(word) == codes.LENGTH and set(word) <= set(codes.LETTERS)
    assert codes.fits(SECRET, one, codes.payload(SECRET, one))
    assert codes.fits(SECRET, one, f" {word.lower()} ")
    assert codes.fits(SECRET, other, word) == (one == other)
    assert not codes.fits(b"another secret!!", one, word)


@given(st.dictionaries(keys, st.integers(0, 200), max_size=8), st.sampled_from(("1d", "7d")))
def test_a_point_is_due_when_its_time_is_over_or_nobody_was_there(hours: dict[str, int], every: str) -> None:
    stops = {
        key: Stop(name=key, lon=104.0, lat=30.6, checklist="yard", every=every) for key in [*hours, "never"]
    }
    last = {key: AT - timedelta(hours=n) for key, n in hours.items()}
    found = {one.key: one for one in standings(stops, last, AT)}
    span = 24 if every == "1d" else 168
    assert found["never"].due
    assert all(found[key].due == (n >= span) for key, n in hours.items())


@given(st.lists(keys, unique=True), st.sets(keys))
def test_missed_is_what_was_expected_and_not_passed_in_order(expected: list[str], passed: set[str]) -> None:
    left = missed(expected, passed)
    assert left == [key for key in expected if key in left]
    assert set(left) | (passed & set(expected)) == set(expected) and not set(left) & passed
