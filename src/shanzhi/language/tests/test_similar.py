"""What speaks of the same matter at the same place, and what only sounds alike."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import BEIJING
from shanzhi.language.similar import Index, Kept, apart, kept, near, shared
from shanzhi.language.topics import JOIN, Message, Report, grouped, heat

NOON = datetime(2026, 11, 25, 12, tzinfo=BEIJING)
PIPE = "水管爆了"
FILL = ("路灯不亮", "垃圾无人清运", "公交车太少", "噪音扰民", "学位不够", "电梯故障", "物业乱收费", "停车难")


def message(title: str, text: str = "", place: str = "510107005", hours: float = 0) -> Kept:
    return kept(title, text, place, NOON + timedelta(hours=hours))


def index() -> Index:
    found = Index()
    for number in range(60):  # what else is going on, so that rare is rare
        what = FILL[number % len(FILL)]
        found.add(
            f"other{number}", message(f"{number}号院{what}", f"第{number}栋的{what}已经很久了", "", -number)
        )
    found.add("first", message("锦绣花园水管爆裂", "锦绣花园三栋门口的自来水管爆了，水流了一地"))
    found.add(
        "second", message("锦绣花园门口水管爆了没人修", "锦绣花园门口自来水管爆裂，一直在漏水", hours=1)
    )
    found.add("else", message("锦绣花园电梯坏了", "锦绣花园三栋电梯一周坏三次", hours=2))
    found.add("far", message("望江名邸水管爆裂", "望江名邸二栋的自来水管爆了", "510107014", hours=2))
    return found


def test_others_called_about_this_pipe() -> None:
    found = near(
        message("锦绣花园的水管爆了", "锦绣花园三栋门口自来水管爆裂，水都流到马路上", hours=3), index()
    )
    assert {one.id for one in found[:2]} == {"first", "second"}
    assert all(0 <= one.score <= 1 for one in found)
    assert any("锦绣花园" in word for word in found[0].why)
    assert "far" not in {one.id for one in found[:2]}


def test_what_was_taken_out_is_not_found() -> None:
    found = index()
    found.drop("first")
    found.drop("first")
    ids = {one.id for one in near(message("锦绣花园水管爆裂"), found, least=0)}
    assert "first" not in ids
    assert "second" in ids


def test_nothing_is_near_to_nothing() -> None:
    for words in ("", "。。。", "😀" * 50, "a" * 50_000):
        assert near(message(words), index()) == []
    assert near(message(PIPE), Index()) == []


def test_streets_are_apart_communities_of_a_street_are_not() -> None:
    assert apart("510107005001", "510107014")
    assert not apart("510107005001", "510107005002")
    assert not apart("510107", "510107005")
    assert not apart("", "510107005")


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_shared_stands_in_both(a: str, b: str) -> None:
    for part in shared(a, b):
        assert len(part) >= 3


@given(st.lists(st.tuples(st.sampled_from(FILL), st.integers(0, 90)), max_size=12))
def test_each_message_is_in_one_topic(drawn: list[tuple[str, int]]) -> None:
    messages = [
        Message(n, what, f"{what}，请处理", "", NOON + timedelta(days=day))
        for n, (what, day) in enumerate(drawn)
    ]
    found = grouped(messages)
    members = [id_ for ids in found.members.values() for id_ in ids]
    assert sorted(members) == list(range(len(drawn)))  # type: ignore[type-var]


def test_ten_wordings_are_one_topic() -> None:
    wordings = (
        ("和平里工地夜间施工扰民", "和平里工地每天夜里施工到凌晨两点，吵得睡不着"),
        ("和平里工地凌晨还在施工", "和平里工地夜间施工，凌晨两点还有挖机的声音"),
        ("投诉和平里工地半夜施工噪音", "和平里工地半夜施工，噪音太大，睡不着"),
    )
    talk = [Message(n, f"{n}号院{FILL[n % 8]}", f"第{n}栋{FILL[n % 8]}", "", NOON) for n in range(60)]
    night = [
        Message(f"n{n}", title, text, "", NOON + timedelta(hours=n))
        for n, (title, text) in enumerate(wordings)
    ]
    found = grouped([*talk, *night], join=JOIN)
    assert len({found.topic[one.id] for one in night}) == 1
    assert found.topic["n0"] not in {found.topic[one.id] for one in talk}


def test_heat_counts_people_not_calls_and_what_is_fresh() -> None:
    many = [Report(NOON, frozenset({str(n)})) for n in range(4)]
    one = [Report(NOON, frozenset({"same"})) for _ in range(4)]
    assert heat(many, before=4, at=NOON).index == 4
    assert heat(one, before=4, at=NOON).index == 1
    assert heat(many, before=0, at=NOON).index == 8
    assert heat(many, before=40, at=NOON).index == 4  # what cools down is not lifted, nor lowered twice
    week = timedelta(days=7)
    assert heat([Report(NOON - week)], before=1, at=NOON).index == 0.5
    assert heat([], before=0, at=NOON).index == 0
