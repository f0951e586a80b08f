"""Conditions (条件): what a cell of a table or a leaf of an expression demands of one fact.

A cell is written as one thinks it: a value (`true`, `E01`), a list (any of them), a comparison (`">= 60"`), an
interval (`"[18, 60)"`), `{not: …}`, and for facts with many values `{all: […]}`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shanzhi.rules.facts import ORDERED, PREFIXED, FactError, FactSpec

COMPARISON = re.compile(r"(>=|<=|>|<|!=|=)\s*(\S+)")
INTERVAL = re.compile(r"([\[(])\s*([^,\s]+)\s*,\s*([^,\s]+)\s*([\])])")


@dataclass(frozen=True, slots=True)
class Is:
    """Equal to the value; for a fact with many values: the value is among them."""

    value: Any


@dataclass(frozen=True, slots=True)
class Within:
    """A code at or below this one (prefix)."""

    code: str


@dataclass(frozen=True, slots=True)
class Between:
    """An interval; an end that is None is open without limit."""

    low: Any = None
    high: Any = None
    low_in: bool = True
    high_in: bool = True


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Condition", ...]


Atom = Is | Within | Between
Condition = Atom | Not | AnyOf | AllOf


def parse(fact: FactSpec, cell: Any) -> Condition:
    """Reads a cell. Raises FactError saying what is wrong with it."""
    if isinstance(cell, dict):
        return _operator(fact, cell)
    if isinstance(cell, list | tuple):
        if not cell:
            raise FactError("an empty list matches nothing")
        return AnyOf(tuple(parse(fact, each) for each in cell))
    if fact.type in ORDERED and isinstance(cell, str):
        return _range(fact, cell.strip())
    value = fact.one(cell)
    return Within(value) if fact.type in PREFIXED else Is(value)


def holds(condition: Condition, value: Any) -> bool:
    """Whether a value of the fact meets the condition."""
    match condition:
        case Is(wanted):
            return wanted in value if isinstance(value, frozenset) else bool(value == wanted)
        case Within(code):
            return bool(value.startswith(code))
        case Between():
            return _inside(condition, value)
        case Not(part):
            return not holds(part, value)
        case AnyOf(parts):
            return any(holds(part, value) for part in parts)
        case AllOf(parts):
            return all(holds(part, value) for part in parts)


def atoms(condition: Condition) -> Iterator[Atom]:
    """The parts that compare with a constant."""
    match condition:
        case Not(part):
            yield from atoms(part)
        case AnyOf(parts) | AllOf(parts):
            for each in parts:
                yield from atoms(each)
        case _:
            yield condition


def _operator(fact: FactSpec, cell: dict[Any, Any]) -> Condition:
    if set(cell) == {"not"}:
        return Not(parse(fact, cell["not"]))
    if set(cell) == {"all"} and isinstance(cell["all"], list | tuple) and cell["all"]:
        return AllOf(tuple(parse(fact, each) for each in cell["all"]))
    raise FactError(f"expected {{not: …}} or {{all: […]}}, got {cell!r}")


def _range(fact: FactSpec, text: str) -> Condition:
    if found := INTERVAL.fullmatch(text):
        low, high = fact.one(found[2]), fact.one(found[3])
        closed = found[1] == "[", found[4] == "]"
        if low > high or (low == high and closed != (True, True)):
            raise FactError(f"the interval {text} is empty")
        return Between(low, high, *closed)
    if found := COMPARISON.fullmatch(text):
        return _comparison(found[1], fact.one(found[2]))
    return Is(fact.one(text))


def _comparison(sign: str, value: Any) -> Condition:
    match sign:
        case "=":
            return Is(value)
        case "!=":
            return Not(Is(value))
        case ">" | ">=":
            return Between(low=value, low_in=sign == ">=")
    return Between(high=value, high_in=sign == "<=")


def _inside(span: Between, value: Any) -> bool:
    if span.low is not None and (value < span.low or (value == span.low and not span.low_in)):
        return False
    return span.high is None or value < span.high or (value == span.high and span.high_in)
