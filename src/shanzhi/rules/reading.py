"""A rule with all its cells read: conditions, outcomes and examples as typed values, and what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shanzhi.rules import deriving
from shanzhi.rules.conditions import Condition, parse
from shanzhi.rules.diagram import Outcome
from shanzhi.rules.expression import Expression, Leaf, Parser, Path, leaves
from shanzhi.rules.facts import FactError
from shanzhi.rules.schema import RuleSpec


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a rule: the path of the part in its file, a code and a sentence."""

    path: Path
    code: str
    message: str

    def __str__(self) -> str:
        return f"{'.'.join(str(part) for part in self.path)}: {self.message}"


@dataclass
class Reading:
    """The parts of a rule. `outcomes`: of each row, and last of no row; an outcome is (truth, *outputs)."""

    spec: RuleSpec
    rows: list[dict[str, Condition]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    expression: Expression | None = None
    derivations: dict[str, deriving.Derivation] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def complain(self, path: Path, code: str, message: str) -> None:
        self.findings.append(Finding(path, code, message))

    def cell(self, fact: str, cell: Any, path: Path) -> Condition | None:
        """The condition in a cell; None and a finding when it cannot be read."""
        if fact not in self.spec.facts:
            self.complain(path, "unknown_fact", f"there is no fact {fact!r}")
            return None
        try:
            return parse(self.spec.facts[fact], cell)
        except FactError as error:
            self.complain(path, "type", f"{fact}: {error}")
        return None

    def then(self, raw: dict[str, Any], path: Path, *, complete: bool = True) -> dict[str, Any]:
        """Outputs as typed values."""
        values = {}
        for name, value in raw.items():
            if name not in self.spec.outputs:
                self.complain((*path, name), "unknown_output", f"there is no output {name!r}")
                continue
            try:
                values[name] = self._output(name, value)
            except FactError as error:
                self.complain((*path, name), "type", f"{name}: {error}")
        if complete and (left := sorted(set(self.spec.outputs) - set(raw))):
            self.complain(path, "no_output", f"nothing is said for {', '.join(left)}")
        return values

    def _output(self, name: str, raw: Any) -> Any:
        """A typed value, or the formula that gives it."""
        output = self.spec.outputs[name]
        if not isinstance(raw, dict) or set(raw) != {"formula"}:
            return output.read(raw)
        if output.type not in ("int", "decimal") or output.many or self.spec.policy == "collect":
            raise FactError("only one int or decimal can be computed, and not where all rows are collected")
        return deriving.formula(self.spec, str(raw["formula"]), whole=output.type == "int")

    def conditions(self) -> Iterator[tuple[int, str, Condition]]:
        """All conditions as (row or leaf from 0, fact, condition)."""
        for number, row in enumerate(self.rows):
            for fact, condition in row.items():
                yield number, fact, condition
        if self.expression:
            for leaf in leaves(self.expression):
                yield leaf.number - 1, leaf.fact, leaf.condition

    def leaves(self) -> list[Leaf]:
        return list(leaves(self.expression)) if self.expression else []

    def path(self, number: int, fact: str) -> Path:
        """Where the condition of a row or leaf (from 0) on a fact stands."""
        if self.expression:
            return self.leaves()[number].path
        return "rows", number, "when", fact


def read(spec: RuleSpec) -> Reading:
    """Reads all cells of a rule; what is wrong is in `findings`."""
    reading = Reading(spec)
    reading.derivations = deriving.read(spec, reading.complain)
    if spec.when is not None:
        reading.expression = Parser(reading.cell, reading.complain).parse(spec.when, ("when",))
        return reading
    for number, row in enumerate(spec.rows):
        cells = {
            fact: condition
            for fact, raw in row.when.items()
            if (condition := reading.cell(fact, raw, ("rows", number, "when", fact))) is not None
        }
        reading.rows.append(cells)
        reading.outcomes.append(_outcome(reading, row.then, ("rows", number)))
    if spec.otherwise:
        reading.outcomes.append(_outcome(reading, spec.otherwise.then, ("otherwise",)))
    else:
        empty = () if spec.policy == "collect" else None
        reading.outcomes.append((False, *[empty for _ in spec.outputs]))
    return reading


def _outcome(reading: Reading, then: dict[str, Any], path: Path) -> Outcome:
    values = reading.then(then, (*path, "then"))
    return (True, *[values.get(name) for name in reading.spec.outputs])
