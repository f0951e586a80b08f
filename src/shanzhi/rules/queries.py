"""Reading rules and categories; what is in force is kept in the process until a pack changes it."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import NotFound, gettext_noop
from shanzhi.packs import queries as packs
from shanzhi.rules import running
from shanzhi.rules.category import Category
from shanzhi.rules.evaluate import Rule
from shanzhi.rules.given import Given
from shanzhi.rules.models import CategoryRow, RuleVersion
from shanzhi.rules.running import Result
from shanzhi.rules.schema import RuleSpec

Dates = tuple[int, date, date | None]
COLUMNS = tuple(Category.__slots__)


def rule(id: str, *, version: int | None = None, at: date | None = None) -> Rule:
    """A rule ready to run: a version by its number, or the newest that is valid on a day (Beijing, today).

    Raises NotFound. The database is asked only for what this process has not seen yet.
    """
    if version is None:
        day = at or now().astimezone(BEIJING).date()
        version = _valid(packs.version("rules"), id, day)
        if version is None:
            raise NotFound(gettext_noop("There is no rule %(rule)s valid on %(day)s"), rule=id, day=day)
    return _compiled(id, version)


def run(id: str, given: Given, *, on: date, version: int | None = None) -> Result:
    """What a rule says for facts as of a day: by the version valid then, or by a version that a case pins.

    Raises NotFound, or BadFacts naming each value that cannot be.
    """
    return running.run(rule(id, version=version, at=on), given, on)


def rules() -> list[RuleSpec]:
    """The newest version of each rule on offer, by id."""
    newest = RuleVersion.objects.filter(offered=True).order_by("rule", "-version").distinct("rule")
    return [_spec(row) for row in newest]


def versions(id: str) -> list[tuple[int, date, date | None]]:
    """All versions of a rule, newest first, with the days on which they begin and end."""
    found = RuleVersion.objects.filter(rule=id).order_by("-version")
    return list(found.values_list("version", "valid_from", "valid_to"))


def categories() -> Mapping[str, Category]:
    """All open categories by code, in the order of their codes."""
    return _categories(packs.version("categories"))


def category(code: str) -> Category:
    """Raises NotFound."""
    found = categories().get(code)
    if found is None:
        raise NotFound(gettext_noop("There is no category %(category)s"), category=code)
    return found


def hotline_category(name: str) -> Category | None:
    """The category for what a hotline has filed under one of its first-level classes (一级分类)."""
    classes = [c for c in categories().values() if c.kind == "service" and c.level == 1]
    return next((c for c in classes if c.hotline_class == name), None)


def forget() -> None:
    """Makes this process read everything again: for tests, whose changes are rolled back."""
    for remembered in (_valid, _versions, _compiled, _categories):
        remembered.cache_clear()
    packs.forget()


@lru_cache(maxsize=4096)
def _valid(pack: int, id: str, day: date) -> int | None:
    for version, since, to in _versions(pack, id):
        if since <= day and (to is None or day < to):
            return version
    return None


@lru_cache(maxsize=1024)
def _versions(pack: int, id: str) -> tuple[Dates, ...]:
    """The versions on offer, newest first."""
    found = RuleVersion.objects.filter(rule=id, offered=True).order_by("-version")
    return tuple(found.values_list("version", "valid_from", "valid_to"))


@lru_cache(maxsize=1024)
def _compiled(id: str, version: int) -> Rule:
    row = RuleVersion.objects.filter(rule=id, version=version).first()
    if row is None:
        raise NotFound(
            gettext_noop("There is no version %(version)s of the rule %(rule)s"), rule=id, version=version
        )
    return Rule(_spec(row))


def _spec(row: RuleVersion) -> RuleSpec:
    """A version with its names in the order of its file."""
    return RuleSpec.model_validate(json.loads(row.text) if row.text else row.body)


@lru_cache(maxsize=2)
def _categories(pack: int) -> Mapping[str, Category]:
    rows = CategoryRow.objects.filter(open=True).order_by("code").values(*COLUMNS)
    return MappingProxyType({row["code"]: Category(**row) for row in rows})
