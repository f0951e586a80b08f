"""People and numbers in a text are found where they stand, and none of them is left after masking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.identity import normal_citizen_id
from shanzhi.language.entities import _FORMS, PERSONAL, entities, mask

FILLER = st.text("路灯坏了请来看，。 \nabc？😀①", max_size=12)
MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
SURNAMED = st.tuples(st.sampled_from("王李张刘陈杨"), st.text("小明芳娟伟强", min_size=1, max_size=2)).map(
    "".join
)


def citizen(digits: str) -> str:
    for last in "0123456789X":
        try:
            return normal_citizen_id(digits + last)
        except Exception:
            continue
    raise AssertionError(digits)


CITIZEN = st.integers(100, 999).map(lambda n: citizen(f"51010719500307{n}"))


def kinds(text: str) -> dict[str, str]:
    return {one.kind: one.value for one in entities(text)}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("请打13812345678联系", "phone", "13812345678"),
        ("电话138-1234-5678", "phone", "13812345678"),
        ("座机 028-85551234", "phone", "02885551234"),
        ("号码１３８１２３４５６７８", "phone", "13812345678"),
        ("我叫王小明，住三楼", "name", "王小明"),
        ("联系人：欧阳娜娜，", "name", "欧阳娜娜"),
        ("我是李伟，反映", "name", "李伟"),
        ("王大妈反映", "name", "王"),
        ("车牌川A12345违停", "plate", "川A12345"),
        ("川A·D12345", "plate", "川AD12345"),
        ("2026年3月5日上午9点半", "time", "2026年3月5日上午9点半"),
        ("昨晚11:30吵", "time", "昨晚11:30"),
        ("欠我３万元", "amount", "3万元"),
        ("收了1,200.50元", "amount", "1,200.50元"),
        ("写信到a.b@example.com", "email", "a.b@example.com"),
        ("卡号6222 0210 0111 6245 702", "bank_card", "6222021001116245702"),
    ],
)
def test_they_are_found(text: str, kind: str, value: str) -> None:
    assert kinds(text)[kind] == value.replace("．", ".") or value in kinds(text)[kind]


@pytest.mark.parametrize(
    "text", ["第12号楼3单元501", "2019年", "路灯编号 88", "我是业主", "高空抛物先生说", ""]
)
def test_other_numbers_and_words_are_no_people(text: str) -> None:
    assert not {one.kind for one in entities(text)} & {"phone", "citizen_id", "bank_card", "plate"}


def test_a_citizen_id_is_no_telephone() -> None:
    assert kinds(f"身份证{citizen('51010719500307123')}") == {"citizen_id": citizen("51010719500307123")}


@given(FILLER, MOBILE, FILLER, CITIZEN, FILLER, SURNAMED)
def test_nothing_personal_is_left_after_masking(
    a: str, phone: str, b: str, id_: str, c: str, name: str
) -> None:
    text = f"{a}，电话{phone}，{b}身份证{id_}。{c}我叫{name}，"
    masked = mask(text)
    assert phone not in masked
    assert id_ not in masked
    assert name not in masked


@given(st.text(max_size=200) | st.text("0123456789１２ -X川A电话王小明我叫元点年", max_size=80))
def test_spans_are_where_they_say_and_do_not_overlap(text: str) -> None:
    found = entities(text)
    for one in found:
        assert text[one.start : one.end] == one.text
        assert one.value
    for before, after in zip(found, found[1:], strict=False):
        assert before.end <= after.start


@given(st.text(max_size=200) | st.text("0123456789 -X川A12345我叫王小明，", max_size=80))
def test_masking_leaves_no_telephone_and_nothing_to_mask_again(text: str) -> None:
    kept = {one.kind for one in entities(mask(text))}
    assert not kept & {"citizen_id", "bank_card"}
    assert "phone" not in kept or "*" not in mask(text)


def test_masking_reaches_the_end_of_a_long_text() -> None:
    assert "13812345678" not in mask("路" * 50_000 + "13812345678")


def test_personal_kinds_are_masked_and_others_stay() -> None:
    assert mask("9点在玉林路欠500元") == "9点在玉林路欠500元"
    assert {"time", "amount"}.isdisjoint(PERSONAL)


@given(st.text("0123456789１２ -X川A12345@b.com我叫王小明女士元块币¥点年月日今晚，", max_size=60))
def test_nothing_is_lost_by_looking_for_its_sign_first(text: str) -> None:
    for _, sign, form, _ in _FORMS:
        assert sign.search(text) or not form.search(text)
