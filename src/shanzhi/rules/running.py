"""Running a version of a rule on facts as of a day: verdict, outputs, reason, what is missing, how far to trust it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from shanzhi.base.errors import FieldError
from shanzhi.rules.deriving import Aggregate, derived, inputs, plain
from shanzhi.rules.domains import between
from shanzhi.rules.evaluate import UNKNOWN, Answer, BadFacts, Key, Rule
from shanzhi.rules.facts import FactError, Title
from shanzhi.rules.formula import Bounds, Formula
from shanzhi.rules.given import Fact, Given, Members, settled

Known = dict[str, Fact | Members]
Computed = TypeVar("Computed")


@dataclass(frozen=True, slots=True)
class Result:
    """What a version of a rule says for facts as of a day.

    verdict  True, False or None (unknown). The output `verdict`, where the rule has one; else whether a row or
             the expression holds. It may be certain while other outputs, such as an amount, are not.
    outputs  those that are certain: amounts as Decimal, and materials, fee, clock, result as the rule names them.
    missing  the facts to ask that could change anything in this answer, and no others: names of facts, or of
             groups (`members`, while it is not known who they are) and of members' facts (`members.2.income`).
    rows     the rows (leaves of an expression) that decide, from 1; 0 is otherwise.
    reasons, basis  of those rows, while the answer is known.
    used     the facts given without which the answer would not be the same; those least trusted are dropped first.
    trust    the lowest trust (0–4) among those used; None where no fact was needed.
    """

    rule: str
    version: int
    on: date
    verdict: bool | None
    outputs: Mapping[str, Any]
    missing: tuple[str, ...]
    rows: tuple[int, ...]
    reasons: tuple[Title, ...]
    basis: tuple[str, ...]
    used: tuple[str, ...]
    trust: int | None

    @property
    def known(self) -> bool:
        """Whether no further fact can change anything."""
        return not self.missing

    @property
    def ref(self) -> str:
        """`allowance@3`, for journals and cases."""
        return f"{self.rule}@{self.version}"


def run(rule: Rule, given: Given, on: date) -> Result:
    """What a version says for facts as of a day. Facts it does not ask are ignored.

    A computed fact that is given itself is taken as given. Raises BadFacts naming each value that cannot be.
    """
    known = settled(given, on)
    answer = answered(rule, known, on)
    used = _used(rule, known, on, answer)
    outputs = _computed(rule, known, on, answer)
    return Result(
        rule=rule.id,
        version=rule.version,
        on=on,
        verdict=verdict(rule, answer),
        outputs=outputs,
        missing=missing(rule, known, answer),
        rows=answer.rows,
        reasons=answer.reasons,
        basis=answer.basis,
        used=used,
        trust=min((trusted(rule, known, name) for name in used), default=None),
    )


def answer(rule: Rule, given: Given, on: date) -> Answer:
    """The same without what was used and how far to trust it: truth, outputs and what to ask."""
    known = settled(given, on)
    found = answered(rule, known, on)
    return replace(found, outputs=_computed(rule, known, on, found), missing=missing(rule, known, found))


def verdict(rule: Rule, answer: Answer) -> bool | None:
    """The verdict in an answer: its output of this name, or else its truth."""
    if "verdict" in rule.spec.outputs:
        found = answer.outputs.get("verdict")
        return found if isinstance(found, bool) else None
    return answer.truth if always_true(rule) else answer.certain


def always_true(rule: Rule) -> bool:
    """Whether some row, or otherwise, always decides, so that only which one it is can be unknown."""
    return bool(rule.spec.rows) and rule.spec.otherwise is not False and rule.spec.policy != "collect"


def answered(rule: Rule, known: Mapping[str, Fact | Members], on: date) -> Answer:
    """The answer for facts that are known."""
    key = key_of(rule, known, on)
    answer = rule.answers.get(key)
    return rule.decide(key) if answer is None else answer


def key_of(rule: Rule, known: Mapping[str, Fact | Members], on: date) -> Key:
    """The classes of the facts, computed ones within their bounds. Raises BadFacts."""
    key: list[int | tuple[int, int]] = []
    errors = [*_wrong_members(rule, known)] if rule.spec.groups else []
    for name, locate in rule.locators:
        fact = known.get(name)
        try:
            key.append(locate(fact.value) if isinstance(fact, Fact) else UNKNOWN)
        except FactError as error:
            errors.append(FieldError(name, str(error)))
    if errors:
        raise BadFacts(rule=rule.id, errors=errors)
    for name, bounds in (_derived(rule, known, on) if rule.derivations else {}).items():
        if bounds != (None, None):
            place = rule.places[name]
            key[place] = _tried(rule, partial(between, rule.domains[place], *bounds), name)
    return tuple(key)


def _wrong_members(rule: Rule, known: Mapping[str, Fact | Members]) -> Iterator[FieldError]:
    """Members' facts that they cannot have."""
    for group, locators in rule.members.items():
        members = known.get(group)
        for i, row in enumerate(members.rows if isinstance(members, Members) else ()):
            for name, locate in locators.items():
                try:
                    if (value := plain(row, name)) is not None:
                        locate(value)
                except FactError as error:
                    yield FieldError(f"{group}.{i + 1}.{name}", str(error))


def missing(rule: Rule, known: Mapping[str, Fact | Members], answer: Answer) -> tuple[str, ...]:
    """What must be asked for the facts that an answer misses, computed ones by what they are computed from."""
    if not rule.derivations:
        return answer.missing
    found = (name for fact in answer.missing for name in inputs(rule.derivations, known, fact))
    return tuple(dict.fromkeys(found))


def trusted(rule: Rule, known: Mapping[str, Fact | Members], name: str) -> int:
    """The trust in a fact; in a group, that in all of its members' facts which the rule asks."""
    fact = known[name]
    if isinstance(fact, Fact):
        return fact.trust
    over = [each for each in rule.derivations.values() if isinstance(each, Aggregate) and each.group == name]
    return min((each.trust(fact) for each in over), default=fact.trust)


def _derived(rule: Rule, known: Mapping[str, Fact | Members], on: date) -> dict[str, Bounds]:
    return _tried(rule, partial(derived, rule.derivations, rule.spec, known, on))


def _tried(rule: Rule, work: Callable[[], Computed], field: str = "") -> Computed:
    """Raises BadFacts where facts cannot be computed with."""
    try:
        return work()
    except (FactError, ArithmeticError) as error:
        raise BadFacts(rule=rule.id, errors=[FieldError(field, str(error))]) from None


def _computed(rule: Rule, known: Known, on: date, answer: Answer) -> Mapping[str, Any]:
    """The outputs with their formulas computed; those that cannot be yet are left out."""
    formulas = {name: value for name, value in answer.outputs.items() if isinstance(value, Formula)}
    if not formulas:
        return answer.outputs
    bounds = _derived(rule, known, on)

    def of(name: str) -> tuple[Any, Any]:
        fact = known.get(name)
        return (fact.value, fact.value) if isinstance(fact, Fact) else bounds.get(name, (None, None))

    outputs = dict(answer.outputs)
    for name, formula in formulas.items():
        low, high = _tried(rule, partial(formula.bounds, of, on))
        if low is None or low != high:
            del outputs[name]
        else:
            outputs[name] = int(low) if rule.spec.outputs[name].type == "int" else Decimal(low)
    return MappingProxyType(outputs)


def _used(rule: Rule, known: Known, on: date, answer: Answer) -> tuple[str, ...]:
    """The facts without which the answer would not be the same.

    The least trusted are left out first, so that the answer stands on facts as well trusted as it can.
    """
    kept = {name: fact for name, fact in known.items() if name in rule.places or name in rule.spec.groups}
    for name in sorted(kept, key=lambda each: trusted(rule, known, each)):
        without = {other: fact for other, fact in kept.items() if other != name}
        if _same(answered(rule, without, on), answer):
            kept = without
    return tuple(name for name in (*rule.names, *rule.spec.groups) if name in kept)


def _same(one: Answer, other: Answer) -> bool:
    return one is other or (
        one.truth == other.truth and one.missing == other.missing and one.outputs == other.outputs
    )
