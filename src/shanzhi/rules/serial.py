"""The diagram of a rule as plain JSON, for the walker in the browser (`frontend/src/rules.ts`).

Only what can be reached with all facts unknown; classes of values as the constants between them.
"""

from typing import Any

from shanzhi.rules.automaton import below
from shanzhi.rules.domains import Codes, Domain, Flags, Line, Names, Sets, Steps
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.formula import Formula
from shanzhi.rules.running import always_true


def serialised(rule: Rule) -> dict[str, Any]:
    """The rule as JSON. Raises TooComplex."""
    diagram, [root] = rule.nodes([tuple(-1 for _ in rule.names)])
    numbers = {number: i for i, number in enumerate(sorted(below(diagram.nodes, root)))}
    nodes = [diagram.nodes[number] for number in numbers]
    names = list(rule.spec.outputs)
    return {
        "rule": f"{rule.id}@{rule.version}",
        "facts": [_fact(rule, i) for i in range(len(rule.names))],
        "outputs": names,
        "verdict": names.index("verdict") + 1 if "verdict" in names else 0,
        "always": always_true(rule) and "verdict" not in names,
        "root": numbers[root],
        "nodes": [
            {"fact": node.fact, "to": [numbers[child] for child in node.children]}
            if node.fact >= 0
            else {
                "fact": -1,
                "says": [_plain(value) for value in node.common],
                "needs": [i for i in range(len(rule.names)) if node.support >> i & 1],
            }
            for node in nodes
        ],
    }


def _fact(rule: Rule, fact: int) -> dict[str, Any]:
    """How a value finds its class, and which child of a node each class is."""
    column, domain = rule.machine.columns[fact], rule.domains[fact]
    places = {column[index]: i for i, index in enumerate(rule.machine.classes(fact))}
    to = [places[column[index]] for index in range(domain.size)]
    return {"name": rule.names[fact], **_domain(domain), "to": to}


def _domain(domain: Domain) -> dict[str, Any]:
    match domain:
        case Flags():
            return {"kind": "flag"}
        case Names():
            return {"kind": "name", "values": domain.values}
        case Codes():
            return {"kind": "code", "values": domain.constants}
        case Steps(dates=True):
            return {"kind": "day", "cuts": [domain.first(i).isoformat() for i in range(len(domain.cuts))]}
        case Steps():
            return {"kind": "number", "cuts": [[str(cut), False] for cut in domain.cuts]}
        case Line():
            return {"kind": "number", "cuts": [[f"{cut:f}", bool(after)] for cut, after in domain.cuts]}
        case Sets():
            return {"kind": "set", "values": domain.constants}
    raise TypeError(domain)


def _plain(value: Any) -> Any:
    if isinstance(value, Formula):
        return {"formula": value.text}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int) else str(value)
