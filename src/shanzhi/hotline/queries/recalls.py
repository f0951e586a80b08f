"""The call-backs an operator may make: of the cases that he may see, the most urgent first."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.hotline.models import Callback
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require, scope

CALLERS = ("operator", "dispatcher")
PAGE = 50


def may_call(actor: Actor) -> bool:
    """Whether the actor makes call-backs: operators and dispatchers, who may act in the name of a caller."""
    return any(actor.has(role) for role in CALLERS) and bool(scope(actor, "case.view"))


def _mine(actor: Actor) -> "QuerySet[Callback]":
    """The call-backs within reach: where the actor holds a role of callers."""
    require(actor, "case.view")
    areas = {area for role in CALLERS for area in actor.areas(role)}
    found = Callback.objects.none()
    for area in sorted(areas):
        found = found | Callback.objects.filter(area__startswith=area)
    return found


def listed(actor: Actor, status: str, at: datetime, *, offset: int = 0, limit: int = PAGE) -> list[Callback]:
    """Those of a status: to be called now first, then those to be tried again later."""
    found = _mine(actor).filter(status=status)
    if status == "waiting":
        return list(_by_turn(found, at)[offset : offset + limit])
    return list(found.order_by("-since", "case")[offset : offset + limit])


def _by_turn(found: "QuerySet[Callback]", at: datetime) -> "QuerySet[Callback]":
    later = Case(When(next_at__gt=at, then=Value(1)), default=Value(0), output_field=IntegerField())
    return found.annotate(later=later).order_by("later", "due", "case")


def counts(actor: Actor) -> dict[str, int]:
    return dict(_mine(actor).order_by().values_list("status").annotate(n=Count("pk")))


def of_case(actor: Actor, case: UUID) -> Callback:
    """Raises NotFound for a case that is not to be called about, or out of reach."""
    found = _mine(actor).filter(pk=case).first()
    if found is None or not cases.visible_to(actor).filter(pk=case).exists():
        raise NotFound()
    return found
