"""Rules: decisions a second on complete facts and with facts missing, in one run on one core.

Run: .venv/bin/python -m bench.rules. All times are processor time, so that it matters less who else is at work.

Beside it zen-engine and OpenFisca-Core on the same table of 20 rows, when they are installed in an environment of
their own (`var/peers`, or PEERS=its Python; see docs/rules.md), and what `bench/rules_people.py` measures.

Beside them, as the limit, a plain dictionary from (category, area) to the same outputs: it knows no types, no
prefixes, no intervals and nothing of what is unknown. `cold` forgets everything before each decision; it is
what the first decision with a new combination of facts costs.
"""

import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bench import rules_people
from shanzhi.rules.diagram import Diagram
from shanzhi.rules.evaluate import Rule, evaluate
from shanzhi.rules.schema import RuleSpec

ROOT = Path(__file__).parent.parent
PACK = ROOT / "packs" / "wuhou" / "rules"
CASES = 20_000
PEERS = 2_000
ITEMS = 60  # of the generated ones, for the questions of the guide
COLD = 200
Facts = dict[str, Any]
HEAD = {
    "id": "bench",
    "version": 1,
    "title": {"zh": "测", "en": "Bench"},
    "valid": {"from": "2026-01-01"},
    "source": {"kind": "sample", "document": "样例"},
}


def wide(rows: int) -> Rule:
    """A table of 20 areas for each category, told apart by equality; 200 rows are 10 categories."""
    categories = [f"E{i:02}01" for i in range(rows // 20)]
    body = [
        {
            "when": {"category": c, "area": f"510107{i:03}"},
            "then": {"lead": f"org-{(j * 7 + i) % 30}", "limit": "24h"},
        }
        for j, c in enumerate(categories)
        for i in range(20)
    ]
    return Rule(
        RuleSpec.model_validate(
            HEAD
            | {
                "facts": {"category": {"type": "category"}, "area": {"type": "area"}},
                "outputs": {"lead": {"type": "org"}, "limit": {"type": "span"}},
                "rows": body,
                "otherwise": {"then": {"lead": "centre", "limit": "5wd"}},
            }
        )
    )


def mixed() -> Rule:
    """A table of 20 rows over seven facts of all kinds, like an allowance."""
    dice = random.Random(7)
    cells: dict[str, Callable[[], Any]] = {
        "age": lambda: f"[{(low := dice.randrange(0, 80))}, {low + dice.randrange(5, 30)})",
        "income": lambda: f"<= {dice.randrange(1, 9) * 500}",
        "registered": lambda: dice.random() < 0.7,
        "household": lambda: dice.choice(["single", "couple", "family"]),
        "area": lambda: f"510107{dice.randrange(1, 9):03}",
        "since": lambda: f">= 20{dice.randrange(10, 26)}-01-01",
        "flags": lambda: dice.choice(["disabled", "veteran", "student"]),
    }
    rows = [
        {
            "when": {n: cells[n]() for n in dice.sample(list(cells), 3)},
            "then": {"amount": dice.randrange(4) * 100},
        }
        for _ in range(20)
    ]
    facts = {
        "age": {"type": "int", "min": 0, "max": 130},
        "income": {"type": "decimal", "min": 0},
        "registered": {"type": "bool"},
        "household": {"type": "enum", "values": ["single", "couple", "family"]},
        "area": {"type": "area"},
        "since": {"type": "date"},
        "flags": {"type": "enum", "many": True, "values": ["disabled", "veteran", "student"]},
    }
    outputs = {"amount": {"type": "int"}}
    end = {"then": {"amount": 0}}
    return Rule(
        RuleSpec.model_validate(HEAD | {"facts": facts, "outputs": outputs, "rows": rows, "otherwise": end})
    )


def demo(name: str) -> Rule:
    return Rule(RuleSpec.model_validate(yaml.safe_load((PACK / f"{name}.yaml").read_text(encoding="utf-8"))))


def people(rule: Rule, missing: float) -> list[Facts]:
    """Facts drawn from all classes of the rule, each left out with the given chance."""
    dice = random.Random(11)
    return [
        {
            name: domain.sample(dice.randrange(domain.size))
            for name, domain in zip(rule.names, rule.domains, strict=True)
            if dice.random() >= missing
        }
        for _ in range(CASES)
    ]


def per_second(work: Callable[[], Any], count: int) -> float:
    """The best of three runs."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return count / best


def warm(rule: Rule, cases: list[Facts]) -> float:
    return per_second(lambda: [evaluate(rule, facts) for facts in cases], len(cases))


def cold(rule: Rule, cases: list[Facts]) -> float:
    def work() -> None:
        for facts in cases[:COLD]:
            rule.answers.clear()
            rule.diagram = Diagram(rule.machine, rule.id)
            evaluate(rule, facts)

    return per_second(work, COLD)


def limit(rule: Rule, cases: list[Facts]) -> float:
    """The same answers from a plain dictionary."""
    known = {(facts["category"], facts["area"]): evaluate(rule, facts).outputs for facts in cases}
    return per_second(lambda: [known[facts["category"], facts["area"]] for facts in cases], len(cases))


def peers(rule: Rule, cases: list[Facts]) -> dict[str, float]:
    """Decisions a second of zen-engine and OpenFisca-Core on the same table and complete facts; none, if not there."""
    python = Path(os.environ.get("PEERS", ROOT / "var" / "peers" / "bin" / "python"))
    if not python.exists():
        return {}
    rows = [{"when": {n: days(c) for n, c in row.when.items()}, "then": row.then} for row in rule.spec.rows]
    asked = {
        "rows": rows,
        "people": [{name: plain(value) for name, value in facts.items()} for facts in cases],
        "right": [evaluate(rule, facts).outputs["amount"] for facts in cases],
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(asked, file)
        file.flush()
        command = [str(python), "-m", "bench.rules_peers", file.name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {f"peer_{name}": round(each) for name, each in json.loads(done.stdout).items()}


def days(cell: Any) -> Any:
    """A cell with days as their numbers: the peers compare numbers."""
    if not isinstance(cell, str) or "-" not in cell:
        return cell
    sign, day = cell.split()
    return f"{sign} {date.fromisoformat(day).toordinal()}"


def plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.toordinal()
    return float(value) if isinstance(value, Decimal) else value


def main() -> None:
    table = Table("rule", "rows", "facts", "missing", "decisions/s", "µs", "cold/s", "unknown", title="Rules")
    figures: dict[str, Any] = {"bench": "rules"}
    big = wide(200)
    bare = limit(big, people(big, 0))
    for name, rule in {
        "200 rows, equality": big,
        "20 rows, seven facts": mixed(),
        "responsibility": demo("responsibility"),
        "urgency": demo("urgency"),
        "public-report": demo("public-report"),
    }.items():
        for missing in (0.0, 0.4):
            cases = people(rule, missing)
            fast, slow = warm(rule, cases), cold(rule, cases)
            unknown = sum(evaluate(rule, facts).truth is None for facts in cases) / len(cases)
            key = f"{name.replace(',', '').replace(' ', '_')}_{'missing' if missing else 'complete'}"
            figures[key] = round(fast)
            figures[f"{key}_cold"] = round(slow)
            rows = str(len(rule.spec.rows) or len(rule.reading.leaves()))
            part = f"{missing:.0%}"
            table.add_row(
                name, rows, str(len(rule.names)), part, f"{fast:,.0f}", f"{1e6 / fast:.2f}", f"{slow:,.0f}",
                f"{unknown:.0%}",
            )  # fmt: skip
    figures["bare_dictionary"] = round(bare)
    figures["ratio"] = round(figures["200_rows_equality_complete"] / bare, 3)
    mine = figures["20_rows_seven_facts_complete"]
    figures |= peers(mixed(), people(mixed(), 0)[:PEERS])
    made = rules_people.items()
    figures |= rules_people.for_one(made) | rules_people.questions(made[:ITEMS]) | rules_people.for_all(made)
    console = Console()
    console.print(table)
    more = Table("what", "figure", title="Beside others, and many items")
    for name in [each for each in figures if each.startswith("peer_")]:
        times = figures[f"times_{name}"] = round(mine / figures[name], 1)
        said = f"{figures[name]:,.0f}/s, ours is {times} times as fast"
        more.add_row(f"{name}, 20 rows, complete facts", said)
    for line in rules_people.lines(figures):
        more.add_row(*line)
    console.print(more)
    console.print(f"A plain dictionary on the table of 200 rows: {bare:,.0f}/s; ratio {figures['ratio']}")
    console.out(json.dumps(figures), highlight=False)


if __name__ == "__main__":
    main()
