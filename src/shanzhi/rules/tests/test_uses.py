"""The uses of one version: asking, the form, pre-review, instant approval, the clerk's list, what-if."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.rules.comparing import Past, compare
from shanzhi.rules.given import DECLARED, HELD, PROVEN, Fact
from shanzhi.rules.guiding import ask, form, seen
from shanzhi.rules.population import Population, decide
from shanzhi.rules.reviewing import checklist, instant, review
from shanzhi.rules.running import run
from shanzhi.rules.sql import select
from shanzhi.rules.sweeping import Sweep
from shanzhi.rules.tests.oracle import WORLD, World, expressions, partial, tables
from shanzhi.rules.tests.test_evaluate import a_rule, ready
from shanzhi.rules.tests.test_running import ALLOWANCE, DAY, household

RULES = st.one_of(tables(), expressions())
LICENCE = """
facts:
  age: {type: int, min: 0, max: 130, question: {zh: 您多大年纪, en: How old are you}}
  lease: {type: bool}
  photo: {type: bool}
  banned: {type: bool}
when:
  all:
    - if: {age: ">= 18"}
      reason: {zh: 未满18周岁, en: Younger than 18}
      basis: 第三条
    - if: {lease: true}
      reason: {zh: 没有租赁合同, en: No lease}
      basis: 第四条
      remedy: {zh: 请补交租赁合同, en: Hand in the lease}
    - if: {photo: true}
      remedy: {zh: 请补照片, en: Add a photo}
    - not: {banned: true}
"""


def test_the_form_shows_only_what_can_matter() -> None:
    rule = a_rule(ALLOWANCE)
    assert [q.name for q in form(rule, {}, DAY)] == ["born", "registered", "members"]
    assert [q.name for q in form(rule, {"born": date(1940, 1, 1)}, DAY)] == ["registered"]
    [only] = form(rule, {"born": date(1990, 1, 1), "registered": True, "members": household((3, None))}, DAY)
    assert only.name == "members.1.income" and only.spec is not None and only.spec.type == "decimal"
    assert form(rule, {"registered": False}, DAY) == ()


def test_the_guide_asks_first_what_divides_best() -> None:
    rule = a_rule(LICENCE)
    first = ask(rule, {}, DAY)
    assert first is not None and first.gain > 0
    assert ask(rule, {"banned": True}, DAY) is None
    many = [{"age": 30, "lease": i % 2 == 0, "photo": True, "banned": False} for i in range(20)]
    learnt = ask(rule, {}, DAY, seen(rule, many, DAY))
    assert learnt is not None and learnt.name == "lease"


@given(st.data(), RULES)
@settings(max_examples=60, deadline=None)
def test_the_guide_never_asks_what_cannot_matter_and_comes_to_the_answer(
    data: st.DataObject, raw: dict[str, Any]
) -> None:
    rule, world = ready(raw), World(raw)
    whole = {name: data.draw(st.sampled_from(WORLD[name])) for name in raw["facts"]}
    facts: dict[str, Any] = {}
    while (question := ask(rule, facts, DAY)) is not None:
        assert question.name in world.missing(facts)
        facts[question.name] = whole[question.name]
    assert run(rule, facts, DAY).outputs == run(rule, whole, DAY).outputs
    assert run(rule, facts, DAY).verdict is run(rule, whole, DAY).verdict


def test_a_pre_review_names_everything_at_once() -> None:
    rule = a_rule(LICENCE)
    found = review(rule, {"age": 30, "lease": False, "photo": False}, DAY)
    assert found.result.verdict is False and not found.final
    assert [(c.fact, c.basis, c.remedy and c.remedy.zh) for c in found.failures] == [
        ("lease", "第四条", "请补交租赁合同"), ("photo", "试行办法（第1号）第二条", "请补照片")
    ]  # fmt: skip
    assert found.ask == ("banned",)
    young = review(rule, {"age": 17, "lease": False}, DAY)
    assert young.final and [c.fact for c in young.failures] == ["age", "lease"]
    assert review(rule, {"age": 30, "banned": True}, DAY).final


def test_a_pre_review_of_a_table_names_the_nearest_row() -> None:
    rule = a_rule(ALLOWANCE)
    found = review(rule, {"registered": True, "born": date(1950, 1, 1), "head": Decimal(900)}, DAY)
    assert [(c.number, c.fact, c.cell, c.value) for c in found.failures] == [
        (1, "age", ">= 80", 76), (2, "head", "< 800", Decimal(900))
    ]  # fmt: skip


@given(st.data(), RULES)
@settings(max_examples=60, deadline=None)
def test_nothing_is_approved_that_trusted_facts_alone_do_not_prove(
    data: st.DataObject, raw: dict[str, Any]
) -> None:
    rule = ready(raw)
    facts = {n: Fact(v, data.draw(st.integers(0, 4))) for n, v in data.draw(partial(raw)).items()}
    found = instant(rule, facts, DAY)
    trusted = run(rule, {n: f for n, f in facts.items() if f.trust >= HELD}, DAY)
    assert found.approve == (trusted.verdict is True and not trusted.missing)
    assert found.approve or found.why != "approved"


def test_instant_approval_says_which_fact_stands_in_its_way() -> None:
    rule = a_rule(ALLOWANCE)
    born = Fact(date(1940, 1, 1), PROVEN)
    assert instant(rule, {"born": born, "registered": Fact(True, HELD)}, DAY).approve
    weak = instant(rule, {"born": born, "registered": Fact(True, DECLARED)}, DAY)
    assert (weak.approve, weak.why, weak.weak) == (False, "weak", ("registered",))
    assert instant(rule, {"born": born}, DAY).why == "unknown"
    assert instant(rule, {"born": born, "registered": Fact(False, PROVEN)}, DAY).why == "refused"


def test_the_clerk_sees_each_condition_beside_its_fact() -> None:
    checks = checklist(
        a_rule(LICENCE), {"age": Fact(30, PROVEN, "register"), "banned": Fact(False, HELD)}, DAY
    )
    assert [(c.fact, c.value, c.holds, c.trust, c.source) for c in checks] == [
        ("age", 30, True, PROVEN, "register"), ("lease", None, None, None, ""), ("photo", None, None, None, ""),
        ("banned", False, True, HELD, ""),
    ]  # fmt: skip
    assert checks[3].cell == {"not": True}


def test_the_clerk_sees_why_no_row_of_a_table_holds() -> None:
    checks = checklist(a_rule(ALLOWANCE), {"registered": False}, DAY)
    assert {c.fact for c in checks if c.holds is False} == {"registered"} and len(checks) == 4


def test_two_versions_over_the_same_applications() -> None:
    old = a_rule(ALLOWANCE)
    new = a_rule(ALLOWANCE.replace(">= 80", ">= 70").replace("amount: 200", "amount: 150"))
    ages = (60, 75, 85)
    past = [
        Past(f"W{age}", {"registered": True, "born": date(2026 - age, 1, 1), "head": Decimal(900)}, DAY)
        for age in ages
    ]
    found = compare(old, new, [*past, Past("X", {"born": "?"}, DAY), Past("U", {"registered": True}, DAY)])
    assert [change.id for change in found.changes] == ["W75", "W85"]
    assert found.verdicts == {(False, False): 1, (False, True): 1, (True, True): 1, (None, None): 1}
    assert found.sums == {"amount": (Decimal(200), Decimal(300))}
    assert (found.total, found.strange) == (5, ["X"])


def test_a_policy_finds_its_people_by_their_dates_of_birth() -> None:
    rule = a_rule("""
facts:
  born: {type: date, min: 1900-01-01}
  age: {type: int, min: 0, max: 130, formula: years(born)}
  poor: {type: bool}
when: {age: ">= 80", poor: true}
""")
    people = [
        (date(1946, 7, 1), True), (date(1946, 7, 2), True), (date(1940, 1, 1), None), (None, True), (None, False),
        (date(1899, 1, 1), True), (date(2027, 1, 1), True),
    ]  # fmt: skip
    everybody = Population(len(people))
    everybody.add("born", [born for born, _ in people])
    everybody.add("poor", [poor for _, poor in people])
    found = decide(rule, everybody, DAY)
    assert {v: found.who(v).tolist() for v in (True, False, None)} == {
        True: [0],
        False: [1, 4],
        None: [2, 3, 5, 6],
    }
    assert found.counts() == (1, 2, 4)
    lacking = Population(1)
    lacking.add("born", [date(1990, 1, 1)])
    assert decide(rule, lacking, DAY).counts() == (0, 1, 0)


@pytest.mark.django_db
def test_amounts_and_ages_in_sql() -> None:
    rule = a_rule(ALLOWANCE)
    source = """(VALUES (1, DATE '1946-07-01', NULL, NULL), (2, DATE '1946-07-02', 1000, 2),
        (3, DATE '1990-02-28', NULL, 2), (4, NULL, 1700, 2)) AS p (id, born, income, persons)"""
    statements = {
        dialect: select(rule, f"(SELECT *, TRUE AS registered FROM {source})", dialect, on=DAY, keep="id")
        for dialect in ("postgresql", "duckdb")
    }
    with connection.cursor() as cursor:
        cursor.execute(statements["postgresql"] + " ORDER BY id")
        rows = cursor.fetchall()
    assert rows == [(1, True, 200), (2, True, Decimal(600)), (3, None, None), (4, None, None)]
    with duckdb.connect() as db:
        assert db.execute(statements["duckdb"] + " ORDER BY id").fetchall() == rows


def test_many_rules_for_one_person_say_what_each_says_alone() -> None:
    rules = [a_rule(text) for text in (ALLOWANCE, ALLOWANCE.replace(">= 80", ">= 70"), LICENCE)]
    sweep = Sweep(rules)
    people: list[dict[str, Any]] = [
        {}, {"registered": False}, {"registered": True, "born": date(1950, 1, 1), "age": 76, "banned": True},
        {"registered": True, "born": date(1950, 1, 1), "members": household((30, 1000), (3, None))},
        {"registered": True, "born": date(2000, 1, 1), "members": household((30, 1600), (3, None))},
        {"lease": True, "photo": True, "age": 20, "banned": False},
    ]  # fmt: skip
    for facts in people:
        assert sweep.decide(facts, DAY) == [run(rule, facts, DAY).verdict for rule in rules]
    assert sweep.decide({"age": 500, "registered": False}, DAY) == [None, None, None]
