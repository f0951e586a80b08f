"""One rule, seven readers: interpreter, diagram, sweeps, bitmaps, PostgreSQL, DuckDB and the browser agree.

20,000 pairs of a rule and partial facts a run. Each day has other rules; the seed is printed with a failure and
given with RULES_SEED.
"""

import json
import os
import random
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection

from shanzhi.base.clock import BEIJING, now
from shanzhi.rules.evaluate import compile_rule
from shanzhi.rules.population import Population, decide
from shanzhi.rules.running import run
from shanzhi.rules.schema import RuleSpec
from shanzhi.rules.serial import serialised
from shanzhi.rules.sql import Dialect, select, verdict
from shanzhi.rules.sweeping import Sweep
from shanzhi.rules.tests.oracle import SPECS, WORLD, World
from shanzhi.rules.tests.raw import a_rule

ROOT = Path(__file__).parents[4]
RULES, FACTS = 100, 200
DAY = date(2026, 7, 1)
SEED = int(os.environ.get("RULES_SEED") or now().astimezone(BEIJING).date().toordinal())
TYPES = {
    "bool": "BOOLEAN", "enum": "TEXT", "text": "TEXT", "int": "BIGINT", "decimal": "NUMERIC(9,2)", "date": "DATE",
    "area": "TEXT", "category": "TEXT", "flags": "TEXT[]",
}  # fmt: skip
WALK = """
const [ts, source, input] = process.argv.slice(1);
const { readFileSync } = await import("node:fs");
const { createRequire } = await import("node:module");
const typescript = createRequire(import.meta.url)(ts);
const options = { compilerOptions: { module: "ESNext", target: "ES2020" } };
const { outputText } = typescript.transpileModule(readFileSync(source, "utf8"), options);
const { walk } = await import("data:text/javascript;base64," + Buffer.from(outputText).toString("base64"));
const asked = JSON.parse(readFileSync(input, "utf8"));
console.log(JSON.stringify(asked.map(({ diagram, facts }) => facts.map((each) => walk(diagram, each)))));
"""
Raw = dict[str, Any]


def in_sql(value: Any) -> str:
    """A fact as SQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, frozenset):
        return f"ARRAY[{', '.join(map(in_sql, sorted(value)))}]::TEXT[]"
    if isinstance(value, date):
        return f"DATE '{value}'"
    return (
        str(value).upper()
        if isinstance(value, bool)
        else f"'{value}'"
        if isinstance(value, str)
        else str(value)
    )


def asked(rule: Raw, facts: list[Raw], dialect: Dialect) -> tuple[str, str]:
    """A table of the facts, and what is asked of it."""
    names = list(rule["facts"])
    rows = ", ".join(
        f"({i}, {', '.join(in_sql(each.get(name)) for name in names)})" for i, each in enumerate(facts)
    )
    table = f"CREATE TEMP TABLE given (id INTEGER, {', '.join(f'{n}_ {TYPES[n]}' for n in names)})"
    ready = compile_rule(RuleSpec.model_validate(rule))
    named = {name: f"{name}_" for name in names}
    one = verdict(ready, dialect, named)
    query = select(ready, f"(SELECT *, {one} AS short_ FROM given)", dialect, named, keep="short_")
    return f"{table}; INSERT INTO given VALUES {rows}", f"{query} ORDER BY id"


def by_postgres(rules: list[Raw], cases: list[list[Raw]]) -> list[list[tuple[Any, ...]]]:
    found = []
    with connection.cursor() as cursor:
        for rule, facts in zip(rules, cases, strict=True):
            made, query = asked(rule, facts, "postgresql")
            cursor.execute("DROP TABLE IF EXISTS given")
            cursor.execute(made)
            cursor.execute(query)
            found.append(cursor.fetchall())
    return found


def by_duckdb(rules: list[Raw], cases: list[list[Raw]]) -> list[list[tuple[Any, ...]]]:
    found = []
    with duckdb.connect() as db:
        db.execute("SET threads = 1")
        for rule, facts in zip(rules, cases, strict=True):
            made, query = asked(rule, facts, "duckdb")
            db.execute(f"DROP TABLE IF EXISTS given; {made}")
            found.append(db.execute(query).fetchall())
    return found


def in_browser(rules: list[Raw], cases: list[list[Raw]], folder: Path) -> list[list[dict[str, Any]]]:
    ready = [compile_rule(RuleSpec.model_validate(rule)) for rule in rules]
    body = [
        {"diagram": serialised(rule), "facts": [{n: _json(v) for n, v in each.items()} for each in facts]}
        for rule, facts in zip(ready, cases, strict=True)
    ]
    (folder / "asked.json").write_text(json.dumps(body))
    node = ROOT / ".venv" / "node" / "node"
    command = [str(node) if node.exists() else "node", "--input-type=module", "-e", WALK]
    files = [ROOT / "frontend/node_modules/typescript", ROOT / "frontend/src/rules.ts", folder / "asked.json"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True)
    answers: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return answers


def in_bitmaps(rules: list[Raw], cases: list[list[Raw]]) -> list[list[bool | None]]:
    found = []
    for rule, facts in zip(rules, cases, strict=True):
        everybody = Population(len(facts))
        for name in rule["facts"]:
            everybody.add(name, [each.get(name) for each in facts])
        said = decide(compile_rule(RuleSpec.model_validate(rule)), everybody, DAY)
        verdicts = {i: verdict for verdict in (True, False, None) for i in said.who(verdict).tolist()}
        found.append([verdicts[i] for i in range(len(facts))])
    return found


def _json(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, Decimal | date) else value


def interpreted(rule: Raw, world: World, facts: Raw) -> tuple[Any, ...]:
    """What all completions of the facts have in common: verdict, outputs, and the facts that can matter."""
    possible = set(world.possible(facts).values())
    truths = {truth for truth, _ in possible}
    always = "rows" in rule and rule["policy"] != "collect" and rule["otherwise"] is not False
    sure = len(truths) == 1 and not (always and len(possible) > 1)
    common = set.intersection(*(set(outputs) for _, outputs in possible))
    return (truths.pop() if sure else None), {name: value for name, value in common if value != ()}


@pytest.mark.django_db
def test_seven_readers_of_a_rule_agree(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    rules = [a_rule(dice) for _ in range(RULES)]
    cases = [
        [
            {name: dice.choice(WORLD[name]) for name in rule["facts"] if dice.random() < 0.6}
            for _ in range(FACTS)
        ]
        for rule in rules
    ]
    postgres, duck = by_postgres(rules, cases), by_duckdb(rules, cases)
    browser, whole = in_browser(rules, cases, tmp_path), in_bitmaps(rules, cases)
    verdicts: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    for i, (rule, facts) in enumerate(zip(rules, cases, strict=True)):
        ready, world = compile_rule(RuleSpec.model_validate(rule)), World(rule)
        names = [name for name in ready.spec.outputs if name != "verdict"]
        sweep = Sweep([ready])
        for j, each in enumerate(facts):
            said, outputs = interpreted(rule, world, each)
            result = run(ready, each, DAY)
            got = {
                "diagram": (result.verdict, result.outputs),
                "sweep": (sweep.decide(each, DAY)[0], outputs),
                "bitmaps": (whole[i][j], outputs),
                "postgresql": in_row(postgres[i][j], names),
                "duckdb": in_row(duck[i][j], names),
                "browser": (browser[i][j]["verdict"], browser[i][j]["outputs"]),
            }
            where = f"RULES_SEED={SEED} rule {i} {json.dumps(rule, default=str)} facts {each}"
            for reader, answer in got.items():
                assert (answer[0], _lists(answer[1])) == (said, _lists(outputs)), f"{reader}: {where}"
            missing = world.missing(each) if j % 10 == 0 else set(result.missing)
            assert set(result.missing) == missing == set(browser[i][j]["missing"]), where
            verdicts[said] += 1
    assert min(verdicts.values()) > RULES * FACTS / 50, verdicts


def _lists(outputs: Any) -> dict[str, Any]:
    """Outputs as every reader can say them: lists for sets, and nothing for empty lists."""
    plain = {n: list(v) if isinstance(v, tuple) else v for n, v in dict(outputs).items()}
    return {name: value for name, value in plain.items() if value != []}


def in_row(row: tuple[Any, ...], names: list[str]) -> tuple[Any, Raw]:
    """Verdict and outputs in a row of a database, where both expressions must give the same verdict."""
    short, said, *outputs = row
    assert short is said, row
    return said, {name: value for name, value in zip(names, outputs, strict=True) if value is not None}


def test_all_kinds_of_facts_are_tried() -> None:
    dice = random.Random(SEED)
    assert {kind for _ in range(RULES) for kind in a_rule(dice)["facts"]} == set(SPECS)
