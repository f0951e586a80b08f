"""What was asked to be left out of the ranking: of one case, and what waits for a review."""

from typing import Any
from uuid import UUID

from shanzhi.cases.queries import states_of
from shanzhi.hotline.models import Exclusion, Fact
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope

REVIEW = "hotline.review"
MOST = 200


def of_case(case: UUID) -> list[Any]:
    """All that was ever asked of a case, the latest first; for doors that have checked who may see it."""
    return list(Exclusion.objects.filter(case=case).order_by("-proposed_at"))


def is_ranked(case: UUID) -> bool:
    """Whether the case counts in the ranking at all."""
    return Fact.objects.filter(pk=case).exists()


def may_review(actor: Actor) -> bool:
    return bool(scope(actor, REVIEW))


def waiting(actor: Actor) -> list[tuple[Any, Any]]:
    """What waits within the actor's reach, the longest waiting first, each with its case."""
    found = list(Exclusion.objects.filter(status="proposed").order_by("proposed_at")[:MOST])
    states, reach = states_of([one.case for one in found]), scope(actor, REVIEW)
    return [
        (one, state)
        for one in found
        if (state := states.get(one.case)) is not None and reach.covers(state["area"], (state["org"],))
    ]
