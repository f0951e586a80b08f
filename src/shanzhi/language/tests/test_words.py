"""What was written is found by its words, however it is asked for."""

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.language.words import LONGEST, MOST_ASKED, SILENT, asked, kept, normal, scores

TEXT = st.text(max_size=60) | st.text("井盖下水道垃圾路灯的了AB１２ ", max_size=30)


def test_a_part_of_a_long_word_finds_it() -> None:
    assert {"下水道", "水道", "井盖"} <= set(kept("门口下水道井盖坏了"))


def test_words_that_say_nothing_are_not_asked_for() -> None:
    assert asked("请问小区的路灯为什么不亮") == ["小区", "路灯", "亮"]
    assert asked("请问为什么") == ["请问", "为什么"]  # better than to ask for nothing


def test_what_the_dictionary_does_not_know_is_found_by_its_neighbours() -> None:
    assert asked("旮蓭路") == ["旮蓭", "蓭路"]
    assert {"旮蓭", "蓭路"} <= set(kept("就在旮蓭路那里"))
    assert not {"旮蓭"} & set(kept("旮，蓭"))


def test_width_and_capitals_do_not_matter() -> None:
    assert kept("ＷＩＦＩ５号线") == kept("wifi5号线")


@given(TEXT)
def test_a_text_is_found_by_every_word_of_its_own(text: str) -> None:
    assert set(asked(text)) <= set(kept(text))


@given(TEXT)
def test_words_are_words(text: str) -> None:
    for word in [*kept(text), *asked(text)]:
        assert 0 < len(word) <= LONGEST
        assert word == normal(word)
        assert any(map(str.isalnum, word))
    assert len(asked(text)) <= MOST_ASKED


def test_silent_words_are_in_normal_form() -> None:
    assert all(word == normal(word) for word in SILENT)


def test_a_rare_word_counts_more_and_the_title_most() -> None:
    texts = [
        ({"路灯"}, {"路灯", "小区"}),
        (set[str](), {"小区"}),
        (set[str](), {"路灯", "小区"}),
        (set[str](), {"小区"}),
    ]
    first, second, third, fourth = scores(["路灯", "小区"], texts)
    assert first > third > second == fourth


@given(st.lists(st.sampled_from("abcde"), unique=True), st.lists(st.sets(st.sampled_from("abcde"))))
def test_more_words_never_count_less(words: list[str], texts: list[set[str]]) -> None:
    found = scores(words, [(set(), text) for text in texts])
    for one, mark in zip(texts, found, strict=True):
        for other, its in zip(texts, found, strict=True):
            if one & set(words) <= other & set(words):
                assert mark <= its
