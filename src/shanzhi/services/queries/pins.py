"""The versions in force that an application is, or would be, pinned to; and what they would change of a running one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from shanzhi.base.clock import BEIJING, Calendar
from shanzhi.base.errors import NotFound
from shanzhi.residents.fact import Known
from shanzhi.residents.queries import facts
from shanzhi.rules.evaluate import Rule
from shanzhi.services import form
from shanzhi.services.item import Item
from shanzhi.services.pinning import Differs, Pins, Side, differs
from shanzhi.services.queries import catalogue
from shanzhi.services.queries.applications import Opened, day_of, standing
from shanzhi.services.queries.pictures import material_of
from shanzhi.services.review import Review, review


@dataclass(frozen=True, slots=True)
class Proposal:
    """A running application as the versions in force would have it: the facts it would stand on, what would differ."""

    item: Item
    rule: Rule | None
    pins: Pins
    facts: Mapping[str, Known]
    review: Review
    differs: Differs


def pins_of(item: Item, rule: Rule | None) -> Pins:
    """What an application for an item is pinned to."""
    ref = f"{rule.id}@{rule.version}" if rule is not None else ""
    return Pins(item.ref, ref, calendar_ref(), schema_ref(item, rule))


def pinned(found: Opened) -> Pins:
    """What an application is pinned to now."""
    one = found.application
    return Pins(f"{one.item}@{one.item_version}", one.rule, one.calendar, one.form)


def in_force(found: Opened, day: date) -> tuple[Item, Rule | None, Pins] | None:
    """The versions in force on a day, where an open application runs on others; None for what is not offered now."""
    if found.application.verdict or not found.state["open"]:
        return None
    try:
        item = catalogue.item(found.application.item, day=day)
        rule = catalogue.rule(item, day=day)
    except NotFound:
        return None
    pins = pins_of(item, rule)
    return None if pins == pinned(found) else (item, rule, pins)


def wanting(found: Opened, item: Item, rule: Rule | None) -> set[str]:
    """The facts that another version has to do with and the application does not name."""
    return form.wanted(item, rule, facts.types()) - set(found.facts)


def proposal(found: Opened, known: Mapping[str, Known], at: datetime) -> Proposal | None:
    """What the versions in force would make of an application; `known` is what the record holds beside its facts.

    The facts are those that it was sent with, as they stood then, so that what differs comes of the versions.
    """
    versions = in_force(found, at.astimezone(BEIJING).date())
    if versions is None:
        return None
    item, rule, pins = versions
    registry, day = facts.types(), day_of(found.application)
    together = standing({**ids_of(known), **found.application.facts}, day)
    given = [material_of(key) for key, file in found.application.materials.items() if file]
    before = Side(
        found.item, found.rule, review(found.item, found.rule, registry, found.facts, given, on=day)
    )
    after = Side(item, rule, review(item, rule, registry, together, given, on=day))
    told = differs(before, after, together, registry, day)
    return Proposal(item, rule, pins, together, after.review, told)


def ids_of(known: Mapping[str, Known]) -> dict[str, str]:
    """Facts by the ids of their values, as applications name them."""
    return {key: str(one.id) for key, one in known.items() if one.id != UUID(int=0)}


def schema_ref(item: Item, rule: Rule | None) -> str:
    """The version of the form: a digest of what it asks, in order."""
    return _digest(item.ref, tuple(form.fields(item, rule, facts.types())))


@lru_cache(maxsize=4096)
def _digest(ref: str, names: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join((ref, *names)).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def calendar_ref() -> str:
    """The version of the working calendar: the years with a notice, and a digest of their days."""
    calendar = Calendar.default()
    text = ",".join(f"{day}{worked:d}" for day, worked in sorted(calendar.days.items()))
    return f"{calendar.known[0]}-{calendar.known[1]}/{hashlib.sha256(text.encode()).hexdigest()[:8]}"
