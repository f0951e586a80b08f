"""What is proposed while a call is typed, as the page says it: names, percentages, sources, keys."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from shanzhi.base.clock import Span, now
from shanzhi.base.errors import gettext_noop
from shanzhi.base.identity import mask_name
from shanzhi.cases import types
from shanzhi.desk.callform import COMMUNITY, category_way
from shanzhi.hotline.queries.around import Duplicate
from shanzhi.hotline.queries.desk import Filled, Suggestion
from shanzhi.language.entities import mask
from shanzhi.orgs.queries import orgs
from shanzhi.web import names

BY = {
    "person": gettext_noop("set by you"),
    "model": gettext_noop("learnt from closed cases"),
    "rule": gettext_noop("by the rules"),
    "words": gettext_noop("found in the words"),
    "map": gettext_noop("found in the words and on the map"),
}
ENTITY = {
    "phone": gettext_noop("Phone"),
    "name": gettext_noop("Name"),
    "citizen_id": gettext_noop("Citizen id"),
    "bank_card": gettext_noop("Bank card"),
    "email": gettext_noop("E-mail"),
    "plate": gettext_noop("Number plate"),
    "time": gettext_noop("Time"),
    "amount": gettext_noop("Sum"),
}
ALARM = {"self_harm": gettext_noop("self-harm"), "threat": gettext_noop("a threat")}
JOIN_KEYS, ANSWER_KEYS = "jkl", "abd"
MOST_ENTITIES = 8


def shown(found: Suggestion) -> dict[str, Any]:
    """All that the fragment of proposals shows."""
    place, ruling = found.place, found.ruling
    return {
        "fills": _fills(found),
        "whys": {
            "category": _why(found.category),
            "urgency": _why(found.urgency),
            "address": _why(place.address),
            "area": _why(place.area),
        },
        "category_way": category_way(found.category.value),
        "alternatives": list(_alternatives(found)),
        "alarming": [names.word(ALARM, one) for one in found.alarming],
        "urgent": found.urgency.value if found.urgency.value != "normal" else "",
        "urgent_word": names.word(names.URGENCY, found.urgency.value),
        "entities": list(_entities(found)),
        "grid": names.area(place.area.value) if place.area.value else "",
        "point": (place.lon, place.lat) if place.lon is not None else None,
        "owner": _owner(found) if ruling and found.category.value else None,
        "duplicates": [_duplicate(one, key) for one, key in zip(found.duplicates, JOIN_KEYS, strict=False)],
        "similar": found.similar,
        "answers": [(one, key, _percent(one.score)) for one, key in zip(found.answers, ANSWER_KEYS, strict=False)],
    }  # fmt: skip


def _fills(found: Suggestion) -> dict[str, Any]:
    """The values of the fields: what the operator has set himself is not among them."""
    draft, place = found.draft, found.place
    values = {
        "category": (draft.category, found.category.value),
        "urgency": (draft.urgency or None, found.urgency.value),
        "address": (draft.address, place.address.value),
        "area": (draft.area, place.area.value[:COMMUNITY] if len(place.area.value) > 6 else ""),
    }
    filled: dict[str, Any] = {name: value for name, (own, value) in values.items() if own is None}
    return filled | {"lon": _degrees(place.lon), "lat": _degrees(place.lat)}


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _why(one: Filled) -> dict[str, Any]:
    return {
        "by": names.word(BY, one.by) if one.by else "",
        "sure": _percent(one.sure) if one.sure is not None and one.by != "person" else None,
        "weak": one.sure is not None and one.sure < 0.6 and one.by != "person",
        "why": one.why,
    }


def _percent(share: float) -> int:
    return round(share * 100)


def _alternatives(found: Suggestion) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(found.understood.categories, 1):
        yield {
            "key": number,
            "code": one.label,
            "way": category_way(one.label),
            "sure": _percent(one.probability),
            "chosen": one.label == found.category.value,
        }


def _entities(found: Suggestion) -> Iterator[dict[str, Any]]:
    for one in found.understood.entities[:MOST_ENTITIES]:
        yield {
            "kind": names.word(ENTITY, one.kind), "text": _masked(one.kind, one.value),
            "start": one.start, "end": one.end, "takes": one.kind if one.kind in ("phone", "name") else "",
        }  # fmt: skip


def _masked(kind: str, value: str) -> str:
    """What tells who somebody is with stars in it; a name that stands alone is known by its kind only."""
    return mask_name(value) if kind == "name" else mask(value)


def _owner(found: Suggestion) -> dict[str, Any]:
    """Who leads by the list, on what basis, and how long each step may take."""
    ruling = found.ruling
    assert ruling is not None
    known, owner = orgs(), ruling.why.get("owner", {})
    type_ = types.current(found.draft.type)
    clocks = [
        (names.titled(clock.title), span(ruling.limits.get(clock.rule_output or "", clock.within)))
        for clock in type_.clocks.values()
        if clock.kind in ("contact", "handle", "accept")
    ]
    helpers = owner.get("outputs", {}).get("helpers") or ()
    return {
        "lead": known.get(ruling.proposed, ruling.proposed),
        "desk": known.get(ruling.desk, ruling.desk),
        "helpers": [known.get(one, one) for one in helpers],
        "basis": owner.get("basis", ()),
        "urgency_basis": ruling.why.get("urgency", {}).get("basis", ()),
        "clocks": clocks,
    }


def span(text: str) -> str:
    """A length of time in words."""
    if text.endswith("wd"):
        return ngettext("%(n)s working day", "%(n)s working days", int(text[:-2])) % {"n": text[:-2]}
    minutes = Span.parse(text).seconds // 60
    for size, one in ((1440, _days), (60, _hours)):
        if minutes >= size and minutes % size == 0:
            return one(minutes // size)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _days(n: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def _hours(n: int) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}


def _duplicate(one: Duplicate, key: str) -> dict[str, Any]:
    return {
        "one": one,
        "key": key,
        "area": names.area(one.area),
        "since": since(one.since),
        "others": one.reporters,
        "sure": _percent(one.score),
    }


def since(moment: datetime) -> str:
    """Since when: the hour for today, the day for what is older."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == timezone.localtime(now()).date() else f"{local:%m-%d %H:%M}"
