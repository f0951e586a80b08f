"""The words of an address lead to a community, however they are shortened or misspelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.language.address import locate
from shanzhi.language.gazetteer import Entry, Gazetteer

ENTRIES = [
    Entry("county", "武侯区", "510107"),
    Entry("street", "玉林街道", "510107005"),
    Entry("street", "晋阳街道", "510107009"),
    Entry("community", "玉林北路社区", "510107005001", 104.06, 30.63),
    Entry("community", "倪家桥社区", "510107005003"),
    Entry("community", "晋阳社区", "510107009003"),
    Entry("community", "吉福社区", "510107009004"),
    Entry("road", "云林路", "510107005001", 104.061, 30.631, 1, 50),
    Entry("road", "云林路", "510107005003", 104.062, 30.632, 51, 120),
    Entry("road", "竹溪街", "510107005003", 104.07, 30.64, 1, 90),
    Entry("road", "竹溪街", "510107009004", 104.08, 30.65, 91, 180),
    Entry("poi", "青苑花园", "510107009004", 104.09, 30.66, other_names=("梅岭小区",)),
]
GAZETTEER = Gazetteer.of(ENTRIES, "510107")


@pytest.mark.parametrize(
    ("text", "community"),
    [
        ("四川省成都市武侯区玉林街道玉林北路社区12号", "510107005001"),
        ("武侯区玉林街道办倪家桥社区", "510107005003"),
        ("玉林那边倪家桥附近", "510107005003"),
        ("倪家桥居委会门口", "510107005003"),
        ("云林路和竹溪街交叉口", "510107005003"),
        ("云林路30号路灯坏了", "510107005001"),
        ("云林路88号附2号", "510107005003"),
        ("青苑花园对面", "510107009004"),
        ("清苑花园3栋2单元", "510107009004"),
        ("青苑花圆门口", "510107009004"),
        ("倪加桥社区", "510107005003"),
        ("以前的梅岭小区里面", "510107009004"),
        ("晋阳的吉福那里", "510107009004"),
        ("ＹＬ晋阳社区", "510107009003"),
    ],
)
def test_ten_styles(text: str, community: str) -> None:
    assert locate(text, GAZETTEER)[0].area == community


def test_a_place_has_a_point_and_says_from_which_words() -> None:
    [best, *_] = locate("我住青苑花园，楼下很吵", GAZETTEER)
    assert (best.lon, best.lat) == (104.09, 30.66)
    assert best.words == ("青苑花园",)
    assert (best.start, best.end) == (2, 6)


def test_a_street_alone_is_only_a_street() -> None:
    assert locate("玉林街道办事处的人态度好", GAZETTEER)[0].area == "510107005"


@pytest.mark.parametrize("text", ["", "路灯坏了", "hello", "😀" * 50, "。" * 10_000])
def test_no_name_no_place(text: str) -> None:
    assert locate(text, GAZETTEER) == []


@given(st.text(max_size=80) | st.text("玉林街道社区倪家桥云路竹溪12号花园青苑晋阳的", max_size=40))
def test_any_text_is_read(text: str) -> None:
    found = locate(text, GAZETTEER)
    assert len(found) <= 3
    assert all(any(entry.area == one.area for entry in ENTRIES) for one in found)
    assert sum(one.sure for one in found) <= 1.001


@given(st.sampled_from(ENTRIES), st.text("了的吗在有人", max_size=6))
def test_a_whole_name_is_found_wherever_it_stands(entry: Entry, around: str) -> None:
    found = locate(f"{around}，{entry.name}，{around}", GAZETTEER)
    assert (
        any(one.area.startswith(entry.area) or entry.area.startswith(one.area) for one in found)
        or len({e.area for e in ENTRIES if e.name == entry.name}) > 1
    )
