"""Who is meant in a note, and who can be: only colleagues who see the case for their work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.cases import actions, queries
from shanzhi.cases.jobs import notify
from shanzhi.cases.mentions import MOST, named, parts
from shanzhi.cases.tests.district import actor, brought_to
from shanzhi.notices.queries import inbox


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("请@zhaochuzhi 看一下", ["zhaochuzhi"]),
        ("@ZhaoChuzhi，@wulian。", ["zhaochuzhi", "wulian"]),
        ("写信给 a@b.cn 或 x.@y", []),
        ("@@wulian @", []),
        ("@zhao.chu-zhi.", ["zhao.chu-zhi"]),
    ],
)
def test_names_stand_after_an_at_sign(text: str, names: list[str]) -> None:
    assert named(text) == names


@given(st.text(alphabet=st.sampled_from("@ab.-_ 请，\n"), max_size=200))
def test_the_pieces_are_the_text_and_name_the_same_people(text: str) -> None:
    pieces = list(parts(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert list(dict.fromkeys(name for _, name in pieces if name))[:MOST] == named(text)


def told(username: str) -> list[str]:
    return [notice["kind"] for notice in inbox(actor(username)) if notice["kind"] == "case.mentioned"]


@pytest.mark.parametrize(
    ("username", "is_told"),
    [
        ("sunpaiqian", True),  # dispatches in the whole district
        ("liwangge", True),  # the grid worker of this place
        ("zhouwangge", False),  # of another street
        ("fengyanghu", False),  # of another organisation
        ("wangdama", False),  # who reported it does not read internal notes
        ("admin", False),  # runs the machine, not the cases
        ("nobody", False),
    ],
)
def test_only_who_sees_the_case_for_his_work_is_told(district: None, username: str, is_told: bool) -> None:
    case = brought_to("handling")
    actions.note(actor("zhaochuzhi"), case.id, f"请 @{username} 协助")
    entry = queries.view(actor("zhaochuzhi"), case.id).timeline[-1]
    assert bool(entry.data["facts"].get("mentions")) == is_told
    notify([entry])
    if username != "nobody":
        assert told(username) == (["case.mentioned"] if is_told else [])


def test_words_for_the_reporters_and_of_reporters_mention_nobody(district: None) -> None:
    case = brought_to("handling")
    actions.note(actor("zhaochuzhi"), case.id, "@sunpaiqian 已处理", public=True)
    actions.note(actor("wangdama"), case.id, "@sunpaiqian 快点")
    entries = queries.view(actor("zhaochuzhi"), case.id).timeline[-2:]
    assert all("mentions" not in entry.data["facts"] for entry in entries)


def test_who_mentions_himself_is_not_told(district: None) -> None:
    case = brought_to("handling")
    actions.note(actor("zhaochuzhi"), case.id, "@zhaochuzhi 记得")
    notify([queries.view(actor("zhaochuzhi"), case.id).timeline[-1]])
    assert told("zhaochuzhi") == []
