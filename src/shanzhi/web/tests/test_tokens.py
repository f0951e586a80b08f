"""Every colour can be read on its ground, in every look; the built style sheet says the same as its source."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.look import sheet
from shanzhi.web import tokens

SOURCE = (Path(__file__).parents[4] / "frontend" / "src" / "styles" / "tokens.css").read_text()
COLOUR = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_every_pair_is_read_easily_enough() -> None:
    found = tokens.pairs(SOURCE)
    assert len(found) == 4 * len(tokens.PAIRS)
    assert [pair for pair in found if not pair.well] == []


def test_the_built_sheet_has_the_same_colours() -> None:
    assert tokens.looks(sheet("main.css")) == tokens.looks(SOURCE)


@given(COLOUR, COLOUR)
def test_contrast_lies_between_1_and_21_whichever_comes_first(one: str, other: str) -> None:
    assert 1 <= tokens.contrast(one, other) <= 21.001
    assert tokens.contrast(one, other) == tokens.contrast(other, one)


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrasts_that_are_known(one: str, other: str, ratio: float) -> None:
    assert tokens.contrast(one, other) == pytest.approx(ratio, abs=0.01)
