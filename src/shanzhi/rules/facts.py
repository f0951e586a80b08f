"""Facts (事实): what a rule may ask about a case, a person or a place, and how their values are read.

A value that is not there, or is None, is unknown. Areas and categories are codes that are hierarchical by
prefix: `E01` is everything in the class E01, `510107001` everything in that street.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shanzhi.base.clock import Span
from shanzhi.base.codes import level

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Kind = Literal["bool", "int", "decimal", "text", "enum", "date", "area", "category"]
OutputKind = Literal["bool", "int", "decimal", "text", "enum", "date", "area", "category", "org", "span"]
NOTHING: frozenset[str] = frozenset()
ORDERED = ("int", "decimal", "date")
PREFIXED = ("area", "category")
AGGREGATES = {
    "count": ("int",), "sum": ("int", "decimal"), "min": ORDERED, "max": ORDERED, "any": ("bool",), "all": ("bool",)
}  # fmt: skip
Value = bool | int | Decimal | str | date | frozenset[str]


class FactError(ValueError):
    """A value that a fact or an output cannot have."""


def _free(name: str) -> str:
    if name in ("all", "any", "not", "if"):
        raise ValueError(f"{name} has a meaning of its own in expressions")
    return name


FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$"), AfterValidator(_free)]


class Model(BaseModel):
    """What all parts of a rule have in common: no unknown keys, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Title(Model):
    """A text in the languages of the pages."""

    zh: str = Field(min_length=1, max_length=400)
    en: str = Field(min_length=1, max_length=400)


class Typed(Model):
    """A typed slot: what facts and outputs have in common. `min` and `max` belong to it."""

    type: str
    title: Title | None = None
    values: tuple[str, ...] = ()
    many: bool = False
    unit: Title | str = ""
    min: Any = None
    max: Any = None

    def read(self, raw: Any) -> Any:
        """A value from YAML or JSON; for `many` a frozenset. Raises FactError saying what was expected."""
        if not self.many:
            return self.one(raw)
        if not isinstance(raw, Iterable) or isinstance(raw, str | Mapping):
            raise FactError(f"expected a list, got {raw!r}")
        return frozenset(self.one(each) for each in raw)

    def one(self, raw: Any) -> Any:
        """A single value (for `many`, an element). Raises FactError."""
        value = READERS[self.type](raw)
        if self.values and value not in self.values:
            raise FactError(f"{value!r} is none of {', '.join(self.values)}")
        if self.min is not None and value < self.min:
            raise FactError(f"{value} is less than {self.min}")
        if self.max is not None and value > self.max:
            raise FactError(f"{value} is more than {self.max}")
        return value

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        kind = self.type
        if (kind == "enum") != bool(self.values):
            raise ValueError("an enum, and only an enum, has values")
        if len(set(self.values)) != len(self.values):
            raise ValueError("a value is given twice")
        limits = {k: v for k in ("min", "max") if (v := getattr(self, k)) is not None}
        if limits and kind not in ORDERED:
            raise ValueError("only int, decimal and date have min and max")
        for key, limit in limits.items():
            object.__setattr__(self, key, READERS[kind](limit))
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is more than max")
        return self


class Over(Model):
    """An aggregate over the members of a group (家庭汇总). `where`: only those whose facts meet these cells.

    `of` is the member's fact that is added or compared; `empty` the least or greatest of no members.
    """

    group: FactName
    how: Literal["count", "sum", "min", "max", "any", "all"]
    of: str = ""
    where: dict[str, Any] = Field(default_factory=dict)
    empty: Any = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.how in ("sum", "min", "max")) != bool(self.of):
            raise ValueError("sum, min and max, and only these, are of a fact")
        if self.how in ("any", "all") and not self.where:
            raise ValueError("any and all need where")
        if (self.how in ("min", "max")) != (self.empty is not None):
            raise ValueError(
                "min and max, and only these, say what they are when there are no members (empty)"
            )
        return self


class FactSpec(Typed):
    """A fact as a rule declares it. `many`: a set of values (enum and text).

    A fact that is not asked but computed has a `formula` over other facts, or is an aggregate `over` a group.

    `words` gives for a value the words that show it in a plain text: then the fact may be given as a text, or
    as the values that somebody, or a language model, has seen in it.
    """

    type: Kind
    question: Title | None = None
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    formula: str = ""
    over: Over | None = None

    @property
    def derived(self) -> bool:
        """Whether it is computed from others."""
        return bool(self.formula) or self.over is not None

    @model_validator(mode="after")
    def _computed(self) -> Self:
        if self.formula and (self.over or self.type not in ("int", "decimal")):
            raise ValueError("a formula gives an int or a decimal, and stands alone")
        if self.over and self.type not in AGGREGATES[self.over.how]:
            raise ValueError(f"{self.over.how} gives {' or '.join(AGGREGATES[self.over.how])}")
        return self

    @model_validator(mode="after")
    def _set(self) -> Self:
        if self.many and self.type not in ("enum", "text"):
            raise ValueError("only enum and text can be many")
        if self.words and not (self.many and set(self.words) <= set(self.values)):
            raise ValueError("words belong to the values of an enum with many")
        return self

    def read(self, raw: Any) -> Any:
        """A value from YAML or JSON; for `many` a frozenset. Raises FactError."""
        return self.seen_in(raw) if self.words and isinstance(raw, str) else super().read(raw)

    @cached_property
    def any_word(self) -> re.Pattern[str]:
        """Finds any of the words, of those that begin at one place the longest; nothing where there are none."""
        words = sorted({word for each in self.words.values() for word in each}, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, words)) or r"(?!)")

    @cached_property
    def said_by(self) -> dict[str, frozenset[str]]:
        """For each word the values that it speaks for: its own and those of the words that it begins with."""
        all_words = [(word, value) for value, words in self.words.items() for word in words]
        return {
            long: frozenset(value for word, value in all_words if long.startswith(word))
            for long, _ in all_words
        }

    def seen_in(self, text: str) -> frozenset[str]:
        """The values whose words are in the text, wherever they overlap; most texts have none."""
        search, seen = self.any_word.search, NOTHING
        found = search(text)
        while found:
            seen |= self.said_by[found.group()]
            found = search(text, found.start() + 1)
        return seen


class OutputSpec(Typed):
    """An output as a rule declares it. `many`: a list without repetition, in the order given."""

    type: OutputKind

    def read(self, raw: Any) -> Any:
        """A value from YAML or JSON; for `many` a tuple. Raises FactError."""
        if not self.many:
            return self.one(raw)
        super().read(raw)
        return tuple(dict.fromkeys(self.one(each) for each in raw))


def _bool(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise FactError(f"expected true or false, got {raw!r}")
    return raw


def _int(raw: Any) -> int:
    if isinstance(raw, str) and re.fullmatch(r"-?\d{1,18}", raw):
        return int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise FactError(f"expected a whole number, got {raw!r}")
    return raw


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise FactError(f"expected a number, got {raw!r}")
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        raise FactError(f"expected a number, got {raw!r}") from None
    if not number.is_finite():
        raise FactError(f"expected a number, got {raw!r}")
    return number


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise FactError(f"expected a text, got {raw!r}")
    return raw


def _date(raw: Any) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return date.fromisoformat(_text(raw))
    except ValueError:
        raise FactError(f"expected a day such as 2026-01-31, got {raw!r}") from None


def _area(raw: Any) -> str:
    code = str(raw) if isinstance(raw, int) else _text(raw)
    try:
        level(code)
    except ValueError as error:
        raise FactError(str(error)) from None
    return code


def _category(raw: Any) -> str:
    code = _text(raw)
    if not re.fullmatch(r"[A-Z][0-9]{0,8}", code):
        raise FactError(f"{code!r} is not a category code such as E0101")
    return code


def _span(raw: Any) -> str:
    try:
        Span.parse(_text(raw))
    except ValueError as error:
        raise FactError(str(error)) from None
    return str(raw)


READERS: dict[str, Callable[[Any], Any]] = {
    "bool": _bool, "int": _int, "decimal": _decimal, "text": _text, "enum": _text, "date": _date,
    "area": _area, "category": _category, "org": _text, "span": _span,
}  # fmt: skip
