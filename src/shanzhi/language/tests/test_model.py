"""A model learns from examples, says how sure it is, and is honest on what it has not seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.language.evaluation import (
    apart,
    cross_validated,
    curve_of,
    error_by_chance,
    error_of,
    folded,
    held_out,
    report,
)
from shanzhi.language.features import Text, first_sentence
from shanzhi.language.model import Model, packed, unpacked
from shanzhi.language.training import Example, train

WORDS = {"灯": ["路灯不亮", "灯坏了", "晚上没有灯", "灯杆歪"], "水": ["水管爆裂", "停水了", "水费太贵", "自来水发黄"],
         "车": ["车乱停", "公交车不来", "停车难", "车辆违停"]}  # fmt: skip


def examples(count: int = 60) -> list[Example]:
    dice = np.random.default_rng(7)
    made = []
    for number in range(count):
        label = "灯水车"[number % 3]
        words = dice.choice(WORDS[label], 2)
        made.append(Example(Text(f"{words[0]}，{words[1]}，第{number}次反映", words[0]), label))
    return made


@pytest.fixture(scope="module")
def model() -> Model:
    return train(examples())


def test_it_tells_classes_apart(model: Model) -> None:
    said = model.probabilities([Text("小区停水两天"), Text("街上的灯坏了"), Text("门口车乱停")])
    assert [model.labels[i] for i in said.argmax(axis=1)] == ["水", "灯", "车"]


@given(st.lists(st.text(max_size=50) | st.text("灯水车", max_size=9), max_size=4))
def test_probabilities_are_probabilities(texts: list[str]) -> None:
    said = train(examples(12)).probabilities([Text(text) for text in texts])
    assert said.shape == (len(texts), 3)
    assert np.isfinite(said).all()
    assert np.allclose(said.sum(axis=1), 1, atol=1e-5)


def test_a_text_is_read_the_same_alone_and_among_others(model: Model) -> None:
    texts = [one.text for one in examples(30)] + [Text(""), Text("水" * 50_000), Text("😀 hello 唔該")]
    together = model.probabilities(texts)
    alone = np.vstack([model.probabilities([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)


def test_one_label_is_nothing_to_learn() -> None:
    with pytest.raises(ValueError, match="two labels"):
        train([Example(Text("灯"), "灯")] * 5)


def test_it_can_be_taken_apart_and_put_together(model: Model) -> None:
    again = unpacked(model.labels, packed(model))
    text = [Text("路灯不亮")]
    assert np.array_equal(again.probabilities(text), model.probabilities(text))
    for broken in ("weights", "bias", "scale", "rarity"):
        parts = packed(model)
        parts[broken] = parts[broken][:-1]
        with pytest.raises(ValueError, match="shape"):
            unpacked(model.labels, parts)
    with pytest.raises(ValueError, match="lacks"):
        unpacked(model.labels, {})


def test_a_careful_model_wants_the_vectors_of_titles() -> None:
    given_ = examples()
    dice = np.random.default_rng(1)
    meaning = {label: dice.normal(size=8) for label in "灯水车"}
    vectors = np.array([meaning[one.label] + dice.normal(size=8) * 0.1 for one in given_], np.float32)
    made = train(given_, vectors=vectors)
    said = made.probabilities([Text("不知道")] * 3, np.array([meaning[c] for c in "灯水车"], np.float32))
    assert [made.labels[i] for i in said.argmax(axis=1)] == ["灯", "水", "车"]
    with pytest.raises(ValueError, match="vectors"):
        made.probabilities([Text("灯")])
    again = unpacked(made.labels, packed(made))
    assert again.careful


def test_folds_share_out_each_label() -> None:
    fold = folded([one.label for one in examples()], 5)
    assert {int((fold == f).sum()) for f in range(5)} == {12}


def test_cross_validation_sees_no_text_of_its_own_fold() -> None:
    """Labels that nothing in the text tells cannot be known: a leak would show as more than chance."""
    dice = np.random.default_rng(3)
    made = [
        Example(Text("".join(dice.choice(list("天地玄黄宇宙洪荒日月盈昃"), 30))), "ab"[i % 2])
        for i in range(80)
    ]
    result = report(made, *cross_validated(made))
    assert 0.25 < result.accuracy < 0.75


def test_a_report_counts_what_it_says() -> None:
    made = examples(6)
    said = np.array([[0.9, 0.05, 0.05]] * 6, np.float32)  # always 水, 灯 or 车 by name
    result = report(made, ("水", "灯", "车"), said)
    assert result.accuracy == pytest.approx(1 / 3)
    assert result.ece == pytest.approx(0.9 - 1 / 3, abs=1e-3)
    assert {one.label: one.recall for one in result.classes} == {"水": 1.0, "灯": 0.0, "车": 0.0}
    assert sum(count for _, _, count in result.confusion) == 6
    assert len(result.wrong) == 4


def test_even_probabilities_that_hold_show_an_error_by_chance() -> None:
    dice = np.random.default_rng(5)
    sure = dice.uniform(0.4, 1.0, 20_000)
    right = dice.random(len(sure)) < sure
    assert error_of(curve_of(sure, right)) < 0.02
    assert error_by_chance(sure) < 0.02 < error_by_chance(sure[:200])
    assert error_by_chance(sure[:200]) < error_of(curve_of(np.full(200, 0.99), right[:200]))
    assert error_of(()) == 0


def test_wrong_examples_are_shown_masked() -> None:
    made = [Example(Text("打13812345678"), "灯"), Example(Text("水"), "水")]
    result = report(made, ("水", "灯"), np.array([[0.9, 0.1], [0.9, 0.1]], np.float32))
    assert "13812345678" not in result.wrong[0].text


def test_almost_the_same_texts_are_left_out() -> None:
    asked = [Text("一" * 70, "路灯不亮")]
    assert apart([Text("一" * 70 + "。", "别的"), Text("二", "路灯不亮！"), Text("三", "四")], asked) == [
        Text("三", "四")
    ]


def test_the_held_out_slice_does_not_move() -> None:
    texts = [Text(f"第{i}件事情") for i in range(1000)]
    out = [held_out(text) for text in texts]
    assert 150 < sum(out) < 250
    assert out == [held_out(Text(f"第 {i} 件，事情！", "标题")) for i in range(1000)]


def test_the_first_sentence_is_the_title() -> None:
    assert first_sentence("路灯坏了。请修") == "路灯坏了"
    assert first_sentence("字" * 100) == "字" * 40
    assert first_sentence("") == ""
