"""The coming week: what is expected, and how sure one may be."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.language.forecast import YEAR, Forecast, forecast, quantiles, season

counts = st.lists(st.integers(0, 40), max_size=130)


@given(counts)
def test_intervals_lie_in_each_other(found: list[int]) -> None:
    made = forecast(found)
    if made is None:
        assert len(found) < 8 or sum(found) < 4
    else:
        assert 0 <= made.low95 <= made.low80 <= made.high80 <= made.high95
        assert made.mean > 0


def test_little_history_says_nothing() -> None:
    assert forecast([]) is None
    assert forecast([5] * 7) is None
    assert forecast([0] * 50 + [1, 1, 1]) is None


def test_an_even_series_goes_on() -> None:
    made = forecast([5] * 60)
    assert made is not None
    assert made.mean == pytest.approx(5, abs=0.2)
    assert made.low80 <= 5 <= made.high80


def test_what_comes_each_winter_is_expected() -> None:
    year = [1] * 40 + [12] * 12
    assert season(year * 2 + [1] * 40) > 1.5
    assert season(year * 2 + [1] * 10) < 0.8
    assert season([3] * (YEAR - 1)) == 1
    coming, plain = forecast(year * 2 + [1] * 40), forecast([1] * 40)
    assert isinstance(coming, Forecast) and isinstance(plain, Forecast)
    assert coming.seasonal and not plain.seasonal
    assert coming.mean > 1.5 * plain.mean


def test_the_interval_holds_what_it_says_on_made_up_counts() -> None:
    rng = Random(5)
    held = n = 0
    for _ in range(40):
        drawn = [sum(rng.random() < 0.2 for _ in range(20)) for _ in range(40)]
        for week in range(20, 40):
            made = forecast(drawn[:week])
            assert made is not None
            held += made.low80 <= drawn[week] <= made.high80
            n += 1
    assert 0.78 <= held / n <= 0.97  # counts are whole, so it holds a little more


def test_quantiles_of_a_poisson_and_beyond() -> None:
    assert quantiles(4, 4, (0.025, 0.975)) == [1, 8]
    assert quantiles(4, 12, (0.025, 0.975))[1] > 8
    assert quantiles(0, 0, (0.1, 0.9)) == [0, 0]
