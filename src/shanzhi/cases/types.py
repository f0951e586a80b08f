"""The case types in force, compiled and remembered in the process until the pack changes."""

from functools import lru_cache

from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.models import CaseTypeVersion
from shanzhi.packs import queries as packs

SECTION = "case-types"


def current(type_: str) -> CaseType:
    """The version that new cases begin with. Raises Invalid when there is no such type."""
    found = _all(packs.version(SECTION)).get(type_)
    if found is None:
        raise Invalid(gettext_noop("There is no case type %(type)s"), type=type_)
    return found


def everything() -> dict[str, CaseType]:
    """All types in force."""
    return _all(packs.version(SECTION))


@lru_cache(maxsize=2)
def _all(version: int) -> dict[str, CaseType]:
    rows = CaseTypeVersion.objects.filter(current=True).order_by("type")
    return {row.type: CaseType.model_validate(row.body) for row in rows}


@lru_cache(maxsize=500)
def version(type_: str, number: int) -> CaseType:
    """A version that cases run on; versions never change, so it is remembered for good."""
    row = CaseTypeVersion.objects.get(type=type_, version=number)
    return CaseType.model_validate(row.body)
