"""What is wrong with a rule is found, and named by its cell or row."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.rules.check import check
from shanzhi.rules.schema import RuleSpec
from shanzhi.rules.tests.oracle import WORLD, World, expressions, matching, tables
from shanzhi.rules.tests.test_evaluate import HEAD


def found(text: str) -> list[tuple[str, str, str]]:
    findings = check(RuleSpec.model_validate(yaml.safe_load(HEAD + text)))
    return [(".".join(map(str, f.path)), f.code, f.message) for f in findings]


GOOD = """
facts: {category: {type: category}, hour: {type: int, min: 0, max: 23}}
outputs: {lead: {type: org}, within: {type: span}}
cover: true
rows:
  - {when: {category: E04}, then: {lead: yingji, within: 2h}}
  - {when: {category: E, hour: "[8, 20)"}, then: {lead: chengguan, within: 24h}}
otherwise: {then: {lead: centre, within: 5wd}}
examples:
  - {given: {category: E0401}, then: {lead: yingji}, row: 1}
  - {given: {category: E0101, hour: 8}, truth: true, then: {lead: chengguan, within: 24h}}
  - {given: {category: E0101, hour: 20}, then: {lead: centre}}
  - {given: {category: E0101}, truth: unknown, missing: [hour]}
"""


def test_a_good_table_has_no_findings() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "code", "message"),
    [
        ("category: E04}", "category: e04}", "rows.0.when.category", "type", "is not a category code"),
        ("category: E04}", "kategory: E04}", "rows.0.when.kategory", "unknown_fact", "there is no fact 'kategory'"),
        ('"[8, 20)"', '">= 24"', "rows.1.when.hour", "type", "hour: 24 is more than 23"),
        ('"[8, 20)"', '"(8, 8)"', "rows.1.when.hour", "type", "the interval (8, 8) is empty"),
        ('"[8, 20)"', "[]", "rows.1.when.hour", "type", "an empty list matches nothing"),
        ('"[8, 20)"', "{nor: 3}", "rows.1.when.hour", "type", "expected {not: …} or {all: […]}"),
        ("within: 2h", "within: 2x", "rows.0.then.within", "type", "is not a length of time"),
        (", within: 2h", "", "rows.0.then", "no_output", "nothing is said for within"),
        ("within: 2h", "within: 2h, fee: 3", "rows.0.then.fee", "unknown_output", "there is no output 'fee'"),
        ("category: E04}", "category: E0, hour: 3}", "rows.0", "uncovered", "row 1 has no golden example"),
        ("otherwise: {then: {lead: centre, within: 5wd}}", "", "rows", "gap",
         "no row matches category=E, hour=7; add a row, or otherwise"),
        ("category: E, hour: \"[8, 20)\"", "category: [E0401, E0402]", "rows.1", "unreachable",
         "row 2 is never reached: row 1 before it take all that it matches"),
        ("lead: yingji}, row", "lead: yiliao}, row", "examples.0.then.lead", "example",
         "example 1: expected lead yiliao, the rule says yingji"),
        ("missing: [hour]", "missing: [category]", "examples.3.missing", "example", "expected missing [category]"),
        ("truth: unknown", "truth: true", "examples.3.truth", "example", "expected true, the rule says unknown"),
        ("row: 1", "row: 2", "examples.0.row", "example", "expected row 2, the rule says rows [1]"),
        ("given: {category: E0401}", "given: {hour: noon}", "examples.0.given.hour", "type", "whole number"),
        ("given: {category: E0401}", "given: {kind: 3}", "examples.0.given.kind", "unknown_fact", "no fact 'kind'"),
        ("E0101, hour: 20}, then: {lead: centre}", "E0101}, truth: unknown", "otherwise", "uncovered",
         "otherwise has no golden example"),
        ("missing: [hour]", "missing: [our]", "examples.3.missing", "unknown_fact", "there is no fact 'our'"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_place(old: str, new: str, path: str, code: str, message: str) -> None:
    assert old in GOOD
    findings = found(GOOD.replace(old, new, 1))
    assert any(f[0] == path and f[1] == code and message in f[2] for f in findings), findings


def test_all_cells_that_cannot_be_read_are_named_at_once() -> None:
    text = GOOD.replace("category: E04}", "category: e4}").replace('"[8, 20)"', "noon").replace("5wd", "5")
    assert [f[0] for f in found(text)] == [
        "rows.0.when.category",
        "rows.1.when.hour",
        "otherwise.then.within",
    ]


def test_a_finding_says_where_it_is() -> None:
    spec = RuleSpec.model_validate(yaml.safe_load(HEAD + GOOD.replace("2h", "2x")))
    assert str(check(spec)[0]).startswith("rows.0.then.within: within: '2x' is not a length of time")


def test_rows_that_overlap_where_only_one_may_match() -> None:
    assert found("""
facts: {age: {type: int}}
policy: unique
rows:
  - {when: {age: "< 18"}}
  - {when: {age: "[18, 60]"}}
  - {when: {age: ">= 60"}}
""")[-1] == ("rows.2", "overlap", "row 3 and row 2 can match the same facts, and only one may")


def test_a_fact_that_never_matters() -> None:
    assert found("facts: {age: {type: int}, name: {type: text}}\nwhen: {age: 3}") == [
        ("facts.name", "idle_fact", "name can never change the answer")
    ]


def test_an_expression_that_is_always_true() -> None:
    text = "facts: {age: {type: int}}\nwhen: {any: [{age: '> 3'}, {not: {age: '> 3'}}]}"
    assert found(text) == [("when", "constant", "the expression has the same value whatever the facts")]


@pytest.mark.parametrize(
    ("when", "path"),
    [
        ("{all: {age: 3}}", "when.all"),
        ("{any: []}", "when.any"),
        ("{not: 3}", "when.not"),
        ("{all: [{age: 3}], age: 4}", "when"),
        ("{if: {age: 3}, because: x}", "when"),
        ("{if: 3}", "when.if"),
        ("{if: {age: 3}, reason: {zh: 三}}", "when.reason"),
        ("{all: [{age: 3}, {age: three}]}", "when.all.1.age"),
    ],
)
def test_faults_in_expressions(when: str, path: str) -> None:
    assert path in [f[0] for f in found(f"facts: {{age: {{type: int}}}}\nwhen: {when}")]


def test_an_expression_that_asks_for_examples_wants_one_of_each_truth() -> None:
    text = """
facts: {age: {type: int}}
when: {age: ">= 60"}
cover: true
examples:
  - {given: {age: 60}, truth: true}
"""
    assert found(text) == [("examples", "uncovered", "no golden example is false")]


def test_a_rule_with_too_many_combinations_is_refused() -> None:
    facts = "\n".join(f"  f{i}: {{type: int}}" for i in range(24))
    rows = "\n".join(f"  - {{when: {{f{i}: 1, f{23 - i}: 2}}, then: {{n: {i}}}}}" for i in range(24))
    text = f"policy: collect\noutputs: {{n: {{type: int}}}}\nfacts:\n{facts}\nrows:\n{rows}"
    assert [f[1] for f in found(text)] == ["too_complex"]


def test_at_most_twelve_values_of_a_set_can_be_asked_for() -> None:
    values = ", ".join(f"v{i}" for i in range(13))
    text = f"facts: {{flags: {{type: enum, values: [{values}], many: true}}}}\nwhen: {{flags: [{values}]}}"
    assert found(text)[0][:2] == ("facts.flags", "type")


@given(tables(most=5))
@settings(max_examples=120, deadline=None)
def test_gaps_overlaps_and_unreachable_rows_are_all_found_and_none_invented(raw: dict[str, Any]) -> None:
    findings = check(RuleSpec.model_validate(raw))
    codes = {(f.path, f.code) for f in findings}
    names = list(raw["facts"])
    matches = [
        matching(raw, dict(zip(names, values, strict=True)))
        for values in product(*(WORLD[name] for name in names))
    ]
    for row in range(len(raw["rows"])):
        first = any(m and m[0] == row for m in matches) if raw["policy"] == "first" else False
        reached = first or (raw["policy"] != "first" and any(row in m for m in matches))
        assert ((("rows", row), "unreachable") in codes) == (not reached)
        overlaps = raw["policy"] == "unique" and any(row in m and m[0] < row for m in matches)
        assert ((("rows", row), "overlap") in codes) == overlaps
    open_end = not all(matches)
    gap = raw["policy"] != "collect" and raw["otherwise"] is None and open_end
    assert ((("rows",), "gap") in codes) == gap
    idle = raw["policy"] != "collect" and raw["otherwise"] is not None and not open_end
    assert ((("otherwise",), "unreachable") in codes) == idle


@given(st.one_of(tables(), expressions()))
@settings(max_examples=80, deadline=None)
def test_facts_that_never_matter_are_found(raw: dict[str, Any]) -> None:
    findings = check(RuleSpec.model_validate(raw))
    idle = {f.path[1] for f in findings if f.code == "idle_fact"}
    if not any(f.code in ("unreachable", "constant") for f in findings):
        assert idle == set(raw["facts"]) - World(raw).missing({})


def test_the_example_of_the_guide_is_a_good_rule() -> None:
    guide = (Path(__file__).parents[4] / "docs" / "rules.md").read_text(encoding="utf-8")
    example = guide.split("```yaml\n")[1].split("```")[0]
    assert check(RuleSpec.model_validate(yaml.safe_load(example))) == []
