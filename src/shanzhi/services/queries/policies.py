"""Reading policies: what was listed and told, and how many are covered before and after."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from shanzhi.base.errors import NotFound
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.residents import queries as residents
from shanzhi.services.models import Application, Match, NoLetters, Policy


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of those who qualify: how many had it before the letters, and how many have it now."""

    qualify: int
    before: int
    now: int


def listed(actor: Actor, *, limit: int = 50) -> list[Policy]:
    """All policies that were run, the latest first."""
    require(actor, "service.manage")
    return list(Policy.objects.order_by("-listed_at")[:limit])


def one(actor: Actor, id_: UUID) -> Policy:
    """Raises NotFound."""
    require(actor, "service.manage")
    found = Policy.objects.filter(pk=id_).first()
    if found is None:
        raise NotFound()
    return found


def counts(policy: Policy) -> dict[str, int]:
    """How its people stand now, by status."""
    rows = Match.objects.filter(policy=policy).values_list("status").annotate(n=Count("id"))
    return dict(rows)


def coverage(policy: Policy) -> Coverage:
    people = Match.objects.filter(policy=policy)
    granted = Application.objects.filter(
        item=policy.item, verdict="granted", person__in=people.values("person")
    )
    before = granted.filter(decided_at__lte=policy.listed_at)
    return Coverage(
        people.count(),
        before.values("person").distinct().count(),
        granted.values("person").distinct().count(),
    )


def people(policy: Policy, status: str, *, limit: int = 200) -> list[dict[str, Any]]:
    """Those of a status, masked: whom the community visits."""
    rows = list(Match.objects.filter(policy=policy, status=status).order_by("id")[:limit])
    masked = residents.masked(row.person for row in rows)
    return [
        {
            "id": row.pk,
            "person": row.person,
            "name": masked[row.person].name,
            "phone": masked[row.person].phone,
        }
        for row in rows
        if row.person in masked
    ]


def wants_letters(actor: Actor) -> bool:
    """Whether the actor has not said that he wants none."""
    person = residents.own(actor)
    return person is None or not NoLetters.objects.filter(person=person).exists()
