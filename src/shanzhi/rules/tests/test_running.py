"""Running a rule: computed facts, households, amounts, trust."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanzhi.rules.check import check
from shanzhi.rules.evaluate import BadFacts, BadRule, Rule
from shanzhi.rules.given import DECLARED, HELD, PROVEN, SHOWN, Fact, Members
from shanzhi.rules.running import run
from shanzhi.rules.tests.oracle import World, expressions, partial, tables
from shanzhi.rules.tests.test_evaluate import a_rule, ready

DAY = date(2026, 7, 1)
ALLOWANCE = """
groups:
  members:
    title: {zh: 家庭成员, en: Household}
    facts: {age: {type: int, min: 0, max: 130}, income: {type: decimal, min: 0}}
facts:
  born: {type: date, min: 1900-01-01, title: {zh: 出生日期, en: Date of birth}}
  age: {type: int, min: 0, max: 130, formula: years(born)}
  registered: {type: bool}
  persons: {type: int, min: 0, over: {group: members, how: count}}
  income: {type: decimal, min: 0, over: {group: members, how: sum, of: income}}
  head: {type: decimal, min: 0, formula: "income / max(persons, 1)"}
outputs: {amount: {type: decimal, unit: 元}}
otherwise: false
rows:
  - {when: {registered: true, age: ">= 80"}, then: {amount: 200}, basis: 第五条}
  - {when: {registered: true, head: "< 800"}, then: {amount: {formula: "round((800 - head) * persons, 2)"}}}
"""


def household(*rows: tuple[int | None, int | None], complete: bool = True) -> Members:
    return Members(
        tuple({"age": age, "income": None if income is None else Decimal(income)} for age, income in rows),
        complete,
    )


@pytest.mark.parametrize(
    ("facts", "verdict", "amount", "missing"),
    [
        ({}, None, None, ("born", "registered", "members")),
        ({"registered": False}, False, None, ()),
        ({"registered": True, "born": date(1946, 7, 1)}, True, "200", ()),
        ({"registered": True, "born": date(1946, 7, 2)}, None, None, ("members",)),
        ({"registered": True, "born": date(1990, 1, 1), "members": household((30, 1000), (3, None))}, None, None,
         ("members.2.income",)),
        ({"registered": True, "born": date(1990, 1, 1), "members": household((30, 1600), (3, None))}, False, None, ()),
        ({"registered": True, "born": date(1990, 1, 1), "members": household((30, 1000), (3, 0))}, True, "600.00", ()),
        ({"registered": True, "born": date(1990, 1, 1), "members": household((30, 1000), complete=False)}, None, None,
         ("members",)),
        ({"registered": True, "born": date(1990, 1, 1), "head": Decimal(700)}, True, None, ("members",)),
    ],
)  # fmt: skip
def test_a_household_and_an_amount(
    facts: dict[str, Any], verdict: bool | None, amount: str | None, missing: tuple[str, ...]
) -> None:
    result = run(a_rule(ALLOWANCE), facts, DAY)
    assert (result.verdict, result.outputs.get("amount"), result.missing) == (
        verdict,
        None if amount is None else Decimal(amount),
        missing,
    )


def test_whoever_is_eighty_tomorrow_is_not_eighty_today() -> None:
    rule = a_rule(ALLOWANCE)
    facts = {"registered": True, "born": date(1946, 7, 2), "head": Decimal(900)}
    assert [run(rule, facts, date(2026, 7, day)).verdict for day in (1, 2)] == [False, True]


def test_an_answer_is_trusted_as_far_as_the_facts_it_needs() -> None:
    rule = a_rule(ALLOWANCE)
    born, registered = Fact(date(1940, 1, 1), PROVEN, "register"), Fact(True, HELD, "household book")
    result = run(rule, {"born": born, "registered": registered, "head": Fact(Decimal(100), DECLARED)}, DAY)
    assert (result.verdict, result.used, result.trust) == (True, ("born", "registered"), HELD)
    poor = {
        "born": Fact(date(1990, 1, 1), PROVEN),
        "registered": registered,
        "members": Members(({"age": Fact(36, PROVEN), "income": Fact(Decimal(1), SHOWN)},), True, HELD),
    }
    result = run(rule, poor, DAY)
    assert (result.verdict, result.used, result.trust) == (True, ("born", "registered", "members"), SHOWN)


def test_a_fact_that_is_no_longer_valid_is_unknown() -> None:
    rule = a_rule(ALLOWANCE)
    facts = {"born": date(1940, 1, 1), "registered": Fact(True, HELD, until=DAY)}
    assert run(rule, facts, date(2026, 6, 30)).verdict is True
    assert run(rule, facts, DAY).missing == ("registered",)


def test_an_output_named_verdict_is_the_verdict() -> None:
    rule = a_rule("""
facts: {age: {type: int}, poor: {type: bool}}
outputs: {verdict: {type: bool}, amount: {type: int}}
rows:
  - {when: {age: "< 60"}, then: {verdict: false, amount: 0}}
  - {when: {poor: true}, then: {verdict: true, amount: 200}}
otherwise: {then: {verdict: true, amount: 100}}
""")
    assert run(rule, {"age": 50}, DAY).verdict is False
    sure = run(rule, {"age": 60}, DAY)
    assert (sure.verdict, sure.missing, dict(sure.outputs)) == (True, ("poor",), {"verdict": True})


@pytest.mark.parametrize(
    ("facts", "field"), [({"born": "1940"}, "born"), ({"registered": True, "age": 131}, "age")]
)
def test_a_value_that_cannot_be_is_named(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(BadFacts) as caught:
        run(a_rule(ALLOWANCE), facts, DAY)
    assert [error.field for error in caught.value.errors] == [field]


def test_what_cannot_be_divided_is_said() -> None:
    rule = a_rule("""
facts: {rent: {type: int}, rooms: {type: int, min: 0}, each: {type: decimal, formula: rent / rooms}}
when: {each: "< 10"}
""")
    assert run(rule, {"rent": 10}, DAY).missing == ("rooms",)
    with pytest.raises(BadFacts, match="Some facts"):
        run(rule, {"rent": 10, "rooms": 0}, DAY)


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ('{type: int, formula: "rent / 2"}', "need not be a whole number"),
        ("{type: int, formula: years(rent)}", "rent is no day"),
        ("{type: int, formula: born + 1}", "born is no number"),
        ("{type: int, formula: wage}", "there is no fact 'wage'"),
        ("{type: int, formula: rent +}", "cannot be read"),
        ("{type: int, formula: __import__('os')}", "is not known in formulas"),
        ("{type: int, formula: rent.real}", "is not known in formulas"),
        ("{type: int, formula: x + 1}", "x need each other"),
        ("{type: int, over: {group: homes, how: count}}", "there is no group 'homes'"),
        ("{type: int, over: {group: members, how: sum, of: name}}", "members have no int 'name'"),
        ("{type: int, over: {group: members, how: count, where: {age: old}}}", "expected a whole number"),
        ("{type: int, over: {group: members, how: count, where: {size: 1}}}", "members have no fact 'size'"),
    ],
)
def test_each_fault_of_a_computed_fact_is_named(fact: str, message: str) -> None:
    text = f"""
groups: {{members: {{title: {{zh: 成员, en: Members}}, facts: {{age: {{type: int}}}}}}}}
facts: {{rent: {{type: int}}, born: {{type: date}}, x: {fact}}}
when: {{x: 3}}
"""
    with pytest.raises(BadRule) as caught:
        a_rule(text)
    assert any(e.field.startswith("facts.x") and message in e.message for e in caught.value.errors), (
        caught.value.errors
    )


def test_facts_that_only_formulas_ask_are_not_idle() -> None:
    findings = check(a_rule(ALLOWANCE).spec)
    assert findings == []


AGES, INCOMES = (10, 20), (0, 300)
HOW = st.sampled_from(["count", "sum", "min", "max", "any", "all"])
MEMBER = st.fixed_dictionaries(
    {"age": st.sampled_from([None, *AGES]), "income": st.sampled_from([None, *INCOMES])}
)


@given(HOW, st.booleans(), st.lists(MEMBER, max_size=3), st.integers(-1, 700))
@settings(max_examples=150)
def test_aggregates_know_all_that_every_completion_says(
    how: str, narrowed: bool, rows: list[dict[str, Any]], cut: int
) -> None:
    over: dict[str, Any] = {"group": "members", "how": how}
    if narrowed or how in ("any", "all"):
        over["where"] = {"age": "< 18"}
    if how in ("sum", "min", "max"):
        over["of"] = "income"
    if how in ("min", "max"):
        over["empty"] = 0
    truth = how in ("any", "all")
    ready = a_rule(f"""
groups:
  members:
    title: {{zh: 家, en: M}}
    facts: {{age: {{type: int, min: 10, max: 20}}, income: {{type: int, min: 0, max: 300}}}}
facts: {{x: {{type: {"bool" if truth else "int"}, over: {over}}}}}
when: {{x: {"true" if truth else f'">= {cut if how == "sum" else cut // 100}"'}}}
""")
    result = run(ready, {"members": Members(tuple(rows))}, DAY)
    free = [(i, n) for i, row in enumerate(rows) for n in row if row[n] is None]
    answers = set()
    for values in product(*[AGES if name == "age" else INCOMES for _, name in free]):
        whole = [dict(row) for row in rows]
        for (i, name), value in zip(free, values, strict=True):
            whole[i][name] = value
        complete = run(ready, {"members": Members(tuple(whole))}, DAY)
        assert complete.verdict is by_hand(over, whole, cut if how == "sum" else cut // 100)
        answers.add(complete.verdict)
    if result.verdict is not None:
        assert answers == {result.verdict}
    elif how in ("count", "any", "all"):
        assert len(answers) == 2
    assert bool(result.missing) == (result.verdict is None)
    assert set(result.missing) <= {f"members.{i + 1}.{name}" for i, name in free}


def by_hand(over: dict[str, Any], rows: list[dict[str, Any]], cut: int) -> bool:
    """The same without bounds, for members of whom everything is known."""
    meant = [row for row in rows if "where" not in over or row["age"] < 18]
    how, incomes = over["how"], [row["income"] for row in meant]
    if how in ("any", "all"):
        return bool(meant) if how == "any" else len(meant) == len(rows)
    found = {
        "count": len(meant),
        "sum": sum(incomes),
        "min": min(incomes, default=0),
        "max": max(incomes, default=0),
    }
    return bool(found[how] >= cut)


@given(st.data(), st.one_of(tables(), expressions()))
@settings(max_examples=60, deadline=None)
def test_trust_is_the_most_that_the_answer_can_stand_on(data: st.DataObject, raw: dict[str, Any]) -> None:
    rule = ready(raw)
    facts = {n: Fact(v, data.draw(st.integers(0, 4))) for n, v in data.draw(partial(raw)).items()}
    result = run(rule, facts, DAY)
    assert set(result.missing) == World(raw).missing({name: fact.value for name, fact in facts.items()})
    assert same(result, run(rule, {name: facts[name] for name in result.used}, DAY))
    if result.trust is not None:
        assert not same(result, run(rule, at_least(facts, result.trust + 1), DAY))
        assert same(result, run(rule, at_least(facts, result.trust), DAY))


def at_least(facts: dict[str, Fact], trust: int) -> dict[str, Fact]:
    return {name: fact for name, fact in facts.items() if fact.trust >= trust}


def same(one: Any, other: Any) -> bool:
    return (one.verdict, one.outputs, one.missing) == (other.verdict, other.outputs, other.missing)


def test_a_rule_is_run_by_its_version_on_the_day() -> None:
    rule: Rule = a_rule(ALLOWANCE)
    result = run(rule, {"registered": False}, DAY)
    assert (result.ref, result.on, result.basis) == ("test@3", DAY, ("试行办法（第1号）第二条",))
