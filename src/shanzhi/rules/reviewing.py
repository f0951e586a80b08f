"""Looking at an application (智能预审, 秒批, 办理清单): what fails and how to mend it, whether it can be approved at
once, and the list of what a clerk checks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from shanzhi.rules.conditions import Condition, holds
from shanzhi.rules.deriving import Aggregate, derived
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.expression import Leaf
from shanzhi.rules.facts import Title
from shanzhi.rules.given import HELD, Fact, Given, Members, settled
from shanzhi.rules.running import Result, run, trusted
from shanzhi.rules.running import answered as answer_for
from shanzhi.rules.schema import Row

ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a rule (审查要点) beside what is known.

    number  the row or leaf, from 1.      cell   the condition as the file has it.
    holds   whether it is met; None while unknown. For a leaf below `not`: whether the rule's demand is met.
    """

    number: int
    fact: str
    cell: Any
    value: Any
    holds: bool | None
    trust: int | None
    source: str
    reason: Title | None
    basis: str
    remedy: Title | None


@dataclass(frozen=True, slots=True)
class Review:
    """A pre-review (预审).

    failures  all conditions that fail, with article and remedy.
    ask       all that must still be given, as if everything that can be mended were: the complete list at once.
    final     it is refused whatever is mended. Only a person refuses: this is said to the applicant, not decided.
    """

    result: Result
    failures: tuple[Check, ...]
    ask: tuple[str, ...]
    final: bool


@dataclass(frozen=True, slots=True)
class Instant:
    """Whether to approve at once (秒批). Never a refusal: what is not approved goes to a person.

    weak  the facts used that are not trusted enough, when that alone stands in the way.
    """

    approve: bool
    why: Literal["approved", "unknown", "refused", "weak"]
    weak: tuple[str, ...]
    result: Result


def instant(rule: Rule, given: Given, on: date, trust: int = HELD) -> Instant:
    """Approves only where the rule says true, nothing is missing, and every fact used is trusted enough."""
    result = run(rule, given, on)
    if result.verdict is False:
        return Instant(False, "refused", (), result)
    if result.verdict is None or result.missing:
        return Instant(False, "unknown", (), result)
    known = settled(given, on)
    weak = tuple(name for name in result.used if trusted(rule, known, name) < trust)
    return Instant(not weak, "weak" if weak else "approved", weak, result)


def review(rule: Rule, given: Given, on: date) -> Review:
    """What fails and what is missing, all at once."""
    result = run(rule, given, on)
    left: dict[str, Any] = dict(settled(given, on))
    failures: dict[tuple[int, str], Check] = {}
    now = result
    for _ in range(ROUNDS):
        if now.verdict is not False:
            break
        found = _failures(rule, now, left, on)
        failures.update({(check.number, check.fact): check for check in found})
        mended = {root for check in found if check.remedy for root in roots(rule, check.fact)} & set(left)
        if not mended:
            break
        left = {name: fact for name, fact in left.items() if name not in mended}
        now = run(rule, left, on)
    again = {name.partition(".")[0] for name in now.missing} if now.verdict is not False else set()
    mend = {root for check in failures.values() for root in roots(rule, check.fact)}
    ask = tuple(name for name in now.missing if name.partition(".")[0] in again - mend)
    return Review(result, tuple(failures.values()), ask, now.verdict is False)


def checklist(rule: Rule, given: Given, on: date) -> tuple[Check, ...]:
    """Every condition beside what is known of its fact; of a table only the rows that may still decide, if any may."""
    known = settled(given, on)
    answer = answer_for(rule, known, on)
    rows = set(answer.rows) if rule.reading.expression is None and any(answer.rows) else None
    return tuple(_checks(rule, known, on, rows))


def roots(rule: Rule, fact: str) -> tuple[str, ...]:
    """The facts and groups that a fact is, or is computed from."""
    derivation = rule.derivations.get(fact)
    if derivation is None:
        return (fact,)
    if isinstance(derivation, Aggregate):
        return (fact, derivation.group)
    return (fact, *(root for name in derivation.facts for root in roots(rule, name)))


def _failures(rule: Rule, result: Result, known: Mapping[str, Any], on: date) -> list[Check]:
    """The conditions that make it false: of an expression the leaves that decide; of a table the row that says
    so, or else those that fail in the rows which fail least."""
    if rule.reading.expression is not None:
        return [check for check in _checks(rule, known, on, None) if check.number in result.rows]
    if any(result.rows):
        return list(_checks(rule, known, on, set(result.rows)))
    failing: dict[int, list[Check]] = {}
    for check in _checks(rule, known, on, None):
        failing.setdefault(check.number, [])
        if check.holds is False:
            failing[check.number].append(check)
    least = min((len(found) for found in failing.values() if found), default=0)
    return [check for found in failing.values() if len(found) == least for check in found]


def _checks(rule: Rule, known: Mapping[str, Any], on: date, rows: set[int] | None) -> Iterator[Check]:
    bounds = derived(rule.derivations, rule.spec, known, on)
    for number, fact, condition in rule.reading.conditions():
        if rows is not None and number + 1 not in rows:
            continue
        part: Row | Leaf = rule.spec.rows[number] if rule.spec.rows else rule.reading.leaves()[number]
        given = known.get(fact)
        value = given.value if isinstance(given, Fact) else None
        if value is None and fact in bounds and bounds[fact][0] == bounds[fact][1]:
            value = bounds[fact][0]
        trusts = [trusted(rule, dict(known), root) for root in roots(rule, fact) if root in known]
        yield Check(
            number=number + 1,
            fact=fact,
            cell=_raw(rule, number, fact),
            value=value,
            holds=_met(rule, number, condition, value),
            trust=min(trusts, default=None),
            source=given.source if isinstance(given, Fact | Members) else "",
            reason=part.reason,
            basis=part.basis or str(rule.spec.source),
            remedy=part.remedy,
        )


def _met(rule: Rule, number: int, condition: Condition, value: Any) -> bool | None:
    if value is None:
        return None
    fact = rule.spec.facts[rule.reading.leaves()[number].fact] if rule.reading.expression else None
    met = holds(condition, fact.seen_in(value) if fact and fact.words and isinstance(value, str) else value)
    return not met if rule.reading.expression and _under_not(rule, number) else met


def _under_not(rule: Rule, number: int) -> bool:
    return rule.reading.leaves()[number].path.count("not") % 2 == 1


def _raw(rule: Rule, number: int, fact: str) -> Any:
    """The cell as the file has it."""
    if rule.reading.expression is None:
        return rule.spec.rows[number].when[fact]
    raw: Any = rule.spec.when
    for step in rule.reading.leaves()[number].path[1:]:
        raw = raw[step]
    return {"not": raw} if _under_not(rule, number) else raw
