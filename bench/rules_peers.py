"""The table of `bench/rules.py` in zen-engine and OpenFisca-Core, on complete facts: neither decides exactly without.

Started by `bench/rules.py` with the Python of an environment of its own (see docs/rules.md), which knows nothing of
Shanzhi: the table, the facts and the right answers come as a file, the decisions a second go to standard output.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import zen
from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

FIELDS = ["age", "income", "registered", "household", "area", "since", "flags"]
PERIOD = "2026-01"
Rows = list[dict[str, Any]]


def cell(name: str, raw: Any) -> str:
    """A cell in zen's language; days are numbers of days."""
    if raw is None:
        return ""
    if name == "age":
        low, high = raw[1:-1].split(", ")
        return f"[{low}..{high})"
    if name == "registered":
        return str(raw).lower()
    if name == "household":
        return f'"{raw}"'
    if name == "area":
        return f'startsWith($, "{raw}")'
    return f'contains($, "{raw}")' if name == "flags" else str(raw)


def zen_decision(table: Rows) -> Any:
    rules = [
        {"_id": str(i), **{n: cell(n, row["when"].get(n)) for n in FIELDS}, "out": str(row["then"]["amount"])}
        for i, row in enumerate([*table, {"when": {}, "then": {"amount": 0}}])
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": n, "name": n, "field": n} for n in FIELDS],
        "outputs": [{"id": "out", "name": "amount", "field": "amount"}],
        "rules": rules,
    }
    at = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": at},
        {
            "id": "table",
            "type": "decisionTableNode",
            "name": "table",
            "position": at,
            "content": content,
        },
        {"id": "end", "type": "outputNode", "name": "end", "position": at},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "end"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def by_zen(table: Rows, people: Rows) -> list[Any]:
    decision = zen_decision(table)
    return [decision.evaluate(person)["result"]["amount"] for person in people]


def met(name: str, raw: Any, has: Callable[[str], Any]) -> Any:
    """A cell over the vectors of a simulation."""
    value = has(name if name != "flags" else raw)
    if name == "age":
        low, high = map(int, raw[1:-1].split(", "))
        return (value >= low) & (value < high)
    if name in ("income", "since"):
        sign, limit = raw.split()
        return value <= float(limit) if sign == "<=" else value >= float(limit)
    if name == "registered":
        return value == raw
    return value if name == "flags" else np.char.startswith(value.astype(str), raw)


def system(table: Rows) -> Any:
    person = entities.build_entity("person", "persons", "", is_person=True)
    made = taxbenefitsystems.TaxBenefitSystem([person])
    kinds = {"age": int, "income": float, "registered": bool, "household": str, "area": str, "since": int}
    for name, kind in {**kinds, **dict.fromkeys(["disabled", "veteran", "student"], bool)}.items():
        body = {
            "value_type": kind,
            "entity": person,
            "definition_period": periods.DateUnit.MONTH,
            "label": name,
        }
        made.add_variable(type(name, (variables.Variable,), body))

    def formula(people: Any, period: Any) -> Any:
        def has(name: str) -> Any:
            return people(name, period)

        rows = [np.logical_and.reduce([met(n, raw, has) for n, raw in row["when"].items()]) for row in table]
        return np.select(rows, [row["then"]["amount"] for row in table], 0)

    month = periods.DateUnit.MONTH
    body = {"value_type": int, "entity": person, "definition_period": month, "label": "", "formula": formula}
    made.add_variable(type("amount", (variables.Variable,), body))
    return made


def by_openfisca(made: Any, people: Rows) -> list[Any]:
    """All at once, as OpenFisca likes it best."""
    simulation = simulations.SimulationBuilder().build_default_simulation(made, count=len(people))
    for name in FIELDS[:-1]:
        simulation.set_input(name, PERIOD, np.array([person[name] for person in people]))
    for flag in ("disabled", "veteran", "student"):
        simulation.set_input(flag, PERIOD, np.array([flag in person["flags"] for person in people]))
    found: list[Any] = simulation.calculate("amount", PERIOD).tolist()
    return found


def rate(work: Callable[[], list[Any]], count: int) -> tuple[float, list[Any]]:
    began = time.process_time()
    answers = work()
    return count / (time.process_time() - began), answers


def main() -> None:
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    table, people, right = asked["rows"], asked["people"], asked["right"]
    made = system(table)
    few = people[:300]
    by_zen(table, people[:1])
    found = {
        "zen": rate(lambda: by_zen(table, people), len(people)),
        "openfisca_one": rate(lambda: [by_openfisca(made, [each])[0] for each in few], len(few)),
        "openfisca_all": rate(lambda: by_openfisca(made, people), len(people)),
    }
    for name, (_, answers) in found.items():
        wrong = sum(one != other for one, other in zip(answers, right[: len(answers)], strict=True))
        if wrong:
            raise SystemExit(f"{name}: {wrong} answers differ")
    sys.stdout.write(json.dumps({name: each for name, (each, _) in found.items()}))


if __name__ == "__main__":
    main()
