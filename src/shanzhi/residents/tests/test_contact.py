import pytest

from shanzhi.base.errors import Invalid
from shanzhi.residents.contact import (
    mask_address,
    mask_citizen_id,
    mask_name,
    mask_phone,
    normal_citizen_id,
    normal_phone,
)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("028-85551234", "02885551234"),
        ("(028) 8555 1234", "02885551234"),
        ("0571 87654321", "057187654321"),
        ("400-820-8820", "4008208820"),
        ("12345", "12345"),
        ("95598", "95598"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_phones_are_kept_as_digits(written: str, digits: str) -> None:
    assert normal_phone(written) == digits


@pytest.mark.parametrize(
    "written", ["1381234567", "138123456789", "电话", "12812345678", "8555", "1;DROP", "0" * 12]
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
        ("", ""),
    ],
)
def test_citizen_ids(written: str, kept: str) -> None:
    assert normal_citizen_id(written) == kept


@pytest.mark.parametrize(
    "written",
    ["110105194912310021", "11010519491331002X", "1101051949123100", "110105491231002", "A1010519491231002X"],
)
def test_what_is_no_citizen_id_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        normal_citizen_id(written)


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
    ],
)
def test_what_screens_show(masked: str, shown: str) -> None:
    assert masked == shown
