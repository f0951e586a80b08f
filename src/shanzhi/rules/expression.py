"""Expressions (表达式): `all`, `any` and `not` over conditions on facts.

A leaf is a mapping of facts to cells, all of which must hold (`{age: ">= 60", resident: true}`), or, to say
why, `{if: {age: ">= 60"}, reason: {zh: …, en: …}, basis: …, remedy: {zh: …, en: …}}`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shanzhi.rules.conditions import Condition
from shanzhi.rules.facts import Title

Path = tuple[str | int, ...]
ReadCell = Callable[[str, Any, Path], Condition | None]
Complain = Callable[[Path, str, str], None]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition on one fact; `number` counts the leaves from 1 in the order of the file."""

    number: int
    fact: str
    condition: Condition
    path: Path
    reason: Title | None = None
    basis: str = ""
    remedy: Title | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """`all` or `any` of its parts, or `not` its only part."""

    op: str
    parts: tuple["Leaf | Branch", ...]


Expression = Leaf | Branch


def leaves(expression: Expression) -> Iterator[Leaf]:
    """The leaves in the order of the file."""
    if isinstance(expression, Leaf):
        yield expression
    else:
        for part in expression.parts:
            yield from leaves(part)


class Parser:
    """Reads an expression, telling of each fault where it is; parts with a fault are left out."""

    def __init__(self, cell: ReadCell, complain: Complain) -> None:
        self.cell = cell
        self.complain = complain
        self.count = 0

    def parse(self, raw: Any, path: Path) -> Expression | None:
        """The expression at `path`; None when nothing of it can be read."""
        if not isinstance(raw, dict) or not raw:
            self.complain(path, "expression", f"expected all, any, not or conditions on facts, got {raw!r}")
            return None
        for op in ("all", "any", "not"):
            if op in raw:
                return self._branch(op, raw, path)
        if "if" in raw:
            return self._explained(raw, path)
        return self._leaf(raw, path, {})

    def _branch(self, op: str, raw: dict[str, Any], path: Path) -> Expression | None:
        if len(raw) > 1:
            self.complain(
                path, "expression", f"{op} stands alone, but there is also {sorted(set(raw) - {op})}"
            )
        inner = raw[op]
        if op == "not":
            part = self.parse(inner, (*path, op))
            return Branch(op, (part,)) if part else None
        if not isinstance(inner, list | tuple) or not inner:
            self.complain((*path, op), "expression", f"{op} needs a list")
            return None
        parts = [self.parse(each, (*path, op, i)) for i, each in enumerate(inner)]
        return Branch(op, tuple(part for part in parts if part))

    def _explained(self, raw: dict[str, Any], path: Path) -> Expression | None:
        if unknown := sorted(set(raw) - {"if", "reason", "basis", "remedy"}):
            self.complain(
                path, "expression", f"beside if only reason, basis and remedy are known, not {unknown}"
            )
        said: dict[str, Any] = {"basis": str(raw.get("basis", ""))}
        for name in {"reason", "remedy"} & set(raw):
            try:
                said[name] = Title.model_validate(raw[name])
            except ValidationError:
                self.complain((*path, name), "expression", f"{name} needs zh and en")
        if not isinstance(raw["if"], dict) or not raw["if"]:
            self.complain((*path, "if"), "expression", "if needs conditions on facts")
            return None
        return self._leaf(raw["if"], (*path, "if"), said)

    def _leaf(self, raw: dict[str, Any], path: Path, said: dict[str, Any]) -> Expression | None:
        found = []
        for fact, cell in raw.items():
            condition = self.cell(fact, cell, (*path, fact))
            if condition is not None:
                self.count += 1
                found.append(Leaf(self.count, fact, condition, (*path, fact), **said))
        if len(found) == 1:
            return found[0]
        return Branch("all", tuple(found)) if found else None
