"""Calls that were taken: those of one's own, and those of the area one watches over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.hotline.models import Call, Utterance
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require, scope

PAGE = 50
RIGHT = "case.report_for"


@dataclass(frozen=True, slots=True)
class History:
    """What a caller has reported before, and what he was answered."""

    cases: tuple[dict[str, Any], ...]
    answered: tuple[Call, ...]


def channel(actor: Actor) -> str:
    """A call is known by who brings it and the number it has there."""
    return f"call:{actor.ref}"


def may_take(actor: Actor) -> bool:
    """Whether the actor takes calls."""
    return bool(scope(actor, RIGHT))


def visible_to(actor: Actor) -> "QuerySet[Call]":
    """The calls that an actor took himself, and those of the area in which he may report for others."""
    reach = require(actor, RIGHT)
    if reach.everything:
        return Call.objects.all()
    seen = Q(channel=channel(actor))
    for area in reach.areas:
        seen |= Q(area__startswith=area)
    return Call.objects.filter(seen)


def listed(actor: Actor, *, kind: str = "", offset: int = 0, limit: int = PAGE) -> list[Call]:
    """The latest calls, of one kind or of all."""
    found = visible_to(actor)
    found = found.filter(kind=kind) if kind else found
    return list(found.order_by("-at", "-id")[offset : offset + limit])


def one(actor: Actor, id_: UUID) -> Call:
    """Raises NotFound for a call that is not to be seen."""
    found = visible_to(actor).filter(pk=id_).first()
    if found is None:
        raise NotFound()
    return found


def counts(actor: Actor, since: datetime) -> dict[str, int]:
    """How many calls ended how, since a moment."""
    rows = visible_to(actor).filter(at__gte=since).order_by().values_list("kind")
    return dict(rows.annotate(n=Count("pk")))


def today(actor: Actor, at: datetime) -> dict[str, int]:
    """The same since midnight in Beijing."""
    morning = at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return counts(actor, morning)


def asked_most(actor: Actor, since: datetime, most: int = 5) -> list[tuple[str, int]]:
    """The approved answers given most often since a moment."""
    rows = visible_to(actor).filter(at__gte=since, kind="consultation").exclude(answer="").order_by()
    found = rows.values_list("answer").annotate(n=Count("pk")).order_by("-n", "answer")
    return list(found[:most])


def of_people(actor: Actor, people: Collection[UUID]) -> History:
    """What some people have reported and asked before, as far as the actor may see it."""
    if not people:
        return History((), ())
    answered = visible_to(actor).filter(person__in=list(people), kind="consultation").order_by("-at")
    return History(tuple(cases.of_people(actor, people)), tuple(answered[:3]))


def transcript(call: Call) -> list[dict[str, Any]]:
    """What was said, in order; the call was found by `one`."""
    rows = Utterance.objects.filter(call=call).order_by("seq")
    return [dict(each) for each in rows.values("seq", "who", "start_ms", "text", "final")]
