"""Guidance (智能导办): which services fit somebody, from the same rules that decide; and what to ask him next. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shanzhi.residents.fact import FactType, Known
from shanzhi.rules.evaluate import Answer, Rule, evaluate
from shanzhi.services.form import askable
from shanzhi.services.item import Item
from shanzhi.services.review import Finding, conditions, needed, told, values

Fits = Literal["yes", "maybe", "person", "no"]
ORDER: Mapping[Fits, int] = {"yes": 0, "maybe": 1, "person": 2, "no": 3}


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a service fits: what is still open, why not, how many papers are to be brought and are spared."""

    item: Item
    fits: Fits
    weight: float
    missing: tuple[str, ...] = ()
    against: tuple[Finding, ...] = ()
    bring: int = 0
    spared: int = 0


def fit(
    item: Item,
    rule: Rule | None,
    registry: Mapping[str, FactType],
    facts: Mapping[str, Known],
    *,
    on: date,
    weight: float = 1.0,
) -> Fit:
    """How a service fits somebody of whom these facts are known."""
    answer = told(rule, facts, on)
    needs = [need for need in needed(item, registry, facts) if need.needed]
    spared = sum(need.proved for need in needs)
    fits: Fits = "person"
    if answer is not None:
        fits = {True: "yes", False: "no", None: "maybe"}[answer.truth]  # type: ignore[assignment]
    return Fit(
        item,
        fits,
        weight,
        _missing(rule, answer, facts),
        tuple(conditions(rule, registry, facts, on)),
        len(needs) - spared,
        spared,
    )


def _missing(rule: Rule | None, answer: Answer | None, facts: Mapping[str, Known]) -> tuple[str, ...]:
    """What is still open; of what is reckoned over a group the sum itself, which one number answers here."""
    if rule is None or answer is None or answer.truth is not None:
        return ()
    return tuple(evaluate(rule, values(facts)).missing) if rule.derivations else answer.missing


def ordered(fits: Sequence[Fit]) -> list[Fit]:
    """What fits first, then what may, each by how well it meets the words."""
    return sorted(fits, key=lambda one: (ORDER[one.fits], -one.weight))


def next_key(
    fits: Sequence[Fit], registry: Mapping[str, FactType], skipped: Collection[str] = ()
) -> str | None:
    """The fact to ask next: the one that most of what is open hangs on, and that alone settles most of it.

    None when nothing is open, or what is open hangs on what somebody would not say.
    """
    gains: dict[str, float] = {}
    for one in fits:
        for key in one.missing:
            asked = askable(key, registry)
            if asked is not None and asked not in skipped and registry[asked].question is not None:
                gains[asked] = gains.get(asked, 0.0) + one.weight / len(one.missing)
    order = list(registry)
    return max(gains, key=lambda key: (round(gains[key], 9), -order.index(key)), default=None)
