"""A paper is known by its words and read by its labels, whichever way up it lies."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.reading.fields import FIELDS, read
from shanzhi.reading.kinds import KINDS, kinds_of, near
from shanzhi.reading.legible import fault
from shanzhi.reading.page import Seen, Shot, lean
from shanzhi.reading.tests.lines import LI, WANG, bank_card, id_back, id_front, line, turned


@given(st.floats(-math.pi, math.pi))
def test_an_identity_card_is_read_at_any_angle(angle: float) -> None:
    found = read(turned(id_front(), angle))
    assert found.kinds == ("id_front",)
    assert {key: value.text for key, value in found.fields.items()} == {
        "name": "王大妈", "sex": "女", "people": "汉", "birth_date": "1944-03-02", "citizen_id": WANG,
        "address": "四川省成都市武侯区玉林南路12号3栋1单元201号",
    }  # fmt: skip


@given(st.lists(st.builds(line, st.text(max_size=12), st.floats(0, 900), st.floats(0, 900)), max_size=12))
def test_nothing_that_is_recognised_breaks_the_reading(lines: list[Seen]) -> None:
    shot = Shot(tuple(lines), 1_000, 1_000)
    found = read(shot)
    assert set(found.kinds) <= set(KINDS) and all(0 <= one.sure <= 1 for one in found.fields.values())
    assert -math.pi / 2 <= lean(lines) <= math.pi / 2 and fault(shot) in (None, "empty", "unclear")


def test_a_number_and_a_birthday_that_differ_are_both_not_believed_blindly() -> None:
    lines = [one for one in id_front() if not one.text.startswith("出生")]
    found = read(turned([*lines, line("出生1944年3月3日", 50, 220)], 0)).fields
    assert found["birth_date"].sure < 0.5 < found["citizen_id"].sure
    agreed = read(turned(id_front(), 0)).fields
    assert agreed["birth_date"].sure > 0.98


def test_both_sides_on_one_sheet_and_other_papers() -> None:
    below = [Seen(one.text, one.scores, tuple((x, y + 700) for x, y in one.corners)) for one in id_back()]
    found = read(turned([*id_front(), *below], 0))
    assert found.kinds == ("id_front", "id_back") and found.fields["valid_to"].text == "2040-01-01"
    assert read(turned(bank_card(), 0)).kinds == ("bank_card",)
    assert read(turned([line("今天天气很好", 0, 0), line("我们去公园", 0, 80)], 0)).kinds == ()


def test_two_people_on_a_marriage_certificate_are_told_apart() -> None:
    rows = ["结婚证", "持证人 王大妈", "姓名 王大妈", f"身份证件号 {WANG}", "姓名 李网格", f"身份证件号 {LI}"]
    found = read(turned([line(text, 50, 90.0 * n) for n, text in enumerate(rows)], 0)).fields
    told = [found[key].text for key in ("name_one", "citizen_id", "name_two", "citizen_id_two")]
    assert told == ["王大妈", WANG, "李网格", LI]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_own_words(kind: str) -> None:
    assert kinds_of("\n".join(KINDS[kind].words)) == (kind,)
    assert kind in FIELDS


def test_a_long_word_is_found_although_one_character_was_misread() -> None:
    assert near("公民身份号码", "公氏身份号码") == 0 and near("姓名", "性名") == -1


def test_why_a_picture_cannot_be_read() -> None:
    blurred = Shot((line("有字", 0, 0, sure=0.3), line("看不清的字", 0, 80, sure=0.2)), 900, 700)
    assert fault(blurred) == "unclear"
    assert fault(Shot((), 900, 700)) == "empty" and fault(Shot((), 200, 300)) == "small"
    assert (
        fault(Shot((), 900, 700, light=40)) == "dark" and fault(Shot((), 900, 700, sharpness=2)) == "blurred"
    )
