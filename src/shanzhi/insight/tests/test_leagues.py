"""Leagues are said only where there is enough to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.shares import interval
from shanzhi.insight.figures import Value
from shanzhi.insight.leagues import MINIMUM, league

shares = st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def test_the_interval_is_that_of_the_textbook() -> None:
    low, high = interval(81, 263)  # Newcombe 1998, Statistics in Medicine 17:857-872, table I
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = interval(0, 20)
    assert (low, round(high, 4)) == (0.0, 0.1611)


@given(shares)
def test_the_share_lies_in_its_interval_and_both_within_0_and_1(share: tuple[int, int]) -> None:
    n, of = share
    low, high = interval(n, of)
    assert 0 <= low <= n / of <= high <= 1


@given(shares)
def test_more_cases_with_the_same_share_are_surer(share: tuple[int, int]) -> None:
    n, of = share
    low, high = interval(n, of)
    surer = interval(n * 4, of * 4)
    assert surer[1] - surer[0] < high - low


@pytest.mark.parametrize(("n", "of"), [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        interval(n, of)


def test_few_cases_get_no_place_however_well_they_went() -> None:
    rows = league([("few", Value(5, 5)), ("many", Value(60, 100)), ("more", Value(70, 100))], "more")
    assert [(row.key, row.place) for row in rows] == [("more", 1), ("many", 2), ("few", None)]


def test_where_less_is_better_the_fewest_come_first_and_ties_share_a_place() -> None:
    rows = league(
        [("a", Value(9, 50)), ("b", Value(2, 50)), ("c", Value(9, 50)), ("d", Value(10, 50))], "less"
    )
    assert [(row.key, row.place) for row in rows] == [("b", 1), ("a", 2), ("c", 2), ("d", 4)]


@given(st.dictionaries(st.text(min_size=1), shares.map(lambda share: Value(*share)), max_size=12))
def test_everybody_is_listed_once(values: dict[str, Value]) -> None:
    rows = league(values.items(), "more")
    assert sorted(row.key for row in rows) == sorted(values)
    assert all((row.place is None) == (row.value.of < MINIMUM) for row in rows if row.value.of)
