"""The form of an item, made from what is missing: one question a page, never one that cannot matter. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shanzhi.residents.fact import FactType, Known
from shanzhi.rules.evaluate import Rule
from shanzhi.services.item import Item
from shanzhi.services.review import told


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form: the fact it asks, and how it is typed."""

    key: str
    type: FactType


def next_question(
    item: Item, rule: Rule | None, registry: Mapping[str, FactType], known: Mapping[str, Known], on: date
) -> Question | None:
    """What is to be asked next: the fact that most often settles the rule, then what the result needs.

    None when there is nothing left to ask.
    """
    for key in _open(item, rule, registry, known, on):
        return Question(key, registry[key])
    return None


def _open(
    item: Item, rule: Rule | None, registry: Mapping[str, FactType], known: Mapping[str, Known], on: date
) -> list[str]:
    answer = told(rule, known, on)
    if answer is not None and answer.truth is False:
        return []
    missing = [name.partition(".")[0] for name in answer.missing] if answer is not None else []
    keys = [_asked(key, registry) for key in missing if key in registry]
    keys += [key for key in item.asks if key not in known and key in registry]
    return list(dict.fromkeys(keys))


def askable(key: str, registry: Mapping[str, FactType]) -> str | None:
    """What is asked to know a fact, if it can be asked at all."""
    asked = _asked(key, registry) if key in registry else ""
    return asked if asked in registry else None


def _asked(key: str, registry: Mapping[str, FactType]) -> str:
    """What is asked to know a fact: for a computed one what it is counted from."""
    return registry[key].since or key


def ahead(
    item: Item, rule: Rule | None, registry: Mapping[str, FactType], known: Mapping[str, Known], on: date
) -> int:
    """How many questions there still are at most."""
    return len(_open(item, rule, registry, known, on))


def fields(item: Item, rule: Rule | None, registry: Mapping[str, FactType]) -> Sequence[str]:
    """All fields of the paper form: every fact of the rule and of the result, computed ones as their dates, what is
    reckoned over a group as the group."""
    names = (*rule.names, *rule.spec.groups) if rule is not None else ()
    keys = [_asked(key, registry) for key in names if key in registry and not registry[key].derived]
    return tuple(dict.fromkeys([*keys, *(key for key in item.asks if key in registry)]))


def filled(fields_: Sequence[str], known: Mapping[str, Known]) -> int:
    """How many of the fields the platform fills by itself."""
    return sum(1 for key in fields_ if key in known)


def wanted(item: Item, rule: Rule | None, registry: Mapping[str, FactType]) -> set[str]:
    """Every fact that an item has to do with: of its rule, of its result, and what its materials prove."""
    keys = {*((*rule.names, *rule.spec.groups) if rule is not None else ()), *item.asks}
    for material in item.materials:
        keys |= {*material.proves, *material.when}
    return keys | behind(keys, registry)


def behind(keys: Iterable[str], registry: Mapping[str, FactType]) -> set[str]:
    """The facts that must be read to know these: a computed one is read as what it is counted from."""
    return {_asked(key, registry) for key in keys if key in registry}
