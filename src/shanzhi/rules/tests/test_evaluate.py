"""What a rule answers, to the letter: against an independent reading of every completion of the facts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.rules.evaluate import REMEMBERED, Answer, BadFacts, BadRule, Rule, compile_rule, evaluate
from shanzhi.rules.facts import FactError
from shanzhi.rules.schema import RuleSpec
from shanzhi.rules.tests.oracle import (
    WORLD,
    World,
    expressions,
    matching,
    partial,
    tables,
)

HEAD = """
id: test
version: 3
title: {zh: 试, en: Test}
valid: {from: 2026-01-01}
source: {kind: law, document: 试行办法, number: 第1号, article: 第二条}
cover: false
"""
RULES = st.one_of(tables(), expressions())


def a_rule(text: str) -> Rule:
    return compile_rule(RuleSpec.model_validate(yaml.safe_load(HEAD + text)))


def ready(raw: dict[str, Any]) -> Rule:
    return compile_rule(RuleSpec.model_validate(raw))


def of(answer: Answer) -> tuple[Any, ...]:
    return answer.truth, tuple(sorted(answer.outputs.items()))


SUBSIDY = """
facts:
  age: {type: int, min: 0, max: 130}
  registered: {type: bool}
  income: {type: decimal}
outputs: {amount: {type: int}, paid: {type: enum, values: [monthly, yearly]}}
rows:
  - {when: {registered: false}, then: {amount: 0, paid: yearly}, reason: {zh: 非本区户籍, en: Not registered here}}
  - {when: {age: ">= 90"}, then: {amount: 200, paid: monthly}, basis: 试行办法第五条}
  - {when: {age: "[80, 90)", income: "<= 2000"}, then: {amount: 100, paid: monthly}}
otherwise: {then: {amount: 0, paid: yearly}}
"""


@pytest.mark.parametrize(
    ("facts", "truth", "amount", "missing", "rows"),
    [
        ({"age": 95, "registered": True, "income": Decimal(9000)}, True, 200, (), (2,)),
        ({"age": 95, "registered": True}, True, 200, (), (2,)),
        ({"age": 85, "registered": True}, None, None, ("income",), (3, 0)),
        ({"age": 85, "registered": True, "income": Decimal("2000.00")}, True, 100, (), (3,)),
        ({"age": 85, "registered": True, "income": Decimal("2000.01")}, True, 0, (), (0,)),
        ({"age": 70}, True, 0, (), (1, 0)),
        ({"registered": False}, True, 0, (), (1,)),
        ({"age": 95}, None, None, ("registered",), (1, 2)),
        ({"income": Decimal(5000)}, None, None, ("age", "registered"), (1, 2, 0)),
        ({}, None, None, ("age", "registered", "income"), (1, 2, 3, 0)),
        ({"age": None, "registered": False, "other": "is ignored"}, True, 0, (), (1,)),
    ],
)
def test_only_facts_that_can_change_the_answer_are_missing(
    facts: dict[str, Any],
    truth: bool | None,
    amount: int | None,
    missing: tuple[str, ...],
    rows: tuple[int, ...],
) -> None:
    answer = evaluate(a_rule(SUBSIDY), facts)
    assert (answer.truth, answer.outputs.get("amount"), answer.missing) == (truth, amount, missing)
    assert answer.rows == rows
    assert answer.ref == "test@3"


def test_the_answer_gives_its_reason_and_its_basis() -> None:
    rule = a_rule(SUBSIDY)
    refused = evaluate(rule, {"registered": False})
    assert [reason.en for reason in refused.reasons] == ["Not registered here"]
    assert refused.basis == ("试行办法（第1号）第二条",)
    assert evaluate(rule, {"age": 95, "registered": True}).basis == ("试行办法第五条",)


def test_outputs_that_are_certain_are_given_although_the_answer_is_unknown() -> None:
    rule = a_rule("""
facts: {street: {type: area}}
outputs: {lead: {type: org}, within: {type: span}}
rows:
  - {when: {street: 510107001}, then: {lead: jiangxi-street, within: 24h}}
otherwise: {then: {lead: centre, within: 24h}}
""")
    answer = evaluate(rule, {})
    assert (answer.truth, dict(answer.outputs), answer.missing) == (None, {"within": "24h"}, ("street",))


def test_a_table_without_otherwise_is_false_where_no_row_matches() -> None:
    rule = a_rule("""
facts: {age: {type: int}}
otherwise: false
rows:
  - {when: {age: ">= 60"}}
""")
    assert [evaluate(rule, {"age": age}).truth for age in (59, 60)] == [False, True]
    assert evaluate(rule, {"age": 59}).rows == ()
    assert evaluate(rule, {}).truth is None


def test_a_table_that_collects_gives_all_that_match_once_and_in_order() -> None:
    rule = a_rule("""
facts: {child: {type: bool}, rents: {type: bool}}
outputs: {materials: {type: text, many: true}, desk: {type: text}}
policy: collect
rows:
  - {then: {materials: [身份证], desk: A}}
  - {when: {child: true}, then: {materials: [户口簿, 身份证], desk: B}}
  - {when: {rents: true}, then: {materials: [租赁合同], desk: A}}
""")
    answer = evaluate(rule, {"child": True, "rents": True})
    assert dict(answer.outputs) == {"materials": ("身份证", "户口簿", "租赁合同"), "desk": ("A", "B")}
    assert answer.rows == (1, 2, 3)
    assert evaluate(rule, {"child": False}).missing == ("rents",)


PUBLIC = """
facts:
  consent: {type: bool}
  flags: {type: enum, values: [child, crime], many: true}
  category: {type: category}
when:
  all:
    - if: {consent: true}
      reason: {zh: 报告人不同意公开, en: The reporter does not agree}
    - not: {flags: [child, crime]}
    - not: {category: [H05, E0402]}
"""


@pytest.mark.parametrize(
    ("facts", "truth", "missing", "rows"),
    [
        ({"consent": False}, False, (), (1,)),
        ({"consent": True, "flags": ["child"]}, False, (), (2,)),
        ({"consent": True, "flags": [], "category": "E0101"}, True, (), (1, 2, 3)),
        ({"flags": [], "category": "E0402"}, False, (), (3,)),
        ({"category": "E0101"}, None, ("consent", "flags"), ()),
    ],
)
def test_an_expression_names_the_leaves_that_decide(
    facts: dict[str, Any], truth: bool | None, missing: tuple[str, ...], rows: tuple[int, ...]
) -> None:
    answer = evaluate(a_rule(PUBLIC), facts)
    assert (answer.truth, answer.missing, answer.rows) == (truth, missing, rows)


def test_an_expression_gives_the_reason_of_the_leaf_that_failed() -> None:
    assert [r.zh for r in evaluate(a_rule(PUBLIC), {"consent": False}).reasons] == ["报告人不同意公开"]


def test_what_holds_either_way_is_known() -> None:
    rule = a_rule("""
facts: {age: {type: int}}
when: {any: [{age: ">= 60"}, {age: "< 60"}]}
""")
    answer = evaluate(rule, {})
    assert (answer.truth, answer.missing, answer.rows) == (True, (), ())


@given(st.data(), RULES)
@settings(max_examples=120, deadline=None)
def test_answers_are_exact_for_missing_facts(data: st.DataObject, raw: dict[str, Any]) -> None:
    facts = data.draw(partial(raw))
    answer = evaluate(ready(raw), facts)
    world = World(raw)
    possible = set(world.possible(facts).values())
    assert set(answer.missing) == world.missing(facts)
    assert (answer.truth is None or answer.missing == ()) and (len(possible) == 1) == (answer.missing == ())
    if len(possible) == 1:
        truth, outputs = possible.pop()
        assert (answer.truth, dict(answer.outputs)) == (truth, dict(outputs))
    else:
        assert answer.truth is None
        for name, value in answer.outputs.items():
            assert all((name, value) in outputs for _, outputs in possible)


@given(st.data(), RULES)
@settings(max_examples=80, deadline=None)
def test_a_further_fact_never_makes_unknown_what_was_known(data: st.DataObject, raw: dict[str, Any]) -> None:
    rule = ready(raw)
    facts: dict[str, Any] = {}
    before = evaluate(rule, facts)
    for name in data.draw(st.permutations(list(raw["facts"]))):
        facts[name] = data.draw(st.sampled_from(WORLD[name]))
        after = evaluate(rule, facts)
        assert set(after.missing) <= set(before.missing) - {name}
        assert before.truth is None or of(after) == of(before)
        assert all(after.outputs.get(key) == value for key, value in before.outputs.items())
        before = after
    assert before.missing == () and before.truth is not None


@given(st.data(), tables())
@settings(max_examples=80, deadline=None)
def test_the_rows_that_decide_are_those_that_match(data: st.DataObject, raw: dict[str, Any]) -> None:
    facts = {name: data.draw(st.sampled_from(WORLD[name])) for name in raw["facts"]}
    rows = [row + 1 for row in matching(raw, facts)]
    if raw["policy"] != "collect":
        rows = rows[:1] or ([0] if raw["otherwise"] else [])
    assert evaluate(ready(raw), facts).rows == tuple(rows)


@given(RULES, st.data())
@settings(max_examples=50, deadline=None)
def test_a_rule_that_went_through_json_is_the_same_rule(raw: dict[str, Any], data: st.DataObject) -> None:
    spec = RuleSpec.model_validate(raw)
    again = RuleSpec.model_validate(spec.body)
    assert again.digest == spec.digest
    facts = data.draw(partial(raw))
    assert of(evaluate(compile_rule(again), facts)) == of(evaluate(compile_rule(spec), facts))


def test_what_was_forgotten_is_answered_the_same_again() -> None:
    rule = a_rule(SUBSIDY)
    first = evaluate(rule, {"age": 85})
    rule.reset()
    assert evaluate(rule, {"age": 85}) == first


@pytest.mark.parametrize(
    ("facts", "field", "message"),
    [
        ({"age": 131}, "age", "131 is outside of what the rule allows"),
        ({"age": "85"}, "age", "expected a whole number, got '85'"),
        ({"age": True}, "age", "expected a whole number, got True"),
        ({"registered": 1}, "registered", "expected true or false, got 1"),
        ({"income": 2000.5}, "income", "expected a decimal number, got 2000.5"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_named(facts: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(BadFacts) as caught:
        evaluate(a_rule(SUBSIDY), facts)
    assert [(e.field, e.message) for e in caught.value.errors] == [(field, message)]


def test_facts_from_a_form_become_typed() -> None:
    spec = a_rule(SUBSIDY).spec
    read = spec.read({"age": "85", "registered": True, "income": "2000.50", "name": "王大妈", "x": None})
    assert read == {"age": 85, "registered": True, "income": Decimal("2000.50")}


def test_a_rule_that_cannot_be_read_names_its_cells() -> None:
    with pytest.raises(BadRule) as caught:
        a_rule("facts: {day: {type: date}}\nwhen: {day: '2026-02-30', hour: 3}")
    assert [e.field for e in caught.value.errors] == ["when.day", "when.hour"]


def test_days_are_compared_as_days() -> None:
    rule = a_rule("facts: {born: {type: date}}\nwhen: {born: '<= 1966-01-31'}")
    born = [date(1966, 1, 31), date(1966, 2, 1)]
    assert [evaluate(rule, {"born": day}).truth for day in born] == [True, False]


def test_what_a_rule_remembers_is_bounded() -> None:
    ages = "\n".join(f"  - {{when: {{age: {age}, floor: {age}}}}}" for age in range(0, 460, 2))
    rule = a_rule(f"facts: {{age: {{type: int}}, floor: {{type: int}}}}\notherwise: false\nrows:\n{ages}")
    for age in range(230):
        for floor in range(230):
            assert evaluate(rule, {"age": age, "floor": floor}).truth is (age == floor and age % 2 == 0)
    assert 0 < len(rule.answers) <= REMEMBERED


def test_threads_may_share_a_rule() -> None:
    rule = a_rule(SUBSIDY)
    cases = [{"age": age, "registered": True} for age in range(0, 131)]
    expected = [evaluate(a_rule(SUBSIDY), facts) for facts in cases]
    with ThreadPoolExecutor(8) as pool:
        for answers in pool.map(lambda _: [evaluate(rule, facts) for facts in cases], range(16)):
            assert answers == expected


@pytest.mark.parametrize(
    "text",
    [
        "facts: {age: {type: int}}",
        "facts: {age: {type: int}}\nwhen: {age: 3}\nrows: [{when: {age: 3}}]",
        "facts: {age: {type: int}}\nwhen: {age: 3}\noutputs: {n: {type: int}}",
        "facts: {age: {type: int}}\npolicy: collect\nrows: [{when: {age: 3}}]\notherwise: {then: {}}",
        "facts: {all: {type: int}}\nwhen: {all: [{all: 3}]}",
        "facts: {age: {type: int}}\nwhen: {age: 3}\nowner: me",
    ],
)
def test_shapes_that_make_no_sense(text: str) -> None:
    with pytest.raises(ValueError, match="RuleSpec"):
        RuleSpec.model_validate(yaml.safe_load(HEAD + text))


def test_a_rule_cannot_end_before_it_begins() -> None:
    text = HEAD.replace("from: 2026-01-01", "from: 2026-01-01, to: 2026-01-01")
    with pytest.raises(ValueError, match="ends before it begins"):
        RuleSpec.model_validate(yaml.safe_load(text + "facts: {age: {type: int}}\nwhen: {age: 3}"))


def test_a_form_value_that_cannot_be_read_names_its_fact() -> None:
    with pytest.raises(FactError, match=r"age: -1 is less than 0"):
        a_rule(SUBSIDY).spec.read({"age": "-1"})
