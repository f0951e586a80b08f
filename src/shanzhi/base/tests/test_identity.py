"""Phones, citizen ids and organisation codes; the ids are examples of the standards or made up."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from shanzhi.base.errors import Invalid
from shanzhi.base.identity import (
    mask_address,
    mask_citizen_id,
    mask_name,
    mask_phone,
    normal_citizen_id,
    normal_org_code,
    normal_phone,
)

NORMAL: list[Callable[[str], str]] = [normal_phone, normal_citizen_id, normal_org_code]
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
citizen_ids = st.builds(
    lambda place, born, order: f"{place:06d}{born:%Y%m%d}{order:03d}",
    st.integers(110000, 829999),
    st.dates(date(1800, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
).map(lambda body: body + mod_11_2.calc_check_digit(body))
org_codes = st.from_regex(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True).map(
    lambda body: body + uscc.calc_check_digit(body)
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("８６１３８１２３４５６７８", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("19912345678", "19912345678"),
        ("028-85551234", "02885551234"),
        ("(028) 8555 1234", "02885551234"),
        ("（028）8555—1234", "02885551234"),
        ("+86 28 8555 1234", "02885551234"),  # abroad without the 0
        ("+86 (0)28 8555 1234", "02885551234"),
        ("010-65123456", "01065123456"),
        ("0571 87654321", "057187654321"),
        ("0831-2345678", "08312345678"),
        ("400-820-8820", "4008208820"),
        ("12345", "12345"),
        ("110", "110"),
        ("95598", "95598"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_phones_are_kept_as_digits(written: str, digits: str) -> None:
    assert normal_phone(written) == digits


@pytest.mark.parametrize(
    "written",
    [
        "1381234567",
        "138123456789",
        "电话",
        "12812345678",
        "8555",
        "1;DROP",
        "0" * 12,
        "2885551234",
        "+86",
        "+8612345",
    ]
    + ["028-1555123", "010-6512345", "+1 212 555 0100", "138١٢٣٤٥٦٧٨"],
)
def test_what_is_no_phone_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal_phone(written)
    assert refused.value.errors[0].field == "phone"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("11010519491231002X", "11010519491231002X"),  # the example of GB 11643-1999
        ("11010519491231002x", "11010519491231002X"),
        (" 440524188001010014 ", "440524188001010014"),  # the other one
        ("33011319900307123X", "33011319900307123X"),  # 临平区 of Hangzhou, a district since 2021
        ("", ""),
    ],
)
def test_citizen_ids(written: str, kept: str) -> None:
    assert normal_citizen_id(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "110105194912310021",  # check character
        "11010519491331002X",  # a thirteenth month
        "1101051949123100",
        "110105491231002",  # the fifteen digits of before 1999
        "A1010519491231002X",
        "0" * 18,
    ],
)
def test_what_is_no_citizen_id_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal_citizen_id(written)
    assert refused.value.errors[0].field == "citizen_id"


def test_only_leap_years_have_a_29th_of_february() -> None:
    def with_check(body: str) -> str:
        return body + mod_11_2.calc_check_digit(body)

    assert normal_citizen_id(with_check("51010720000229002"))
    with pytest.raises(Invalid):
        normal_citizen_id(with_check("51010719000229002"))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("91350100M000100Y43", "91350100M000100Y43"),  # the example of GB 32100-2015
        ("91350100m000100y43", "91350100M000100Y43"),
        ("9135 0100 M000 100Y 43", "91350100M000100Y43"),
        ("N2510107MF0123456N", "N2510107MF0123456N"),  # a village's economic collective
        ("", ""),
    ],
)
def test_organisation_codes(written: str, kept: str) -> None:
    assert normal_org_code(written) == kept


@pytest.mark.parametrize(
    "written",
    ["91350100M000100Y44", "91350100M000100Y4", "91350100I000100Y43", "913501O0M000100Y43", "善" * 18],
)
def test_what_is_no_organisation_code_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal_org_code(written)
    assert refused.value.errors[0].field == "org_code"


@given(citizen_ids, st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_citizen_id_is_noticed(number: str, place: int, digit: str) -> None:
    assert normal_citizen_id(number) == number
    if digit != number[place]:
        with pytest.raises(Invalid):
            normal_citizen_id(number[:place] + digit + number[place + 1 :])


@given(org_codes, st.integers(0, 17), st.sampled_from(LETTERS))
def test_one_wrong_character_of_an_organisation_code_is_noticed(code: str, place: int, letter: str) -> None:
    assert normal_org_code(code) == code
    if letter != code[place]:
        with pytest.raises(Invalid):
            normal_org_code(code[:place] + letter + code[place + 1 :])


@given(st.text(max_size=30) | citizen_ids | org_codes | mobiles, st.sampled_from(NORMAL))
def test_what_is_normal_stays_as_it_is(text: str, normal: Callable[[str], str]) -> None:
    try:
        kept = normal(text)
    except Invalid:
        return
    assert normal(kept) == kept
    assert kept.isascii() and len(kept) <= 18


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        (mask_name("王大妈"), "王**"),
        (mask_name("欧阳娜娜"), "欧***"),
        (mask_name("王"), "王"),
        (mask_name("阿卜杜拉·买买提"), "阿***"),
        (mask_name(""), ""),
        (mask_phone("13812345678"), "138****5678"),
        (mask_phone("057187654321"), "057*****4321"),
        (mask_phone("12345"), "***45"),
        (mask_phone(""), ""),
        (mask_citizen_id("11010519491231002X"), "1101**********002X"),
        (mask_citizen_id(""), ""),
        (mask_address("玉林南路12号3单元201"), "玉林南路**号*单元***"),
        (mask_address("８号楼"), "*号楼"),
        (mask_address("12A号"), "***号"),
        (mask_address(""), ""),
    ],
)
def test_what_screens_show(masked: str, shown: str) -> None:
    assert masked == shown


@given(mobiles)
def test_a_masked_phone_keeps_four_digits_to_itself(phone: str) -> None:
    assert mask_phone(phone).count("*") == 4
    assert len(mask_phone(phone)) == len(phone)
