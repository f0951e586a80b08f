"""Codes of areas: 武侯区 is 510107, and everything in it begins so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.codes import LEVELS, is_within, level, parent, span

codes = st.sampled_from(sorted(LEVELS)).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
scopes = st.just("") | codes


@pytest.mark.parametrize(
    ("code", "name", "around"),
    [
        ("51", "province", ""),
        ("5101", "city", "51"),
        ("510107", "county", "5101"),
        ("510107020", "street", "510107"),
        ("510107020003", "community", "510107020"),
        ("510107020003001", "grid", "510107020003"),
    ],
)
def test_levels(code: str, name: str, around: str) -> None:
    assert level(code) == name
    assert parent(code) == around


@pytest.mark.parametrize(
    "code", ["", "5", "510", "51010", "51010７", "51A1", "5101 7", "-1", "5101070200030011", "²²"]
)
def test_what_is_no_area_code(code: str) -> None:
    for ask in (level, parent):
        with pytest.raises(ValueError, match="is not an area code"):
            ask(code)


@given(codes)
def test_an_area_lies_within_its_parent_and_all_of_them_within_the_empty_scope(code: str) -> None:
    assert is_within(code, code)
    assert is_within(code, parent(code))
    assert not is_within(parent(code), code)
    assert is_within(code, "")


@given(codes, scopes)
def test_a_span_in_the_order_of_characters_is_what_lies_within(code: str, scope: str) -> None:
    low, high = span(scope)
    assert (low <= code < high) == is_within(code, scope)


def test_the_span_after_nine_ends_before_the_next_character() -> None:
    assert span("510109") == ("510109", "51010:")
    assert "510109999999999" < "51010:" < "51010a"
