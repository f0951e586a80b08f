from datetime import datetime

import pytest

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import Invalid
from shanzhi.intake.mapping import parse, row

LETTERS = """
type: complaint
channel: letters
columns: {key: 编号, title: 标题, text: 内容, at: 时间, name: 姓名, phone: 电话}
steps:
  - {move: dispatch, after: 2h}
  - {move: answer, at: 答复时间, inputs: {result: 答复}}
  - {move: confirm, after: 1d}
rating: {after: 1h, answers: {solved: 解决, satisfied: 满意}}
"""
CELLS = {
    "编号": "7",
    "标题": "路灯不亮",
    "内容": "门口的路灯坏了一周",
    "时间": "2019/4/25 9:32:09",
    "姓名": "王大妈",
    "电话": "13800138000",
    "答复时间": "2019/4/26 10:00:00",
    "答复": "已修好",
    "解决": "是",
    "满意": "5",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def test_a_row_becomes_a_report_with_its_original_time() -> None:
    found = row(parse(LETTERS), CELLS)
    assert (found.key, found.report.external, found.report.channel) == ("7", "7", "letters")
    assert (found.report.title, found.report.text) == ("路灯不亮", "门口的路灯坏了一周")
    assert found.report.at == at("2019-04-25 09:32:09")
    assert (found.contact.name, found.contact.phone) == ("王大妈", "13800138000")
    assert found.answers == {"solved": True, "satisfied": 5}


def test_what_nobody_timed_comes_some_time_after() -> None:
    expected = ["2019-04-25 11:32:09", "2019-04-26 10:00:00", "2019-04-27 10:00:00", "2019-04-27 11:00:00"]
    assert list(row(parse(LETTERS), CELLS).times) == [at(text) for text in expected]


def test_nothing_comes_after_a_later_known_time() -> None:
    quick = CELLS | {"答复时间": "2019/4/25 10:00:00"}
    assert row(parse(LETTERS), quick).times[:2] == (at("2019-04-25 10:00:00"), at("2019-04-25 10:00:00"))


def test_what_nobody_was_asked_is_said_for_every_row() -> None:
    always = "rating: {answers: {words: 话}, always: {contacted: true, words: (imported)}}"
    mapping = parse(LETTERS.split("rating")[0] + always)
    assert row(mapping, CELLS).answers == {"contacted": True, "words": "(imported)"}
    assert row(mapping, CELLS | {"话": "谢谢"}).answers == {"contacted": True, "words": "谢谢"}


def test_categories_are_what_the_table_calls_them() -> None:
    known = "categories: {交通运输: H03}\n"
    mapping = parse(known + LETTERS.replace("{key: 编号", "{category: 一级分类, key: 编号"))
    assert row(mapping, CELLS | {"一级分类": "交通运输"}).report.category == "H03"
    assert row(mapping, CELLS).report.category == ""
    with pytest.raises(Invalid) as refused:
        row(mapping, CELLS | {"一级分类": "天文"})
    assert [error.field for error in refused.value.errors] == ["一级分类"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"编号": " "}, ["编号"]),
        ({"时间": "yesterday"}, ["时间"]),
        ({"答复时间": "2019-13-01"}, ["答复时间"]),
        ({"解决": "perhaps"}, ["解决"]),
        ({"编号": "", "时间": "?"}, ["编号", "时间"]),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, str], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        row(parse(LETTERS), CELLS | change)
    assert [error.field for error in refused.value.errors] == fields


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("type: [", "not YAML"),
        ("type: complaint\nchannel: x\ncolumns: {key: a}", "text are missing"),
        ("type: complaint\nchannel: X!\ncolumns: {key: a, text: b}", "channel"),
        ("type: complaint\nchannel: x\ncolumns: {key: a, text: b}\ncolour: red", "colour"),
        ("type: c\nchannel: x\ncolumns: {key: a, text: b}\nsteps: [{move: m, after: 3wd}]", "natural time"),
    ],
)
def test_a_mapping_that_does_not_fit_says_why(text: str, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        parse(text)


def test_all_columns_that_are_needed_are_known() -> None:
    assert parse(LETTERS).asked() == set(CELLS)
