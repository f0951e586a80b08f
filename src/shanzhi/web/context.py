"""What every page is given."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import scope

SIZES = ("normal", "large")


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
        "dispatches": SimpleLazyObject(lambda: bool(scope(actor_from(request), "dispatch.plan"))),
        "plans": SimpleLazyObject(lambda: bool(scope(actor_from(request), "visit.plan"))),
        "leads": SimpleLazyObject(lambda: bool(scope(actor_from(request), "figures.view"))),
    }


def _manages(request: HttpRequest) -> bool:
    """Whether the way to the administration is shown; asked only where a template asks."""
    return scope(actor_from(request), "org.manage").everything


def _surveyed(request: HttpRequest) -> bool:
    """Whether the way to third-party evaluation is shown: to who draws and to who judges."""
    actor = actor_from(request)
    return any(scope(actor, right) for right in ("audit.read", "case.evaluate"))
