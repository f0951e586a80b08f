"""What would change (试算, 复核): two versions of a rule over the same applications."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from shanzhi.rules.evaluate import BadFacts, Rule
from shanzhi.rules.given import Given
from shanzhi.rules.running import Result, run

Verdicts = tuple[bool | None, bool | None]


@dataclass(frozen=True, slots=True)
class Past:
    """An application as it was decided: what to call it, and its facts as of a day."""

    id: str
    given: Given
    on: date


@dataclass(frozen=True, slots=True)
class Change:
    """An application that the two versions decide differently."""

    id: str
    before: Result
    after: Result


@dataclass
class Difference:
    """Two versions beside each other.

    verdicts  how many applications by (verdict before, verdict after).
    sums      for each number among the outputs its sum before and after, over what each version says is true.
    strange   applications whose facts one of the versions cannot read.
    """

    total: int = 0
    changes: list[Change] = field(default_factory=list)
    verdicts: Counter[Verdicts] = field(default_factory=Counter)
    sums: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


def compare(before: Rule, after: Rule, past: Iterable[Past]) -> Difference:
    """Who would be decided differently, and what it costs. Facts that one version does not ask are ignored by it."""
    found = Difference()
    for each in past:
        found.total += 1
        try:
            old, new = run(before, each.given, each.on), run(after, each.given, each.on)
        except BadFacts:
            found.strange.append(each.id)
            continue
        found.verdicts[old.verdict, new.verdict] += 1
        if old.verdict is not new.verdict or old.outputs != new.outputs:
            found.changes.append(Change(each.id, old, new))
        _add(found.sums, old, new)
    return found


def _add(sums: dict[str, tuple[Decimal, Decimal]], old: Result, new: Result) -> None:
    for name in dict.fromkeys([*old.outputs, *new.outputs]):
        amounts = [_amount(each.outputs, name) if each.verdict else None for each in (old, new)]
        if amounts != [None, None]:
            one, other = sums.get(name, (Decimal(0), Decimal(0)))
            sums[name] = one + (amounts[0] or 0), other + (amounts[1] or 0)


def _amount(outputs: Mapping[str, Any], name: str) -> Decimal | None:
    value = outputs.get(name)
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
