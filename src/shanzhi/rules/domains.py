"""Domains (取值划分): how the constants of a rule divide the values of a fact into classes.

Two values of one class can never be told apart by the rule, and no class is empty: so what holds for one
sample of each class holds for every value there is, and three-valued answers can be exact.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from shanzhi.base.codes import LEVELS
from shanzhi.rules.conditions import Atom, Between, Is, Within
from shanzhi.rules.facts import FactError, FactSpec

MOST = 12


class Domain(Protocol):
    """The classes of one fact, numbered from 0."""

    size: int

    def locate(self, value: Any) -> int:
        """The class of a value. Raises FactError for a value that the fact cannot have."""

    def sample(self, index: int) -> Any:
        """Some value of a class."""


def domain(fact: FactSpec, constants: Iterable[Atom]) -> Domain:
    """The domain that the constants in all conditions on a fact induce."""
    known = list(constants)
    if fact.many:
        return Sets(fact, sorted({atom.value for atom in known if isinstance(atom, Is)}))
    match fact.type:
        case "bool":
            return Flags()
        case "enum":
            return Names(fact.values, closed=True)
        case "text":
            return Names(sorted({atom.value for atom in known if isinstance(atom, Is)}), closed=False)
        case "area" | "category":
            return Codes(fact.type, {atom.code for atom in known if isinstance(atom, Within)})
        case "decimal":
            return Line(fact, known)
    return Steps(fact, known)


def between(domain: Domain, low: Any, high: Any) -> int | tuple[int, int]:
    """The class of a value, or the lowest and highest of a value between two limits (None: no limit)."""
    first = 0 if low is None else domain.locate(low)
    last = domain.size - 1 if high is None else domain.locate(high)
    if first > last:
        raise FactError(f"{low} is more than {high}")
    return first if low is not None and low == high else (first, last)


class Flags:
    """Yes or no."""

    size = 2

    def locate(self, value: Any) -> int:
        if value is True:
            return 1
        if value is False:
            return 0
        raise FactError(f"expected true or false, got {value!r}")

    def sample(self, index: int) -> bool:
        return index == 1


class Names:
    """The values of an enum, or the texts that a rule knows and the rest of all texts."""

    def __init__(self, values: Iterable[str], *, closed: bool) -> None:
        self.values = list(values)
        self.index = {value: i for i, value in enumerate(self.values)}
        self.closed = closed
        self.size = len(self.values) + (not closed)

    def locate(self, value: Any) -> int:
        if not isinstance(value, str):
            raise FactError(f"expected a text, got {value!r}")
        found = self.index.get(value)
        if found is None:
            if self.closed:
                raise FactError(f"{value!r} is none of {', '.join(self.values)}")
            return len(self.values)
        return found

    def sample(self, index: int) -> str:
        return self.values[index] if index < len(self.values) else max(self.values, default="") + "…"


class Codes:
    """Codes that are hierarchical by prefix: a class is what lies in one constant and in none within it."""

    def __init__(self, kind: str, constants: set[str]) -> None:
        self.constants = sorted(constants)
        self.index = {code: i for i, code in enumerate(self.constants)}
        self.lengths = sorted({len(code) for code in constants}, reverse=True)
        self.outside = self._outside(kind)
        self.size = len(self.constants) + (self.outside is not None)
        self.valid = frozenset(LEVELS) if kind == "area" else frozenset(range(1, 10))

    def locate(self, value: Any) -> int:
        if not isinstance(value, str) or len(value) not in self.valid:
            raise FactError(f"expected a code, got {value!r}")
        index = self.index
        for length in self.lengths:
            found = index.get(value[:length])
            if found is not None:
                return found
        return len(self.constants)

    def sample(self, index: int) -> str:
        return self.constants[index] if index < len(self.constants) else self.outside or ""

    def _outside(self, kind: str) -> str | None:
        """A code in none of the constants; None when they leave none."""
        tops = [f"{n:02}" for n in range(10, 100)] if kind == "area" else [chr(c) for c in range(65, 91)]
        return next((top for top in tops if top not in self.index), None)


class Steps:
    """Whole numbers or days, cut into intervals between neighbouring values."""

    def __init__(self, fact: FactSpec, constants: Iterable[Atom]) -> None:
        self.dates = fact.type == "date"
        self.low = self._number(fact.min if fact.min is not None or not self.dates else date.min)
        self.high = self._number(fact.max if fact.max is not None or not self.dates else date.max)
        cuts: set[int] = set()
        for atom in constants:
            cuts |= self._cuts(atom)
        self.cuts = sorted(
            cut
            for cut in cuts
            if (self.low is None or cut > self.low) and (self.high is None or cut <= self.high)
        )
        self.size = len(self.cuts) + 1

    def _number(self, value: Any) -> Any:
        return value.toordinal() if self.dates and value is not None else value

    def _cuts(self, atom: Atom) -> set[int]:
        """The first numbers of the intervals that an atom tells apart."""
        if isinstance(atom, Is):
            number = self._number(atom.value)
            return {number, number + 1}
        assert isinstance(atom, Between)
        low, high = self._number(atom.low), self._number(atom.high)
        cuts = set() if low is None else {low + (not atom.low_in)}
        return cuts if high is None else cuts | {high + atom.high_in}

    def locate(self, value: Any) -> int:
        if type(value) is not (date if self.dates else int):
            raise FactError(f"expected a {'day' if self.dates else 'whole number'}, got {value!r}")
        number = self._number(value)
        if self.low is not None and number < self.low or self.high is not None and number > self.high:
            raise FactError(f"{value} is outside of what the rule allows")
        return bisect_right(self.cuts, number)

    def first(self, cut: int) -> Any:
        """The first value behind a cut."""
        return date.fromordinal(self.cuts[cut]) if self.dates else self.cuts[cut]

    def sample(self, index: int) -> Any:
        if index:
            number = self.cuts[index - 1]
        elif self.cuts:
            number = self.cuts[0] - 1
        else:
            number = self.low if self.low is not None else self.high or 0
        return date.fromordinal(number) if self.dates else number


class Line:
    """Decimal numbers: points and the open intervals between them."""

    def __init__(self, fact: FactSpec, constants: Iterable[Atom]) -> None:
        self.low: Decimal | None = fact.min
        self.high: Decimal | None = fact.max
        cuts: set[tuple[Decimal, int]] = set()
        for atom in constants:
            cuts |= _line_cuts(atom)
        ordered = sorted(cuts)
        first = bisect_left(ordered, (self.low, 1)) if self.low is not None else 0
        last = bisect_right(ordered, (self.high, 0)) if self.high is not None else len(ordered)
        self.cuts = ordered[first:last]
        self.size = len(self.cuts) + 1

    def locate(self, value: Any) -> int:
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            raise FactError(f"expected a decimal number, got {value!r}")
        if self.low is not None and value < self.low or self.high is not None and value > self.high:
            raise FactError(f"{value} is outside of what the rule allows")
        return bisect_left(self.cuts, (value, 0.5))

    def sample(self, index: int) -> Decimal:
        below = self.cuts[index - 1] if index else None
        above = self.cuts[index] if index < len(self.cuts) else None
        low = below[0] if below else self.low
        high = above[0] if above else self.high
        if below and below[1] == 0:
            return below[0]
        if above and above[1] == 1:
            return above[0]
        return _between(low, high)


class Sets:
    """Facts with many values: which of the constants are among them, as bits of the class number."""

    def __init__(self, fact: FactSpec, constants: list[str]) -> None:
        if len(constants) > MOST:
            raise FactError(f"a fact with many values can be asked for at most {MOST} of them")
        self.fact = fact
        self.constants = constants
        self.bits = {value: 1 << i for i, value in enumerate(constants)}
        self.allowed = frozenset(fact.values)
        self.size = 1 << len(constants)

    def locate(self, value: Any) -> int:
        if self.fact.words and isinstance(value, str):
            value = self.fact.seen_in(value)
        if not isinstance(value, frozenset | set | tuple | list):
            raise FactError(f"expected a set of texts, got {value!r}")
        total = 0
        for each in value:
            if not isinstance(each, str) or (self.allowed and each not in self.allowed):
                raise FactError(f"{each!r} is none of {', '.join(sorted(self.allowed)) or 'the texts'}")
            total |= self.bits.get(each, 0)
        return total

    def sample(self, index: int) -> frozenset[str]:
        return frozenset(value for value, bit in self.bits.items() if index & bit)


def _line_cuts(atom: Atom) -> set[tuple[Decimal, int]]:
    """Cuts just before (0) or just after (1) a number."""
    if isinstance(atom, Is):
        return {(atom.value, 0), (atom.value, 1)}
    cuts = set()
    if isinstance(atom, Between) and atom.low is not None:
        cuts.add((atom.low, 0 if atom.low_in else 1))
    if isinstance(atom, Between) and atom.high is not None:
        cuts.add((atom.high, 1 if atom.high_in else 0))
    return cuts


def _between(low: Decimal | None, high: Decimal | None) -> Decimal:
    if low is not None and high is not None:
        return (low + high) / 2
    if low is not None:
        return low + 1
    return high - 1 if high is not None else Decimal(0)
