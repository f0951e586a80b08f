"""Versions of items and rules that come into force during a test; the fixture `changing` forgets them."""

from datetime import date, timedelta
from typing import Any

from shanzhi.residents.queries.facts import today
from shanzhi.rules import queries as rules
from shanzhi.rules.models import RuleVersion
from shanzhi.rules.schema import RuleSpec, Validity
from shanzhi.services.models import ItemRow
from shanzhi.services.pack import row_of
from shanzhi.services.queries import catalogue

TOMORROW = timedelta(days=1)


def forget() -> None:
    for remembered in (catalogue._versions, catalogue._current, catalogue._version, catalogue._own_rule):
        remembered.cache_clear()
    for known in (rules._valid, rules._versions, rules._compiled):
        known.cache_clear()


def next_item(code: str = "MZ-001", **changes: Any) -> None:
    """Another version of an item, in force from now on or from the day that `valid` says."""
    item = catalogue.item(code)
    item = item.model_copy(update={"version": item.version + 1, **changes})
    ItemRow.objects.create(code=item.code, **row_of(item))
    forget()


def from_day(day: date) -> Validity:
    return Validity.model_validate({"from": day})


def next_rule(id_: str = "elderly-allowance", *, since: date | None = None, **changes: Any) -> RuleSpec:
    """Another version of a rule of the pack, changed in its body, in force from a day (today)."""
    old = rules.rule(id_).spec
    body = {**old.body, **changes, "version": old.version + 1, "valid": {"from": str(since or today())}}
    spec = RuleSpec.model_validate(body)
    RuleVersion.objects.create(
        rule=spec.id, version=spec.version, valid_from=spec.valid.since, valid_to=spec.valid.to, digest=spec.digest,
        body=spec.body, offered=True,
    )  # fmt: skip
    forget()
    return spec
