"""What every page is given."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import scope

SIZES = ("normal", "large")
LOOKS = ("case.view", "grid.edit", "figures.view")  # any of them, as `grids.covering.may_look` asks


def page(request: HttpRequest) -> dict[str, Any]:
    """The size of letters: as chosen in this browser, else as the account says."""
    chosen = request.COOKIES.get("size")
    if chosen not in SIZES:
        user = getattr(request, "user", None)
        chosen = "large" if getattr(user, "large_text", False) else "normal"
    return {
        "size": chosen,
        "manages": SimpleLazyObject(lambda: _manages(request)),
        "sees_rules": SimpleLazyObject(lambda: bool(scope(actor_from(request), "pack.view"))),
        "surveyed": SimpleLazyObject(lambda: _surveyed(request)),
        "audits": SimpleLazyObject(lambda: bool(scope(actor_from(request), "audit.read"))),
        "dispatches": SimpleLazyObject(lambda: bool(scope(actor_from(request), "dispatch.plan"))),
        "plans": SimpleLazyObject(lambda: bool(scope(actor_from(request), "visit.plan"))),
        "leads": SimpleLazyObject(lambda: bool(scope(actor_from(request), "figures.view"))),
        "oversees": SimpleLazyObject(lambda: _reaches(request, "figures.view", "case.view", of=all)),
        "sees_grids": SimpleLazyObject(lambda: _reaches(request, *LOOKS, of=any)),
    }


def _reaches(request: HttpRequest, *rights: str, of: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether all, or any, of the rights reach an area: what one has only in an organisation shows no grids."""
    scopes = (scope(actor_from(request), right) for right in rights)
    return of(one.everything or bool(one.areas) for one in scopes)


def _manages(request: HttpRequest) -> bool:
    """Whether the way to the administration is shown; asked only where a template asks."""
    return scope(actor_from(request), "org.manage").everything


def _surveyed(request: HttpRequest) -> bool:
    """Whether the way to third-party evaluation is shown: to who draws and to who judges."""
    actor = actor_from(request)
    return any(scope(actor, right) for right in ("audit.read", "case.evaluate"))
