"""Many items: for one resident, for a million residents, and the questions that a guide asks. Part of `bench/rules.py`.

The items are generated: conditions of the kinds that allowances and permits have, over fourteen facts that many of
them ask, a third of them tables with amounts. They are no law, but drawn once from fixed dice.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import duckdb
import numpy as np

from shanzhi.rules.evaluate import Rule, evaluate
from shanzhi.rules.given import Fact
from shanzhi.rules.guiding import ask, seen
from shanzhi.rules.population import Population, decide
from shanzhi.rules.running import run
from shanzhi.rules.schema import RuleSpec
from shanzhi.rules.sql import verdict
from shanzhi.rules.sweeping import Sweep

ITEMS, RESIDENTS, PEOPLE = 2_000, 30, 1_000_000
SQL_RULES, BITMAP_RULES = 10, 100
DAY = date(2026, 7, 1)
Facts = dict[str, Any]
AREAS = [f"510107{street:03}{community:03}" for street in range(1, 16) for community in range(1, 11)]
DAYS = [date(2006, 1, 1) + timedelta(days=i) for i in range(7_400)]
SPECS: dict[str, dict[str, Any]] = {
    "age": {"type": "int", "min": 0, "max": 120},
    "registered": {"type": "bool"},
    "income": {"type": "decimal", "min": 0},
    "persons": {"type": "int", "min": 1, "max": 12},
    "children": {"type": "int", "min": 0, "max": 8},
    "household": {"type": "enum", "values": ["single", "couple", "family"]},
    "since": {"type": "date"},
    "area": {"type": "area"},
    "disability": {"type": "int", "min": 0, "max": 4},
    "employed": {"type": "bool"},
    "insured": {"type": "int", "min": 0, "max": 600},
    "owns_home": {"type": "bool"},
    "student": {"type": "bool"},
    "flags": {"type": "enum", "many": True, "values": ["veteran", "model_worker", "bereaved", "orphan"]},
}
VALUES: dict[str, list[Any]] = {
    "age": list(range(101)), "income": [Decimal(50 * i) for i in range(400)], "persons": list(range(1, 8)),
    "children": list(range(5)), "household": SPECS["household"]["values"], "since": DAYS, "area": AREAS,
    "disability": [0, 0, 0, 0, 0, 0, 1, 2, 3, 4], "insured": list(range(0, 480)),
    "flags": [frozenset()] * 6 + [frozenset([one]) for one in SPECS["flags"]["values"]],
    **{name: [False, True] for name in ("registered", "employed", "owns_home", "student")},
}  # fmt: skip


AGES = [
    *(f">= {age}" for age in (16, 18, 45, 55, 60, 65, 70, 80, 90)),
    *(f"< {age}" for age in (6, 16, 18, 35)),
]
CELLS: dict[str, Callable[[random.Random], Any]] = {
    "age": lambda dice: dice.choice(AGES),
    "income": lambda dice: f"<= {dice.choice([650, 830, 1200, 1800, 2500, 4000]) + dice.randrange(10) * 10}",
    "since": lambda dice: f"<= {dice.choice(DAYS).isoformat()}",
    "area": lambda dice: dice.choice(AREAS)[:9],
    "persons": lambda dice: f">= {dice.choice([2, 3])}",
    "children": lambda dice: f">= {dice.choice([1, 2, 3])}",
    "insured": lambda dice: f">= {dice.choice([6, 12, 24, 60, 180])}",
    "disability": lambda dice: dice.choice(["[1, 2]", ">= 1"]),
    "household": lambda dice: dice.choice(SPECS["household"]["values"]),
    "flags": lambda dice: dice.choice(SPECS["flags"]["values"]),
}


def cell(dice: random.Random, name: str) -> Any:
    """A condition as an item has it."""
    return CELLS[name](dice) if name in CELLS else dice.random() < 0.7


def item(dice: random.Random) -> Rule:
    names = dice.sample(list(SPECS), dice.randint(3, 6))
    body: Facts = {
        "id": "item", "version": 1, "title": {"zh": "测", "en": "Item"}, "valid": {"from": "2026-01-01"},
        "source": {"kind": "sample", "document": "样例"}, "cover": False,
        "facts": {name: SPECS[name] for name in names},
    }  # fmt: skip
    if dice.random() < 1 / 3:
        rows = [
            {
                "when": {n: cell(dice, n) for n in [*names[:-2], dice.choice(names[-2:])]},
                "then": {"amount": 100 * i},
            }
            for i in range(1, dice.randint(3, 6))
        ]
        body |= {"outputs": {"amount": {"type": "int"}}, "rows": rows, "otherwise": False}
    else:
        last = [{name: cell(dice, name)} for name in names[-2:]]
        body["when"] = {"all": [*({name: cell(dice, name)} for name in names[:-2]), {"any": last}]}
    return Rule(RuleSpec.model_validate(body))


def items(count: int = ITEMS) -> list[Rule]:
    dice = random.Random(5)
    return [item(dice) for _ in range(count)]


def resident(dice: random.Random, known: float = 0.7) -> Facts:
    return {name: dice.choice(values) for name, values in VALUES.items() if dice.random() < known}


def for_one(rules: list[Rule]) -> dict[str, float]:
    """Milliseconds for all items and one resident: in a sweep, one by one, and with trust and reasons (`run`)."""
    dice = random.Random(6)
    began = time.process_time()
    sweep = Sweep(rules)
    made = time.process_time() - began
    people = [resident(dice) for _ in range(RESIDENTS)]
    swept = [milliseconds(partial(sweep.decide, facts, DAY)) for facts in people]
    for facts in people[:3]:
        assert sweep.decide(facts, DAY) == [evaluate(rule, facts).certain for rule in rules]
    single = [milliseconds(partial(each, evaluate, rules, facts)) for facts in people]
    given = [{n: Fact(v, dice.choice([1, 3, 4])) for n, v in facts.items()} for facts in people[:5]]
    runs = [milliseconds(partial(each, run, rules, facts, DAY)) for facts in given]
    return {
        "sweep_made_s": round(made, 1),
        "resident_ms": round(statistics.median(swept), 1),
        "resident_slowest_ms": round(max(swept), 1),
        "resident_single_ms": round(statistics.median(single), 1),
        "resident_run_ms": round(statistics.median(runs), 1),
    }


def each(work: Callable[..., Any], rules: list[Rule], *more: Any) -> list[Any]:
    return [work(rule, *more) for rule in rules]


def milliseconds(work: Callable[[], Any]) -> float:
    """Of processor time."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def population() -> tuple[Population, dict[str, np.ndarray]]:
    """A million residents; one fact in ten is unknown."""
    dice = np.random.default_rng(7)
    everybody, numbers = Population(PEOPLE), {}
    for name, values in VALUES.items():
        distinct = list(dict.fromkeys(values))
        places = np.array([distinct.index(value) + 1 for value in values], np.int32)
        drawn = places[dice.integers(0, len(values), PEOPLE)]
        drawn[dice.random(PEOPLE) < 0.1] = 0
        everybody.coded(name, distinct, drawn)
        numbers[name] = drawn
    return everybody, numbers


def for_all(rules: list[Rule]) -> dict[str, Any]:
    """Seconds for 2,000 rules and a million residents, in proportion, by bitmaps and by DuckDB on one thread."""
    everybody, numbers = population()
    began = time.process_time()
    counts = [decide(rule, everybody, DAY).counts() for rule in rules[:BITMAP_RULES]]
    bitmaps = (time.process_time() - began) / BITMAP_RULES
    with duckdb.connect() as db:
        db.execute("SET threads = 1")
        load(db, numbers)
        began = time.process_time()
        for rule, wanted in zip(rules[:SQL_RULES], counts, strict=False):
            one = verdict(rule, "duckdb")
            found = db.execute(
                f"SELECT count(*) FILTER ({one}), count(*) FILTER (NOT ({one})) FROM people"
            ).fetchone()
            assert found == wanted[:2], (found, wanted)
        sql = (time.process_time() - began) / SQL_RULES
    return {"population_bitmaps_s": round(bitmaps * ITEMS, 1), "population_duckdb_s": round(sql * ITEMS, 1)}


def load(db: duckdb.DuckDBPyConnection, numbers: dict[str, np.ndarray]) -> None:
    """The same residents as a table of DuckDB."""
    kinds = {"bool": "BOOLEAN", "int": "BIGINT", "decimal": "DECIMAL(12,2)", "date": "DATE"}
    cells = []
    for name, spec in SPECS.items():
        kind = "TEXT[]" if spec.get("many") else kinds.get(spec["type"], "TEXT")
        distinct = [sorted(v) if isinstance(v, frozenset) else v for v in dict.fromkeys(VALUES[name])]
        db.execute(f"CREATE TABLE v_{name} (n INTEGER, {name} {kind})")
        db.executemany(
            f"INSERT INTO v_{name} VALUES (?, ?)", [[i + 1, value] for i, value in enumerate(distinct)]
        )
        cells.append(name)
    drawn = dict(numbers)
    db.register("drawn", drawn)
    joins = " ".join(f"LEFT JOIN v_{name} ON v_{name}.n = d.{name}" for name in cells)
    db.execute(f"CREATE TABLE people AS SELECT {', '.join(f'v_{n}.{n}' for n in cells)} FROM drawn d {joins}")


def questions(rules: list[Rule], people: int = 20) -> dict[str, float]:
    """Questions a resident is asked for one item: the whole form; the form in its order without what cannot matter;
    the guide; the guide that knows how others have answered."""
    dice = random.Random(8)
    whole = [resident(dice, 1) for _ in range(people)]
    others = [resident(dice, 1) for _ in range(200)]
    asked = {"form": 0, "order": 0, "guide": 0, "guide_seen": 0}
    for rule in rules:
        weights = seen(rule, ({n: o[n] for n in rule.names} for o in others), DAY)
        for facts in whole:
            asked["form"] += len(rule.names)
            asked["order"] += in_order(rule, facts)
            asked["guide"] += guided(rule, facts, None)
            asked["guide_seen"] += guided(rule, facts, weights)
    return {f"questions_{name}": round(count / len(rules) / people, 2) for name, count in asked.items()}


def in_order(rule: Rule, whole: Facts) -> int:
    facts: Facts = {}
    while missing := evaluate(rule, facts).missing:
        facts[missing[0]] = whole[missing[0]]
    return len(facts)


def guided(rule: Rule, whole: Facts, weights: Any) -> int:
    facts: Facts = {}
    while (question := ask(rule, facts, DAY, weights)) is not None:
        facts[question.name] = whole[question.name]
    return len(facts)


def lines(f: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """The figures for people."""
    yield (
        "2,000 items for one resident, in a sweep",
        f"{f['resident_ms']} ms (slowest {f['resident_slowest_ms']})",
    )
    yield "… one by one, with rows, reasons and missing facts", f"{f['resident_single_ms']} ms"
    yield "… run: with trust and the facts used, too", f"{f['resident_run_ms']} ms"
    many = "2,000 rules × 1,000,000 residents"
    yield f"{many}, bitmaps", f"{f['population_bitmaps_s']} s (from {BITMAP_RULES} rules)"
    yield f"{many}, DuckDB", f"{f['population_duckdb_s']} s (from {SQL_RULES} rules)"
    yield "questions: whole form", str(f["questions_form"])
    yield "questions: in order, only what can matter", str(f["questions_order"])
    yield "questions: guide", str(f["questions_guide"])
    yield "questions: guide that has seen 200 others", str(f["questions_guide_seen"])
