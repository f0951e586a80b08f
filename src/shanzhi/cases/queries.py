"""Reading cases: always starting from what the asker may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shanzhi.base.clock import now
from shanzhi.base.codes import is_within, span
from shanzhi.base.errors import NotFound
from shanzhi.cases import store, types, workflow
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.models import Case, ReporterRow, TaskRow
from shanzhi.cases.state import State
from shanzhi.cases.who import holds_link
from shanzhi.journal import queries as journal
from shanzhi.journal.entry import Entry
from shanzhi.orgs.actor import Actor

WATCHERS = ("operator", "registrar", "dispatcher", "street_leader", "auditor", "administrator", "grid_worker", "evaluator")


def visible_to(actor: Actor) -> "QuerySet[Case]":
    """The cases that an actor may see, as one WHERE clause.

    Whoever watches over an area sees what lies in it; whoever works for an organisation sees what it owns
    or helps with; a reporter sees his own.
    """
    if actor.kind == "system":
        return Case.objects.all()
    seen = Q(pk__in=[])
    for low, high in {span(area) for area in _areas(actor)}:
        seen |= Q(area__gte=low, area__lt=high)
    if orgs := actor.orgs():
        helping = TaskRow.objects.filter(case=OuterRef("pk"), org__in=orgs)
        seen |= Q(org__in=orgs) | Exists(helping)
    if actor.account is not None:
        own = ReporterRow.objects.filter(case=OuterRef("pk"), account=actor.account, active=True)
        seen |= Q(person=actor.account) | Exists(own)
    return Case.objects.filter(seen)


def may_see(actor: Actor, state: State) -> bool:
    """The same for a case at hand."""
    party = state.party
    helpers = {task.org for task in state.tasks.values()}
    return (
        actor.kind == "system"
        or any(is_within(party.area, area) for area in _areas(actor))
        or any(org == party.org or org in helpers for org in actor.orgs())
        or (actor.account is not None and (actor.account == party.person or actor.account in party.reporters))
        or holds_link(actor, party.case)
    )


def _areas(actor: Actor) -> list[str]:
    return [grant.area for grant in actor.grants if grant.role in WATCHERS and not grant.org]


@dataclass(frozen=True, slots=True)
class View:
    """A case as one asker sees it: what it is, what he may do now, and what has happened."""

    state: State
    type: CaseType
    allowed: tuple[str, ...]
    timeline: tuple[Entry, ...]
    children: tuple[dict[str, Any], ...]
    duplicates: tuple[dict[str, Any], ...]


def view(actor: Actor, case: UUID, *, at: datetime | None = None) -> View:
    """The case page in four statements. Raises NotFound when the actor may not see it."""
    found = store.read([case])
    if not found or not may_see(actor, found[0].state):
        raise NotFound()
    state = found[0].state
    type_ = types.version(state["type"], state["type_version"])
    related = list(
        Case.objects.filter(Q(parent=case) | Q(merged_into=case)).values("id", "number", "title", "state", "parent")
    )
    return View(
        state,
        type_,
        tuple(workflow.allowed(type_, state, actor, at or now())),
        tuple(journal.stream(case)),
        tuple(row for row in related if row["parent"] == case),
        tuple(row for row in related if row["parent"] != case),
    )


def by_number(actor: Actor, number: int) -> UUID:
    """The id of the case with a number, if the actor may see it; raises NotFound."""
    found = visible_to(actor).filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


LISTED = (
    "id", "number", "type", "type_version", "state", "open", "title", "category", "urgency", "area", "address",
    "org", "person", "channel", "public", "opened_at", "closed_at", "due_at", "suspended_until", "level", "lon", "lat",
)  # fmt: skip


def listed(
    actor: Actor, *, filters: Q | None = None, order: str = "-opened_at", offset: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """A page of the cases that an actor may see: one statement, whatever its length."""
    cases = visible_to(actor).filter(filters or Q()).order_by(order, "-id")
    return list(cases.values(*LISTED)[offset : offset + limit])


def state_of(case: UUID) -> State:
    """A case without asking who wants to know: for readers of the journal and for doors that have checked."""
    found = store.read([case])
    if not found:
        raise NotFound()
    return found[0].state


def states_of(cases: Sequence[UUID]) -> dict[UUID, State]:
    """Several of them, in one statement."""
    return {stored.state.id: stored.state for stored in store.read(cases)}
