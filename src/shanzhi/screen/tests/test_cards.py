"""Figures in words: never without what they are a share of, never a change where there is nothing to compare."""

import pytest

from shanzhi.insight.figures import BY_CODE, NOW, Value
from shanzhi.screen.cards import Change, change, said

LESS, MORE, NEITHER = BY_CODE["rework"], BY_CODE["solved"], BY_CODE["reported"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(Value(1234), "1,234"), (Value(7, 8), "87.5%"), (Value(0, 0), "—"), (Value(0, 9), "0.0%")],
)
def test_a_number_and_a_share(value: Value, text: str) -> None:
    assert said(value) == text


def test_more_is_good_less_is_good_or_neither() -> None:
    assert change(MORE, Value(90, 100), Value(80, 100)) == Change("+10.0", True)
    assert change(LESS, Value(90, 100), Value(80, 100)) == Change("+10.0", False)
    assert change(NEITHER, Value(150), Value(100)) == Change("+50%", None)
    assert change(MORE, Value(80, 100), Value(40, 50)) == Change("±0", None)


@pytest.mark.parametrize(
    ("value", "other"), [(Value(50, 99), None), (Value(50, 99), Value(1, 3)), (Value(0, 0), Value(50, 99))]
)
def test_with_little_to_compare_there_is_no_change(value: Value, other: Value | None) -> None:
    assert change(MORE, value, other) is None
    assert change(NEITHER, Value(300), Value(1)) is None


def test_every_figure_says_how_it_is_counted() -> None:
    assert all(figure.says.endswith(".") for figure in (*BY_CODE.values(), *NOW))
