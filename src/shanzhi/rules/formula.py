"""Formulas (算式) in Decimal over facts: `800 - income / persons`, `years(born)`, `min(3000, 12 * rent)`.

A formula is computed on bounds, so that it says what is certain while some facts are known only between two
limits: where all are known, both bounds are the value. Bounds are sound, and exact where each fact occurs once.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from shanzhi.rules.facts import FactError

Bounds = tuple[Any, Any]
"""The least and the greatest value; None where there is no limit."""
ANY: Bounds = (None, None)
WHOLE = ("years", "months", "days", "floor", "ceil")
DATES = ("years", "months", "days")
CALLS = {"min": 0, "max": 0, "round": 2, **dict.fromkeys(WHOLE, 1)}
SIGNS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
Part = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read. `part` is a tree of ("number", n), ("fact", name) and (sign or function, *parts)."""

    text: str
    part: Part

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it computes with, in the order in which they occur."""
        return tuple(dict.fromkeys(_names(self.part)))

    @property
    def dates(self) -> frozenset[str]:
        """Those of its facts that are days."""
        return frozenset(_days(self.part))

    def whole(self, integers: frozenset[str]) -> bool:
        """Whether the value is a whole number whenever these facts are."""
        return _whole(self.part, integers)

    def bounds(self, of: Callable[[str], Bounds], day: date) -> Bounds:
        """Between which limits the value lies as of a day. Raises FactError where it divides by nothing."""
        return _bounds(self.part, of, day)

    def value(self, facts: Mapping[str, Any], day: date) -> Decimal:
        """The value for known facts."""
        low, _ = self.bounds(lambda name: (facts[name], facts[name]), day)
        return Decimal(low)


def parse(text: str) -> Formula:
    """Raises FactError saying what cannot be read."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        raise FactError(f"the formula {text!r} cannot be read") from None
    return Formula(text, _read(tree.body))


def _read(node: ast.expr) -> Part:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return "number", Decimal(str(number))
        case ast.Name(id=name):
            return "fact", name
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return "-", ("number", Decimal(0)), _read(inner)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
            return SIGNS[type(op)], _read(left), _read(right)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in CALLS:
            return _call(name, args)
    raise FactError(f"{ast.unparse(node)!r} is not known in formulas")


def _call(name: str, args: list[ast.expr]) -> Part:
    parts = [_read(each) for each in args]
    if name == "round":
        if len(parts) == 1:
            parts.append(("number", Decimal(0)))
        if len(parts) != 2 or parts[1][0] != "number":
            raise FactError("round needs a value and a number of places")
    elif (CALLS[name] == 1 and len(parts) != 1) or not parts:
        raise FactError(f"{name} has {len(parts)} parts")
    if name in DATES and parts[0][0] != "fact":
        raise FactError(f"{name} needs a fact that is a day")
    return name, *parts


def _names(part: Part) -> list[str]:
    if part[0] == "fact":
        return [part[1]]
    return [] if part[0] == "number" else [name for each in part[1:] for name in _names(each)]


def _days(part: Part) -> list[str]:
    if part[0] in ("fact", "number"):
        return []
    return _names(part[1]) if part[0] in DATES else [name for each in part[1:] for name in _days(each)]


def _whole(part: Part, integers: frozenset[str]) -> bool:
    op = part[0]
    if op == "number":
        return bool(part[1] == part[1].to_integral_value())
    if op == "fact":
        return part[1] in integers
    if op in WHOLE or (op == "round" and part[2][1] == 0):
        return True
    return op not in ("/", "round") and all(_whole(each, integers) for each in part[1:])


def _bounds(part: Part, of: Callable[[str], Bounds], day: date) -> Bounds:
    op = part[0]
    if op == "number":
        return part[1], part[1]
    if op == "fact":
        return _exact(of(part[1]))
    if op in DATES:
        low, high = of(part[1][1])
        count = COUNTS[op]
        return (None if high is None else count(high, day)), (None if low is None else count(low, day))
    parts = [_bounds(each, of, day) for each in part[1:]]
    if op in ("floor", "ceil", "round"):
        places = int(part[2][1]) if op == "round" else 0
        low, high = (None if end is None else _rounded(op, end, places) for end in parts[0])
        return low, high
    if op in ("min", "max"):
        return _extreme(op, parts)
    return ARITHMETIC[op](*parts)


def _exact(bounds: Bounds) -> Bounds:
    """Bounds of a number as decimals."""
    low, high = bounds
    return (None if low is None else Decimal(low)), (None if high is None else Decimal(high))


def _rounded(op: str, value: Decimal, places: int) -> Decimal:
    way = {"floor": ROUND_FLOOR, "ceil": ROUND_CEILING, "round": ROUND_HALF_UP}[op]
    return value.quantize(Decimal(1).scaleb(-places), rounding=way)


def _extreme(op: str, parts: list[Bounds]) -> Bounds:
    """min and max: an end without limit stays so only where no other part sets one."""
    lows, highs = [p[0] for p in parts], [p[1] for p in parts]
    if op == "min":
        known = [high for high in highs if high is not None]
        return (None if None in lows else min(lows)), (min(known) if known else None)
    known = [low for low in lows if low is not None]
    return (max(known) if known else None), (None if None in highs else max(highs))


def _plus(a: Bounds, b: Bounds) -> Bounds:
    low = None if a[0] is None or b[0] is None else a[0] + b[0]
    return low, None if a[1] is None or b[1] is None else a[1] + b[1]


def _negated(a: Bounds) -> Bounds:
    return (None if a[1] is None else -a[1]), (None if a[0] is None else -a[0])


def _minus(a: Bounds, b: Bounds) -> Bounds:
    return _plus(a, _negated(b))


def _times(a: Bounds, b: Bounds) -> Bounds:
    for one, other in ((a, b), (b, a)):
        if one[0] is not None and one[0] == one[1]:
            return _scaled(other, one[0])
        if one[0] is not None and one[0] >= 0 and other[0] is not None and other[0] >= 0:
            return one[0] * other[0], None if one[1] is None or other[1] is None else one[1] * other[1]
    if None in (*a, *b):
        return ANY
    ends = [x * y for x in a for y in b]
    return min(ends), max(ends)


def _scaled(a: Bounds, by: Decimal) -> Bounds:
    low, high = (None if end is None else end * by for end in a)
    if by == 0:
        return by, by
    return (low, high) if by > 0 else (high, low)


def _by(a: Bounds, b: Bounds) -> Bounds:
    low, high = b
    if low == high == 0 and low is not None:
        raise FactError("the formula divides by nothing")
    if low is not None and low > 0:
        return (
            _times(a, (Decimal(0) if high is None else 1 / high, 1 / low))
            if low != high
            else _exactly(a, low)
        )
    return _negated(_by(a, _negated(b))) if high is not None and high < 0 else ANY


def _exactly(a: Bounds, divisor: Decimal) -> Bounds:
    """Divided by a known number: not multiplied by its inverse, which may be rounded."""
    return (None if a[0] is None else a[0] / divisor), (None if a[1] is None else a[1] / divisor)


ARITHMETIC: dict[str, Callable[[Bounds, Bounds], Bounds]] = {"+": _plus, "-": _minus, "*": _times, "/": _by}


def years(since: date, day: date) -> int:
    """Completed years (周岁): whoever is born on 29 February completes one on 1 March of other years."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def months(since: date, day: date) -> int:
    """Completed months."""
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)


COUNTS: dict[str, Callable[[date, date], int]] = {
    "years": years, "months": months, "days": lambda since, day: (day - since).days
}  # fmt: skip
