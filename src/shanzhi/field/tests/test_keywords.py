"""Words by which a telephone guesses a category."""

from hypothesis import given
from hypothesis import strategies as st

from shanzhi.field.keywords import keywords, pairs

texts = st.text("垃圾井盖路灯占道abc", max_size=12)


@given(st.dictionaries(st.sampled_from("ABC"), st.lists(texts, max_size=4), max_size=3))
def test_each_word_stands_in_a_text_of_its_category_and_mostly_there(said: dict[str, list[str]]) -> None:
    found = keywords(said)
    assert set(found) == set(said)
    for code, words in found.items():
        for word in words:
            own = sum(word in pairs(text) for text in said[code])
            everywhere = sum(word in pairs(text) for listed in said.values() for text in listed)
            assert own > 0 and own * 2 >= everywhere


def test_what_two_categories_say_alike_speaks_for_neither_alone() -> None:
    found = keywords({"A": ["垃圾成堆"], "B": ["垃圾箱满"], "C": ["垃圾车吵"]})
    assert "垃圾" not in {word for words in found.values() for word in words}
