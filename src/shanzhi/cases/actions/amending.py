"""What was pinned when a case was opened changes while it runs: what its form says, and its limits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.base.errors import Conflict, Denied, gettext_noop
from shanzhi.cases.actions.common import locked, moment, saved, type_of
from shanzhi.cases.queries import works_on
from shanzhi.cases.state import Change, State
from shanzhi.cases.timing import earliest, respanned
from shanzhi.cases.who import reports
from shanzhi.orgs.actor import Actor


@transaction.atomic
def amend(
    actor: Actor,
    case: UUID,
    *,
    facts: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    limits: Mapping[str, str] | None = None,
    seen: int | None = None,
    at: datetime | None = None,
) -> State:
    """A running case with other pins, and its clocks with other limits, counted from their beginning.

    For whoever works on it; whoever reported it may add `facts` only. Raises NotFound, Denied, Conflict.
    """
    stored = locked(actor, case, seen=seen)
    state, when = stored.state, moment(at)
    ours = reports(actor, state.party) and data is None and limits is None
    if not ours and actor.kind != "system" and not works_on(actor, state):
        raise Denied()
    if not state["open"]:
        raise Conflict(gettext_noop("This is over: nothing of it can be changed any more"))
    changed = respanned(type_of(state), state, limits, when) if limits is not None else {}
    columns: dict[str, Any] = {}  # what only says something makes nobody's sight of the case an old one
    if data is not None or limits is not None:
        columns["version"] = state["version"] + 1
    if data is not None:
        columns["data"] = {**state["data"], **data}
    if limits is not None:
        columns |= {"limits": {**state["limits"], **limits}}
    if changed:
        columns["due_at"] = earliest({**state.clocks, **changed})
    change = Change(columns, clocks=changed, facts=dict(facts))
    return saved(actor, stored, change, "case.amended", when.at)
