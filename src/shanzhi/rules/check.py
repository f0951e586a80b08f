"""Checking a rule (规则校验): what is wrong with it, each finding with the path of its cell or row.

Types and names; rows that can never decide; facts that never matter; gaps; overlaps; golden examples.
"""

from typing import Any

from shanzhi.rules.diagram import LIMIT, Diagram, TooComplex
from shanzhi.rules.evaluate import Answer, BadRule, Rule, evaluate
from shanzhi.rules.expression import Path
from shanzhi.rules.facts import FactError
from shanzhi.rules.formula import Formula
from shanzhi.rules.machines import Table, Tree
from shanzhi.rules.reading import Finding, Reading, read
from shanzhi.rules.schema import Example, RuleSpec

LISTED = 5


def check(spec: RuleSpec) -> list[Finding]:
    """All that is wrong with a rule, in the order of kinds."""
    reading = read(spec)
    if reading.findings:
        _examples_read(reading)
        return reading.findings
    try:
        rule = Rule(spec, reading)
    except BadRule as error:
        return [Finding(tuple(e.field.split(".")), "type", e.message) for e in error.errors]
    given = _examples_read(reading)
    findings = reading.findings + _meaning(rule)
    if given is not None and not findings:
        findings = _examples(rule, given)
    return findings


def _meaning(rule: Rule) -> list[Finding]:
    """What a look at the whole diagram shows."""
    every = (1 << len(rule.names)) - 1
    rule.diagram = Diagram(rule.machine, rule.id, LIMIT // 2, rule.places)
    try:
        number, winners = rule.diagram.reach(rule.machine.start, every)
    except TooComplex:
        return [Finding((), "too_complex", _COMPLEX)]
    support = rule.diagram.nodes[number].support | _computed_with(rule)
    findings = _unreachable(rule, winners) if isinstance(rule.machine, Table) else []
    if not isinstance(rule.machine, Table) and not support:
        findings.append(
            Finding(("when",), "constant", "the expression has the same value whatever the facts")
        )
    elif not findings:
        for i, name in enumerate(rule.names):
            if not support >> i & 1:
                findings.append(Finding(("facts", name), "idle_fact", f"{name} can never change the answer"))
    if isinstance(rule.machine, Table):
        findings += _gaps(rule, winners) + (_overlaps(rule) if rule.spec.policy == "unique" else [])
    return findings


def _computed_with(rule: Rule) -> int:
    """The facts (bits) that others are computed from."""
    named = {name for each in rule.derivations.values() if isinstance(each, Formula) for name in each.facts}
    return sum(1 << rule.places[name] for name in named)


_COMPLEX = "the rule has too many combinations to be decided exactly; split it into several rules"


def _unreachable(rule: Rule, winners: int) -> list[Finding]:
    """Rows that no facts lead to, because their conditions exclude each other or earlier rows take all."""
    together = _together(rule)
    findings = []
    for row in range(len(rule.reading.rows)):
        if not together[row] >> row & 1:
            cells = ", ".join(rule.reading.rows[row])
            findings.append(
                Finding(("rows", row), "unreachable", f"row {row + 1} can never match: see its cells {cells}")
            )
        elif rule.spec.policy == "first" and not winners >> row & 1:
            earlier = _rows(together[row] & ((1 << row) - 1))
            message = f"row {row + 1} is never reached: {earlier} before it take all that it matches"
            findings.append(Finding(("rows", row), "unreachable", message))
    return findings


def _gaps(rule: Rule, winners: int) -> list[Finding]:
    table = rule.machine
    spec = rule.spec
    if not isinstance(table, Table) or spec.policy == "collect":
        return []
    open_end = bool(winners & table.nobody)
    if spec.otherwise is None and open_end:
        facts = _gap(rule, table, table.start, (1 << len(rule.names)) - 1)
        shown = ", ".join(f"{name}={_shown(value)}" for name, value in facts.items()) or "any facts"
        message = f"no row matches {shown}; add a row, or otherwise"
        return [Finding(("rows",), "gap", message)]
    if spec.otherwise is not None and not open_end:
        return [
            Finding(("otherwise",), "unreachable", "otherwise is never reached: the rows match all facts")
        ]
    return []


def _gap(rule: Rule, table: Table, state: int, unknown: int) -> dict[str, Any]:
    """Facts for which no row matches; there must be some."""
    state, unknown = table.settle(state, unknown)
    facts: dict[str, Any] = {}
    while unknown:
        bit = unknown & -unknown
        fact = bit.bit_length() - 1
        for index in table.classes(fact):
            after = table.step(state, fact, index)
            if rule.diagram.reach(after, unknown ^ bit)[1] & table.nobody:
                facts[rule.names[fact]] = rule.domains[fact].sample(index)
                state, unknown = table.settle(after, unknown ^ bit)
                break
    return facts


def _overlaps(rule: Rule) -> list[Finding]:
    findings = []
    for row, others in enumerate(_together(rule)):
        before = others & ((1 << row) - 1)
        if before:
            message = f"row {row + 1} and {_rows(before)} can match the same facts, and only one may"
            findings.append(Finding(("rows", row), "overlap", message))
    return findings


def _together(rule: Rule) -> list[int]:
    """For each row the rows (bits) that can match together with it; itself, if it can match at all."""
    columns = rule.machine.columns
    result = []
    for row in range(len(rule.reading.rows)):
        bits = -1
        for column in columns:
            here = 0
            for index in column.classes():
                if column[index] >> row & 1:
                    here |= column[index]
            bits &= here
        result.append(bits)
    return result


def _rows(bits: int) -> str:
    numbers = [str(i + 1) for i in range(bits.bit_length()) if bits >> i & 1]
    more = f" and {len(numbers) - LISTED} more" if len(numbers) > LISTED else ""
    return f"row{'s' if len(numbers) > 1 else ''} {', '.join(numbers[:LISTED])}{more}"


def _shown(value: Any) -> str:
    if isinstance(value, frozenset):
        return "[" + ", ".join(sorted(value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _examples_read(reading: Reading) -> list[tuple[dict[str, Any], dict[str, Any]]] | None:
    """The typed facts and outputs of the golden examples; None when some cannot be read."""
    spec = reading.spec
    before = len(reading.findings)
    result = []
    for i, example in enumerate(spec.examples):
        path: Path = ("examples", i)
        given = {}
        for name, raw in example.given.items():
            if name not in spec.facts:
                reading.complain((*path, "given", name), "unknown_fact", f"there is no fact {name!r}")
                continue
            try:
                given[name] = spec.facts[name].read(raw)
            except FactError as error:
                reading.complain((*path, "given", name), "type", f"{name}: {error}")
        for name in example.missing or ():
            if name not in spec.facts:
                reading.complain((*path, "missing"), "unknown_fact", f"there is no fact {name!r}")
        then = {} if spec.policy == "collect" else reading.then(example.then, (*path, "then"), complete=False)
        result.append((given, then))
    return result if len(reading.findings) == before else None


def _examples(rule: Rule, read: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[Finding]:
    findings: list[Finding] = []
    shown: set[Any] = set()
    for i, (example, (given, then)) in enumerate(zip(rule.spec.examples, read, strict=True)):
        answer = evaluate(rule, given)
        shown |= {answer.truth} if isinstance(rule.machine, Tree) else _decided(answer)
        name = example.name or f"example {i + 1}"
        for part, wanted, got in _differences(example, then, answer):
            path: Path = ("examples", i, *part)
            findings.append(Finding(path, "example", f"{name}: expected {wanted}, the rule says {got}"))
    return findings + (_uncovered(rule, shown) if rule.spec.cover else [])


def _decided(answer: Answer) -> set[Any]:
    return set(answer.rows) if answer.truth is not None and not answer.missing else set()


def _differences(example: Example, then: dict[str, Any], answer: Answer) -> list[tuple[Path, str, str]]:
    found: list[tuple[Path, str, str]] = []
    truth = {True: "true", False: "false", None: "unknown"}[answer.truth]
    if example.truth is not None and str(example.truth).lower() != truth:
        found.append((("truth",), str(example.truth).lower(), truth))
    for name, wanted in (then or example.then).items():
        got = answer.outputs.get(name)
        if (tuple(wanted) if isinstance(got, tuple) else wanted) != got:
            found.append((("then", name), f"{name} {_text(wanted)}", _text(got)))
    if example.missing is not None and set(example.missing) != set(answer.missing):
        found.append((("missing",), f"missing {_text(example.missing)}", _text(answer.missing)))
    if example.row is not None and answer.rows != (example.row,):
        found.append((("row",), f"row {example.row}", f"rows {_text(answer.rows)}"))
    return found


def _text(value: Any) -> str:
    if isinstance(value, tuple | list):
        return "[" + ", ".join(str(each) for each in value) + "]"
    return "nothing" if value is None else str(value)


def _uncovered(rule: Rule, shown: set[Any]) -> list[Finding]:
    """Rows, or truth values, that no golden example shows."""
    if isinstance(rule.machine, Tree):
        return [
            Finding(("examples",), "uncovered", f"no golden example is {str(truth).lower()}")
            for truth in (True, False)
            if truth not in shown
        ]
    found = [
        Finding(("rows", row), "uncovered", f"row {row + 1} has no golden example")
        for row in range(len(rule.reading.rows))
        if row + 1 not in shown
    ]
    if rule.spec.otherwise and 0 not in shown:
        found.append(Finding(("otherwise",), "uncovered", "otherwise has no golden example"))
    return found
