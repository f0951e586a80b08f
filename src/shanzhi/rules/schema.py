"""Rules (规则) as packs declare them: a decision table (`rows`) or an expression (`when`), with its source.

A rule says for typed facts what follows. What is wrong between its parts is found by `check.py`; what it
answers is computed by `evaluate.py`.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from shanzhi.rules.facts import (
    FactError,
    FactName,
    FactSpec,
    Model,
    Name,
    OutputSpec,
    Title,
)

Policy = Literal["first", "unique", "collect"]


class Source(Model):
    """Where a rule comes from (依据): a law, a standard, a notice, or a sample made for a demonstration."""

    kind: Literal["law", "regulation", "standard", "notice", "sample"]
    document: str = Field(min_length=1)
    number: str = ""
    article: str = ""

    def __str__(self) -> str:
        number = f"（{self.number}）" if self.number else ""
        return f"{self.document}{number}{self.article}"


class Validity(Model):
    """The days on which a version is in force: from the first on, and before `to`."""

    since: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to is not None and self.to <= self.since:
            raise ValueError("it ends before it begins")
        return self


class Row(Model):
    """A row (行) of a table: what each fact must be, and what follows; a fact left out may be anything.

    `reason` says in plain words why, `basis` by which article, `remedy` what can be done about it.
    """

    when: dict[str, Any] = Field(default_factory=dict)
    then: dict[str, Any] = Field(default_factory=dict)
    reason: Title | None = None
    basis: str = ""
    remedy: Title | None = None


class Otherwise(Model):
    """What follows when no row matches (兜底)."""

    then: dict[str, Any] = Field(default_factory=dict)
    reason: Title | None = None
    basis: str = ""
    remedy: Title | None = None


class Group(Model):
    """Members (成员) that a rule looks at together, such as a household, and what it asks of each."""

    title: Title
    facts: dict[FactName, FactSpec] = Field(min_length=1)

    @model_validator(mode="after")
    def _plain(self) -> Self:
        if any(fact.derived for fact in self.facts.values()):
            raise ValueError("facts of members are asked, not computed")
        return self


class Example(Model):
    """A golden example (样例): facts and what the rule must answer; what is not named is not compared."""

    name: str = ""
    given: dict[str, Any]
    truth: bool | Literal["unknown"] | None = None
    then: dict[str, Any] = Field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    row: int | None = None


class RuleSpec(Model):
    """One version of a rule.

    `policy`: the first row that matches decides; exactly one may match (unique); or all that match (collect).
    `otherwise: false` says that a table answers false where no row matches. Each row needs a golden
    example (an expression: one true and one false) unless `cover` is false.
    """

    id: Name
    version: int = Field(ge=1, le=2_147_483_647)
    title: Title
    note: Title | None = None
    sample: bool = False
    valid: Validity
    source: Source
    facts: dict[FactName, FactSpec] = Field(min_length=1)
    groups: dict[FactName, Group] = Field(default_factory=dict)
    outputs: dict[FactName, OutputSpec] = Field(default_factory=dict)
    policy: Policy = "first"
    rows: tuple[Row, ...] = ()
    otherwise: Otherwise | Literal[False] | None = None
    when: dict[str, Any] | None = None
    cover: bool = True
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        if bool(self.rows) == bool(self.when):
            raise ValueError("a rule has either rows (a table) or when (an expression)")
        if self.when and (self.outputs or self.otherwise is not None):
            raise ValueError("an expression has no outputs and no otherwise: it is true, false or unknown")
        if self.policy == "collect" and self.otherwise is not None:
            raise ValueError(
                "a table that collects has no otherwise: where no row matches its lists are empty"
            )
        return self

    @property
    def body(self) -> dict[str, Any]:
        """The rule as plain JSON; `RuleSpec.model_validate` gives it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hexadecimal: two versions with one digest say the same."""
        text = json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Facts from JSON or a form as typed values; others are left out, None stays unknown.

        Raises FactError naming the fact.
        """
        facts = {}
        for name, value in raw.items():
            if name in self.facts and value is not None:
                try:
                    facts[name] = self.facts[name].read(value)
                except FactError as error:
                    raise FactError(f"{name}: {error}") from None
        return facts
