"""What an item needs from somebody, and what is missing or wrong (智能预审): from the rule, the facts and the kinds
of the materials. Pure.

The same findings are what the applicant reads before he sends, what the clerk's list shows, and what is asked for
as a supplement: all of it at once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from shanzhi.residents.fact import MODEL, FactType, Known
from shanzhi.rules import reviewing, running
from shanzhi.rules.conditions import holds, parse
from shanzhi.rules.evaluate import Answer, Rule, evaluate
from shanzhi.rules.facts import FactError, Title
from shanzhi.rules.given import Fact, Members
from shanzhi.rules.reviewing import Check
from shanzhi.services.item import Item, Material

Verdict = Literal["yes", "no", "unknown", "person"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is missing or wrong: what, why in plain words, by which article, and how to mend it."""

    what: Literal["condition", "fact", "material", "trust", "picture"]
    key: str
    reason: Title
    basis: str = ""
    remedy: Title | None = None
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A material of an item for this applicant: brought, or proved already by what is known (免提交)."""

    material: Material
    needed: bool
    proved: bool
    given: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that can be said of an application: the rule's answer, materials, findings, the trust."""

    verdict: Verdict
    answer: Answer | None
    needs: tuple[Need, ...]
    findings: tuple[Finding, ...]
    instant: bool
    trust: int

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be added; a condition that is not met is no gap that could be filled."""
        return all(one.what == "condition" for one in self.findings)


NEVER = datetime.min.replace(tzinfo=UTC)
SAYS = Title(zh="这项条件不符合", en="This condition is not met")
ASKED = Title(zh="还不知道这一项", en="This is not known yet")
BRING = Title(zh="还缺这份材料", en="This paper is missing")


def values(facts: Mapping[str, Known]) -> dict[str, Any]:
    return {key: fact.value for key, fact in facts.items()}


def told(rule: Rule | None, facts: Mapping[str, Known], on: date) -> Answer | None:
    """What the rule says for what is known, computed facts and groups included; None where there is no rule."""
    if rule is None:
        return None
    return running.answer(rule, given_to(facts), on) if rule.derivations else evaluate(rule, values(facts))


def may_decide(item: Item, rule: Rule | None, facts: Mapping[str, Known], on: date) -> Answer | None:
    """The answer by which a machine may approve at once: yes, on authoritative facts alone. Else None.

    Whatever anybody has only said is left out; where the answer is yes without it, nothing that was used is in
    doubt. A no is never given here: that is for people.
    """
    if not item.instant or rule is None:
        return None
    answer = told(rule, {key: fact for key, fact in facts.items() if fact.authoritative}, on)
    return answer if answer is not None and answer.truth is True else None


def review(
    item: Item,
    rule: Rule | None,
    registry: Mapping[str, FactType],
    facts: Mapping[str, Known],
    given: Collection[str] = (),
    *,
    on: date,
    pictures: Sequence[Finding] = (),
) -> Review:
    """Everything about an application; `given` are the kinds of the materials that were handed in, `pictures` what
    is wrong with them.

    A paper that no register proves is for a person to look at, whatever a machine has read in it.
    """
    answer = told(rule, facts, on)
    needs = needed(item, registry, facts, given)
    findings = [*conditions(rule, registry, facts, on), *_missing(item, answer, registry, facts)]
    findings += [
        _bring(need, registry) for need in needs if need.needed and not need.proved and not need.given
    ]
    findings += pictures
    verdict: Verdict = "person"
    if answer is not None:
        verdict = {True: "yes", False: "no", None: "unknown"}[answer.truth]  # type: ignore[assignment]
    decides = may_decide(item, rule, facts, on)
    proved = all(need.proved for need in needs if need.needed)
    used = [facts[name].trust for name in (rule.names if rule else ()) if name in facts]
    instant = decides is not None and proved and not findings
    return Review(verdict, answer, needs, tuple(findings), instant, min(used, default=0))


def needed(
    item: Item,
    registry: Mapping[str, FactType],
    facts: Mapping[str, Known],
    given: Collection[str] = (),
) -> tuple[Need, ...]:
    """The materials of an item for somebody: which he needs, which what is known proves, which he has given."""
    return tuple(
        Need(
            material,
            applies(material, registry, facts) and not material.optional,
            bool(material.proves)
            and all(key in facts and facts[key].authoritative for key in material.proves),
            material.key in given,
        )
        for material in item.materials
    )


def applies(material: Material, registry: Mapping[str, FactType], facts: Mapping[str, Known]) -> bool:
    """Whether the facts ask for a material; as long as one of them is not known it may be asked for."""
    for key, cell in material.when.items():
        if key in facts and key in registry:
            try:
                if not holds(parse(registry[key], cell), facts[key].value):
                    return False
            except FactError:  # found by `pack check`
                continue
    return True


def conditions(
    rule: Rule | None, registry: Mapping[str, FactType], facts: Mapping[str, Known], on: date
) -> list[Finding]:
    """Each fact because of which the rule says no: what is needed, by which article, and how to mend it."""
    if rule is None:
        return []
    failing: dict[str, list[Check]] = {}
    for check in reviewing.review(rule, given_to(facts), on).failures:
        failing.setdefault(check.fact, []).append(check)
    return [_against(registry, facts, fact, checks) for fact, checks in failing.items()]


def given_to(facts: Mapping[str, Known]) -> dict[str, Fact | Members]:
    """Facts as rules take them, with their trust and source."""
    found: dict[str, Fact | Members] = {}
    for key, one in facts.items():
        trust = min(one.trust, MODEL) if one.disputed else one.trust
        if isinstance(one.value, tuple):
            found[key] = Members(one.value, True, trust, one.source)
        else:
            found[key] = Fact(one.value, trust, one.source)
    return found


def _against(
    registry: Mapping[str, FactType], facts: Mapping[str, Known], fact: str, checks: Sequence[Check]
) -> Finding:
    reasons = list(dict.fromkeys(check.reason or SAYS for check in checks))
    needed = Title(zh="；或者".join(one.zh for one in reasons), en="; or ".join(one.en for one in reasons))
    basis = "；".join(dict.fromkeys(check.basis for check in checks))
    mend = next((check.remedy for check in checks if check.remedy), None) or _remedy(registry, fact)
    return Finding("condition", fact, needed, basis, mend, facts.get(fact) or _computed(fact, checks))


def _computed(fact: str, checks: Sequence[Check]) -> Known | None:
    """What was computed from others, for the page; nobody has said it."""
    value = checks[0].value
    return Known(fact, value, "", checks[0].trust or 0, NEVER, UUID(int=0)) if value is not None else None


def _missing(
    item: Item, answer: Answer | None, registry: Mapping[str, FactType], facts: Mapping[str, Known]
) -> list[Finding]:
    """What has still to be said: what could change the answer, and what the result needs."""
    missing = answer.missing if answer is not None and answer.truth is None else ()
    keys = list(dict.fromkeys(key.partition(".")[0] for key in missing))
    keys += [key for key in item.asks if key not in facts and key not in keys]
    return [
        Finding("fact", key, ASKED, registry[key].basis if key in registry else "", _question(registry, key))
        for key in keys
    ]


def _question(registry: Mapping[str, FactType], key: str) -> Title | None:
    return registry[key].question if key in registry else None


def _remedy(registry: Mapping[str, FactType], key: str) -> Title | None:
    return registry[key].remedy if key in registry else None


def _bring(need: Need, registry: Mapping[str, FactType]) -> Finding:
    name = need.material.name
    issuer = f"（{need.material.issuer}出具）" if need.material.issuer else ""
    remedy = Title(zh=f"请上传或带来：{name}{issuer}", en=f"Please upload or bring: {name}{issuer}")
    return Finding("material", need.material.key, BRING, "", remedy)
