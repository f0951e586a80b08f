"""How constants divide the values of facts into classes, none of them empty."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.rules.conditions import atoms, holds, parse
from shanzhi.rules.domains import domain
from shanzhi.rules.facts import FactError, FactSpec
from shanzhi.rules.tests.oracle import SPECS, WORLD, cells, meets


def spec(**given: Any) -> FactSpec:
    return FactSpec.model_validate(given)


def classes(fact: FactSpec, *raw: Any) -> Any:
    return domain(fact, [atom for cell in raw for atom in atoms(parse(fact, cell))])


@pytest.mark.parametrize(
    ("fact", "raw", "size"),
    [
        (spec(type="bool"), [True], 2),
        (spec(type="int"), [">= 60"], 2),
        (spec(type="int"), [3, "< 4"], 3),
        (spec(type="int", min=0, max=6), ["[0, 6]"], 1),
        (spec(type="decimal"), ["[1, 2)"], 3),
        (spec(type="decimal"), ["1"], 3),
        (spec(type="decimal", min=1), ["1", "(1, 3]"], 3),
        (spec(type="decimal"), ["> 3"], 2),
        (spec(type="date"), ["<= 2026-01-01", "> 2026-01-01"], 2),
        (spec(type="text"), ["x", "y"], 3),
        (spec(type="enum", values=["a", "b", "c"]), ["a"], 3),
        (spec(type="area"), [510107, 510107001], 3),
        (spec(type="enum", values=["a", "b", "c"], many=True), ["a", "b"], 4),
    ],
)
def test_the_number_of_classes(fact: FactSpec, raw: list[Any], size: int) -> None:
    found = classes(fact, *raw)
    assert found.size == size
    assert [found.locate(found.sample(i)) for i in range(size)] == list(range(size))


@given(st.data(), st.sampled_from(list(SPECS)))
def test_a_value_and_the_sample_of_its_class_cannot_be_told_apart(data: st.DataObject, kind: str) -> None:
    fact = spec(**SPECS[kind])
    raw = data.draw(st.lists(cells(kind), min_size=1, max_size=4))
    found = classes(fact, *raw)
    assert [found.locate(found.sample(i)) for i in range(found.size)] == list(range(found.size))
    for value in WORLD[kind]:
        sample = found.sample(found.locate(value))
        for cell in raw:
            condition = parse(fact, cell)
            assert holds(condition, value) == holds(condition, sample) == meets(kind, cell, value)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (spec(type="bool"), 1),
        (spec(type="int"), 1.0),
        (spec(type="int"), True),
        (spec(type="decimal"), 0.5),
        (spec(type="decimal", max=1), Decimal(2)),
        (spec(type="date"), "2026-01-01"),
        (spec(type="text"), 3),
        (spec(type="enum", values=["a"]), "b"),
        (spec(type="area"), "5"),
        (spec(type="area"), ""),
        (spec(type="category"), ["E01"]),
        (spec(type="enum", values=["a"], many=True), "a"),
        (spec(type="enum", values=["a"], many=True), ["b"]),
    ],
)
def test_values_that_a_fact_cannot_have(fact: FactSpec, value: Any) -> None:
    with pytest.raises(FactError):
        classes(fact).locate(value)


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        (spec(type="int"), "42", 42),
        (spec(type="decimal"), 0.1, Decimal("0.1")),
        (spec(type="decimal"), "1e3", Decimal(1000)),
        (spec(type="date"), "2026-02-28", date(2026, 2, 28)),
        (spec(type="area"), 510107001, "510107001"),
        (spec(type="enum", values=["a", "b"], many=True), ["b", "a", "b"], frozenset({"a", "b"})),
    ],
)
def test_values_from_files_and_forms(fact: FactSpec, raw: Any, value: Any) -> None:
    assert fact.read(raw) == value


@pytest.mark.parametrize(
    ("fact", "raw"),
    [
        (spec(type="int"), 1.5),
        (spec(type="decimal"), "NaN"),
        (spec(type="decimal"), "a lot"),
        (spec(type="decimal"), True),
        (spec(type="date"), "2026-02-29"),
        (spec(type="area"), "51010"),
        (spec(type="category"), "e01"),
        (spec(type="bool"), "yes"),
        (spec(type="text"), 1),
        (spec(type="enum", values=["a"]), "b"),
        (spec(type="enum", values=["a"], many=True), "a"),
        (spec(type="enum", values=["a"], many=True), {"a": 1}),
    ],
)
def test_values_that_cannot_be_read(fact: FactSpec, raw: Any) -> None:
    with pytest.raises(FactError):
        fact.read(raw)


@pytest.mark.parametrize(
    "given",
    [
        {"type": "enum"},
        {"type": "text", "values": ["a"]},
        {"type": "enum", "values": ["a", "a"]},
        {"type": "text", "min": 3},
        {"type": "int", "min": 3, "max": 2},
        {"type": "int", "min": "few"},
        {"type": "int", "many": True},
        {"type": "enum", "values": ["a"], "words": {"a": ["甲"]}},
        {"type": "enum", "values": ["a"], "many": True, "words": {"b": ["乙"]}},
    ],
)
def test_facts_that_make_no_sense(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"Value error|expected"):
        spec(**given)


def test_words_in_a_text_show_values() -> None:
    flags = spec(
        type="enum", values=["gas", "child"], many=True, words={"gas": ["燃气", "煤气"], "child": ["小孩"]}
    )
    assert flags.seen_in("楼道里有煤气味，家里还有小孩") == {"gas", "child"}
    assert flags.seen_in("路灯不亮") == frozenset()


@given(st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=6), st.text("ab", max_size=8))
def test_words_that_overlap_or_begin_alike_are_all_seen(words: list[str], text: str) -> None:
    said = {f"v{i % 3}": words[i % 3 :: 3] for i in range(min(3, len(words)))}
    flags = spec(type="enum", values=list(said), many=True, words=said)
    assert flags.seen_in(text) == {
        value for value, some in said.items() if any(word in text for word in some)
    }


def test_a_fact_with_words_may_be_given_as_a_text_or_as_what_was_seen_in_it() -> None:
    flags = spec(type="enum", values=["gas", "child"], many=True, words={"gas": ["燃气", "煤气"]})
    found = classes(flags, "gas")
    assert found.locate("闻到煤气味") == found.locate({"gas"}) != found.locate("闻到花香")
    assert flags.read("闻到煤气味") == {"gas"}
