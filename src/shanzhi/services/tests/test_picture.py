"""What is said of a picture, in plain words; and that no picture ever decides."""

from datetime import UTC, date, datetime
from string import Formatter
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.reading.fields import read
from shanzhi.reading.page import Seen, Shot
from shanzhi.reading.tests.lines import LI, WANG, bank_card, id_back, id_front, line, turned
from shanzhi.reading.values import Value
from shanzhi.residents.fact import RECOGNISED, FactType, Known
from shanzhi.rules.evaluate import Rule, compile_rule
from shanzhi.rules.facts import Title
from shanzhi.rules.schema import RuleSpec
from shanzhi.services.item import Item, Material
from shanzhi.services.picture import FLOOR, SAYS, Notice, Owner, Picture, facts_of, notices, other_side
from shanzhi.services.review import may_decide, review

DAY = date(2026, 11, 25)
CARD = Material(key="id_card", name="居民身份证", kinds=("id_front", "id_back"))
WANG_DAMA = Owner(("王大妈",), (WANG,))
BORN = FactType(
    type="date", title=Title(zh="出生日期", en="Date of birth"), basis="居民身份证法第三条",
    question=Title(zh="哪天出生？", en="When?"),
)  # fmt: skip
REGISTRY = {"birth_date": BORN}


def picture(lines: list[Seen]) -> Picture:
    found = read(turned(lines, 0.1))
    return Picture(uuid4(), "read", found.kinds, found.fields)


def said(one: Picture, owner: Owner = WANG_DAMA, material: Material = CARD, **facts: Known) -> list[Notice]:
    return list(notices(material, one, owner, REGISTRY, facts, on=DAY))


def codes(one: Picture, owner: Owner = WANG_DAMA, **facts: Known) -> list[str]:
    return [notice.code for notice in said(one, owner, **facts)]


def test_the_right_card_is_well() -> None:
    assert codes(picture(id_front())) == ["good"] and codes(picture(id_back())) == ["good"]


def test_a_bank_card_is_named_and_what_is_needed_instead() -> None:
    (notice,) = said(picture(bank_card()))
    assert notice.level == "wrong" and notice.says.zh.startswith("这张是银行卡，需要的是身份证人像面")
    assert "bank card" in notice.says.en and notice.mend is not None and "身份证" in notice.mend.zh


def test_a_cat_gets_a_kind_answer() -> None:
    (notice,) = said(Picture(uuid4(), "read", fault="empty"))
    assert "没有读到文字" in notice.says.zh and notice.mend is not None and "请把" in notice.mend.zh


def test_somebody_elses_card_is_told_masked() -> None:
    (notice,) = said(picture(id_front("李网格", LI, sex="男")))
    assert notice.code == "other_number" and LI not in notice.says.zh and WANG not in notice.says.zh
    (notice,) = said(picture(id_front("李网格", LI, sex="男")), Owner(("王大妈",)))
    assert notice.code == "other_name" and "李**" in notice.says.zh and "李网格" not in notice.says.zh
    assert codes(picture(id_front("王大吗")), Owner(("王大妈",))) == ["near_name"]
    assert codes(picture(id_front("李网格", LI, sex="男")), Owner(("王大妈", "李网格"), (WANG, LI))) == [
        "good"
    ]


def test_an_expired_card_is_told_with_its_day() -> None:
    (notice,) = said(picture(id_back("2025.11.24")))
    assert notice.code == "expired" and "2025-11-24" in notice.says.zh
    assert codes(picture(id_back("2026.11.25"))) == ["good"] and codes(picture(id_back("长期"))) == ["good"]


def test_the_other_side_is_asked_for_once_all_is_read() -> None:
    front, waiting = picture(id_front()), Picture(uuid4(), "waiting")
    side = other_side(CARD, [front])
    assert side is not None and "国徽面" in side.says.zh
    assert (
        other_side(CARD, [front, waiting]) is None and other_side(CARD, [front, picture(id_back())]) is None
    )


def test_what_is_not_sure_is_asked_and_a_wrong_check_digit_too() -> None:
    assert codes(picture(id_front(sure=FLOOR - 0.2))) == ["unsure"]
    wrong = WANG[:-1] + ("0" if WANG[-1] != "0" else "1")
    assert codes(picture(id_front(own=wrong))) == ["bad_number"]


def test_what_differs_from_the_register_or_the_form_is_told() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    known = Known("birth_date", date(1950, 1, 1), "police", 4, at, uuid4())
    (notice,) = said(picture(id_front()), birth_date=known)
    assert notice.code == "differs" and "1944-03-02" in notice.says.zh and "登记的" in notice.says.zh


def test_nobody_could_read_it_and_a_paper_that_nobody_knows() -> None:
    assert codes(Picture(uuid4(), "unread")) == ["unread"] and codes(Picture(uuid4(), "waiting")) == []
    unknown = picture([line("社区证明", 0, 0), line("兹证明王大妈为我社区居民", 0, 90)])
    assert [one.level for one in said(unknown)] == ["look"]


@given(st.sampled_from(sorted(SAYS)))
def test_each_sentence_is_there_in_both_languages(code: str) -> None:
    one = SAYS[code]
    assert one.zh and one.en and bool(one.mend_zh) == bool(one.mend_en)
    for zh, en in ((one.zh, one.en), (one.mend_zh, one.mend_en)):
        filled = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (zh, en)]
        assert {name.removesuffix("_en") for name in filled[1]} <= filled[0]


VALUES = st.dictionaries(
    st.sampled_from(("name", "citizen_id", "birth_date", "sex", "grade", "marital", "valid_to")),
    st.builds(
        Value,
        st.sampled_from(("王大妈", WANG, "1944-03-02", "女", "1", "已婚", "2020-01-01", "长期")),
        st.floats(0, 1),
    ),
)


@given(VALUES, st.sampled_from((("id_front",), ("id_back",), ("household_page",), ("bank_card",), ())))
def test_below_the_floor_nothing_is_taken(fields: dict[str, Value], kinds: tuple[str, ...]) -> None:
    one = Picture(uuid4(), "read", kinds, {key: v for key, v in fields.items() if key != "valid_to"})
    told = facts_of(CARD, one, WANG_DAMA, (), {"birth_date", "gender", "disability", "marital"})
    for key, source in (("birth_date", "birth_date"), ("gender", "sex"), ("disability", "grade")):
        assert key not in told or fields[source].sure >= FLOOR
    if not told:
        return
    assert set(kinds) & set(CARD.kinds)  # only of the paper that is needed, and that names the applicant
    assert any(v.sure >= FLOOR and v.text in ("王大妈", WANG) for v in fields.values())


def rule() -> tuple[Item, Rule]:
    when = {"if": {"age": ">= 80"}, "reason": {"zh": "年满80周岁", "en": "80 or older"}}
    spec: Any = {
        "id": "aged", "version": 1, "title": {"zh": "高龄", "en": "Aged"}, "valid": {"from": "2020-01-01"},
        "source": {"kind": "sample", "document": "样例"}, "when": when,
        "facts": {"age": {"type": "int", "min": 0, "max": 150, "title": {"zh": "年龄", "en": "Age"}}},
    }  # fmt: skip
    item: Any = {
        "code": "MZ-1", "name": {"zh": "津贴", "en": "Allowance"}, "says": {"zh": "津贴", "en": "Allowance"},
        "kind": "payment", "org": "street", "basis": ["样例"], "rule": "aged", "instant": True, "sources": ["样例"],
        "valid": {"from": "2020-01-01"},
    }  # fmt: skip
    return Item.model_validate(item), compile_rule(RuleSpec.model_validate(spec))


ITEM, RULE = rule()


@given(st.integers(0, 150), st.sampled_from((RECOGNISED, "declared")))
def test_what_a_picture_tells_never_approves(age: int, source: str) -> None:
    facts = {"age": Known("age", age, source, 1, datetime(2026, 1, 1, tzinfo=UTC), UUID(int=0))}
    assert may_decide(ITEM, RULE, facts, DAY) is None
    found = review(ITEM, RULE, {}, facts, on=DAY)
    assert found.verdict == ("yes" if age >= 80 else "no") and not found.instant


def test_a_paper_that_no_register_proves_is_for_a_person_though_it_reads_well() -> None:
    item = ITEM.model_copy(update={"materials": (CARD,)})
    facts = {"age": Known("age", 85, "police", 4, datetime(2026, 1, 1, tzinfo=UTC), uuid4())}
    found = review(item, RULE, {}, facts, ["id_card"], on=DAY)
    assert may_decide(item, RULE, facts, DAY) is not None and found.complete and not found.instant
    assert review(ITEM, RULE, {}, facts, on=DAY).instant


def test_a_shot_without_lines_has_nothing_to_be_unsure_of() -> None:
    assert Shot((), 1, 1).sure == 1.0 and pytest.approx(Shot((line("字", 0, 0, sure=0.5),), 1, 1).sure) == 0.0
