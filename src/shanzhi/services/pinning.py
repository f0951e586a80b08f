"""What an application is pinned to, and what another version would make of it (重新锁定版本前的对照). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from shanzhi.residents.fact import FactType, Known
from shanzhi.rules.comparing import Past, compare
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.running import Result, run
from shanzhi.services.form import fields
from shanzhi.services.item import Item
from shanzhi.services.review import Review, given_to

LIMITS = ("legal", "promised")
Verdict = Literal["yes", "no", "unknown", "person"]


@dataclass(frozen=True, slots=True)
class Pins:
    """The versions that decide on an application: item, rule (empty: a person judges), working calendar, form."""

    item: str
    rule: str
    calendar: str
    schema: str

    def plain(self) -> dict[str, str]:
        return {"item": self.item, "rule": self.rule, "calendar": self.calendar, "schema": self.schema}

    @property
    def ref(self) -> str:
        """All of them in one word: whoever has looked at a comparison says which one it was."""
        return " ".join((self.item, self.rule or "-", self.calendar, self.schema))


@dataclass(frozen=True, slots=True)
class Side:
    """An application under one version: the item, its rule, and the review of the facts by both."""

    item: Item
    rule: Rule | None
    review: Review


@dataclass(frozen=True, slots=True)
class Differs:
    """What another version changes: each as (before, after), only where they are not the same.

    `asked`: facts that are missing now and were not before; `idle`: that are not asked any more. `bring`, `spared`:
    keys of materials that are missing now, or no longer. `failing`: conditions that are not met now and were met.
    """

    verdict: tuple[Verdict, Verdict] | None = None
    outputs: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    limits: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)

    def plain(self) -> dict[str, Any]:
        """For the journal: names and what follows from them, never the value of a fact."""
        told: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, Mapping) and value:
                told[name] = {key: [_text(one) for one in pair] for key, pair in value.items()}
            elif value:
                told[name] = list(value)
        return told


def differs(
    before: Side, after: Side, facts: Mapping[str, Known], registry: Mapping[str, FactType], on: date
) -> Differs:
    """What changes for an application whose facts are these when it goes from one version to another."""
    old, new = results(before, after, facts, on)
    verdicts = (verdict(before, old), verdict(after, new))
    return Differs(
        verdict=verdicts if verdicts[0] != verdicts[1] else None,
        outputs=_pairs(old.outputs if old else {}, new.outputs if new else {}),
        asked=_fresh(before, after, "fact"),
        idle=tuple(key for key in _asks(before, registry) if key not in _asks(after, registry)),
        bring=_fresh(before, after, "material"),
        spared=_fresh(after, before, "material"),
        failing=_fresh(before, after, "condition"),
        limits=_pairs(
            *({name: getattr(side.item, name) or "" for name in LIMITS} for side in (before, after))
        ),
    )


def results(
    before: Side, after: Side, facts: Mapping[str, Known], on: date
) -> tuple[Result | None, Result | None]:
    """What both rules say of the same facts: by the comparison that drafts of rules are tried with."""
    given = given_to(facts)
    if before.rule is not None and after.rule is not None:
        found = compare(before.rule, after.rule, [Past("", given, on)])
        if found.changes:
            return found.changes[0].before, found.changes[0].after
    old, new = (run(side.rule, given, on) if side.rule else None for side in (before, after))
    return old, new


def verdict(side: Side, result: Result | None) -> Verdict:
    if side.rule is None or result is None:
        return "person"
    words: dict[bool | None, Verdict] = {True: "yes", False: "no", None: "unknown"}
    return words[result.verdict]


def _fresh(before: Side, after: Side, what: str) -> tuple[str, ...]:
    """What the review of one version finds and that of the other does not."""
    old = {one.key for one in before.review.findings if one.what == what}
    return tuple(one.key for one in after.review.findings if one.what == what and one.key not in old)


def _asks(side: Side, registry: Mapping[str, FactType]) -> tuple[str, ...]:
    return tuple(fields(side.item, side.rule, registry))


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    }


def _text(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) or value is None else str(value)
