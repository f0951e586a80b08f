"""Hashes, and one form of JSON that PostgreSQL does not change."""

import json
import math
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.crypto import canonical, hmac_sm3, sm3
from shanzhi.base.errors import Invalid
from shanzhi.base.plain import clean

numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
AWKWARD: list[Any] = [
    0.0,
    -0.0,
    1e15,
    1e16,
    -1e16,
    1.5e16,
    1.2345678901234567e17,
    1e22,
    1.7e308,
    5e-324,
    1e-7,
    1e-15,
    0.1,
]
AWKWARD += [
    1,
    -1,
    2**53 + 1,
    2**63 - 1,
    -(2**63),
    True,
    "1e16",
    "-0.0",
    "善治 ' \" \\ \u2028 😀",
    {"b": [], "a": {}},
]


def jsonb(text: bytes) -> str:
    """A model of jsonb: each number is a decimal, written plainly with the places it was given."""

    def decimal(number: str) -> str:
        return format(Decimal(number) + 0, "f")

    def write(value: Any) -> str:
        if isinstance(value, dict):  # shorter keys first, as jsonb sorts them
            pairs = sorted(value.items(), key=lambda pair: (len(pair[0].encode()), pair[0].encode()))
            return "{" + ", ".join(f"{json.dumps(key)}: {write(part)}" for key, part in pairs) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(write, value)) + "]"
        return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)

    class Number(str):
        pass

    def number(digits: str) -> Any:
        return Number(decimal(digits))

    return write(json.loads(text, parse_float=number, parse_int=number))


@pytest.mark.parametrize(
    ("data", "digest"),
    [  # the two examples of GB/T 32905-2016
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3(data: bytes, digest: str) -> None:
    assert sm3(data).hex() == digest


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_hmac_is_two_hashes_around_padded_keys(key: bytes, data: bytes) -> None:
    padded = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = sm3(bytes(b ^ 0x36 for b in padded) + data)
    assert hmac_sm3(key, data) == sm3(bytes(b ^ 0x5C for b in padded) + inner)


def test_the_canonical_form_is_sorted_and_dense() -> None:
    assert (
        canonical({"b": 1, "a": [1.0, "善", None, (True,)]}) == '{"a":[1.0,"善",null,[true]],"b":1}'.encode()
    )


def test_the_canonical_form_writes_numbers_as_jsonb_does() -> None:
    assert canonical([-0.0, 1e16, 1e22, "1e16"]) == b'[0.0,10000000000000000,10000000000000000000000,"1e16"]'


@given(values)
def test_jsonb_does_not_change_the_canonical_form(value: Any) -> None:
    stored = jsonb(orjson.dumps(value))
    assert canonical(json.loads(stored)) == canonical(orjson.loads(stored)) == canonical(value)


def test_what_is_no_json_has_no_canonical_form() -> None:
    with pytest.raises(TypeError):
        canonical({"who": object()})


@pytest.mark.django_db
def test_postgresql_itself_does_not_change_the_canonical_form() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [orjson.dumps(AWKWARD).decode()])
        [stored] = cursor.fetchone()
    assert stored == jsonb(orjson.dumps(AWKWARD))
    assert canonical(json.loads(stored)) == canonical(orjson.loads(stored)) == canonical(AWKWARD)


@given(values)
def test_what_is_clean_comes_back_equal_and_stays_clean(value: Any) -> None:
    try:
        kept = clean(value)
    except Invalid:
        return
    back = json.loads(jsonb(orjson.dumps(kept)))
    assert back == kept == value == clean(kept)
    assert canonical(kept) == canonical(back)  # 1.0 stays 1.0, and 1 stays 1


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("a\0b", ""),
        ({"facts": {"note": "\ud800"}}, "facts.note"),
        ({"points": [1, math.nan]}, "points.1"),
        ([math.inf], "0"),
        ([-math.inf], "0"),
        ({"n": 1e15}, "n"),
        ({"n": -(10**15)}, "n"),
        ({"n": 1e-16}, "n"),
        ({"n": {3: "three"}}, "n"),
        ({"n": {"a\0": 1}}, "n"),
        ({"a\0": {"b": math.nan}}, ""),
    ],
)
def test_what_jsonb_cannot_hold_is_refused_with_its_place(value: Any, place: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean(value)
    assert [error.field for error in refused.value.errors] == [place]


def test_what_is_clean_is_given_back() -> None:
    value = {"n": [0, -0.0, 999_999_999_999_999, -0.5, 1e-15], "t": ("善", None, True)}
    kept = clean(value)
    assert kept == {"n": [0, 0.0, 999_999_999_999_999, -0.5, 1e-15], "t": ["善", None, True]}
    assert str(kept["n"][1]) == "0.0"


def test_a_hundred_levels_are_enough() -> None:
    deep: Any = "善"
    for _ in range(100):
        deep = [deep]
    assert clean(deep) == deep
    with pytest.raises(Invalid):
        clean([deep])


def test_what_is_no_json_is_our_own_mistake() -> None:
    with pytest.raises(TypeError):
        clean({"at": object()})
