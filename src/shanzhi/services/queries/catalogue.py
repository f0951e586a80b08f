"""Reading the catalogue: what is in force is kept in the process until a pack changes it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from shanzhi.base.errors import NotFound, gettext_noop
from shanzhi.packs import queries as packs
from shanzhi.residents.queries import facts
from shanzhi.rules import queries as rules
from shanzhi.rules.evaluate import Rule, compile_rule
from shanzhi.services.finding import Index
from shanzhi.services.item import Item, in_force, rule_of
from shanzhi.services.models import ItemRow

SECTION = "services"
NO_ITEM = gettext_noop("There is no service %(item)s")
CLOSED = gettext_noop("This service is not on offer just now: it cannot be applied for")


def current(day: date | None = None) -> Mapping[str, Item]:
    """The items in force on a day (today), by code, in the order of their codes."""
    return _current(packs.version(SECTION), day or facts.today())


@lru_cache(maxsize=4)
def _current(pack: int, day: date) -> Mapping[str, Item]:
    versions = _versions(pack)
    found = {code: item for code, listed in versions.items() if (item := in_force(list(listed), day))}
    return MappingProxyType(found)


@lru_cache(maxsize=2)
def _versions(pack: int) -> Mapping[str, Sequence[Item]]:
    found: dict[str, list[Item]] = {}
    for body in (
        ItemRow.objects.filter(offered=True).order_by("code", "version").values_list("body", flat=True)
    ):
        item = Item.model_validate(body)
        found.setdefault(item.code, []).append(item)
    return found


def item(code: str, *, day: date | None = None) -> Item:
    """The version in force on a day; raises NotFound."""
    found = current(day).get(code)
    if found is None:
        raise NotFound(NO_ITEM, item=code)
    return found


def version(code: str, number: int) -> Item:
    """A version by its number, whether it is in force or not; raises NotFound."""
    return _version(packs.version(SECTION), code, number)


@lru_cache(maxsize=4096)
def _version(pack: int, code: str, number: int) -> Item:
    body = ItemRow.objects.filter(code=code, version=number).values_list("body", flat=True).first()
    if body is None:
        raise NotFound(NO_ITEM, item=f"{code}@{number}")
    return Item.model_validate(body)


def rule(one: Item, *, day: date | None = None, number: int | None = None) -> Rule | None:
    """The rule of an item, ready to run; a rule of the pack in a version, or the one valid on a day."""
    if one.rule:
        return rules.rule(one.rule, version=number, at=day)
    if one.conditions is None:
        return None
    return _own_rule(packs.version(SECTION), packs.version(facts.SECTION), one.code, one.version)


@lru_cache(maxsize=4096)
def _own_rule(pack: int, registry: int, code: str, number: int) -> Rule | None:
    spec = rule_of(_version(pack, code, number), facts.types())
    return compile_rule(spec) if spec is not None else None


def index(day: date | None = None) -> Index:
    """What finds the items in force by words."""
    return _index(packs.version(SECTION), day or facts.today())


@lru_cache(maxsize=2)
def _index(pack: int, day: date) -> Index:
    return Index.of(list(_current(pack, day).values()))


def search(
    words: str = "", *, kind: str = "", org: str = "", life: str = "", audience: str = ""
) -> list[Item]:
    """The items in force that fit words and filters; without words in the order of their codes."""
    offered = current()
    codes = [found.code for found in index().find(words)] if words.strip() else _first(offered)
    found = [offered[code] for code in codes]
    return [
        one
        for one in found
        if (not kind or one.kind == kind)
        and (not org or one.org == org)
        and (not life or life in one.life)
        and (not audience or one.audience == audience)
    ]


def _first(offered: Mapping[str, Item]) -> list[str]:
    """What is decided at once first, then what people need, then what companies need."""
    return sorted(
        offered, key=lambda code: (offered[code].audience != "person", not offered[code].instant, code)
    )


def occasions() -> list[str]:
    """The occasions of life (人生事件) that items are filed under, those with most items first."""
    counts: dict[str, int] = {}
    for one in current().values():
        for life in one.life:
            counts[life] = counts.get(life, 0) + 1
    return sorted(counts, key=lambda life: (-counts[life], life))
