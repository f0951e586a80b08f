"""Several reports of one matter: join, merge, part, split."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied
from shanzhi.cases import joining, store
from shanzhi.cases.actions.common import locked, moment, saved, type_of
from shanzhi.cases.actions.opening import open_case
from shanzhi.cases.opening import Report
from shanzhi.cases.queries import may_see
from shanzhi.cases.state import Change, Reporter, State
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope

MERGERS = ("operator", "registrar", "dispatcher")


@transaction.atomic
def join(
    actor: Actor, case: UUID, *, person: str | None = None, channel: str = "web", caller: bool = False
) -> tuple[State, str]:
    """One more reporter ("me too") of a public case; the case and the name of the reporter in it.

    With `caller` the actor joins somebody who calls him, and not himself. Raises Denied, Conflict for who has
    joined before.
    """
    [stored] = store.lock(case)
    if not (stored.state["public"] or may_see(actor, stored.state)):
        raise Denied()
    if caller and not scope(actor, "case.report_for"):
        raise Denied(right="case.report_for")
    at = now()
    account = None if caller else actor.account
    change = joining.joined(stored.state, Reporter("", account, person, channel, at), caller=caller)
    return saved(actor, stored, change, "case.joined", at), next(iter(change.reporters))


@transaction.atomic
def merge(actor: Actor, duplicate: UUID, main: UUID, *, at: datetime | None = None) -> State:
    """Merges a duplicate into the main case; the duplicate as it then stands."""
    return _pair(actor, duplicate, main, "case.merged", at)


@transaction.atomic
def part(actor: Actor, duplicate: UUID, main: UUID, *, at: datetime | None = None) -> State:
    """Undoes a merge; the former duplicate as it then stands."""
    return _pair(actor, duplicate, main, "case.parted", at)


def _pair(actor: Actor, duplicate: UUID, main: UUID, kind: str, at: datetime | None) -> State:
    one, two = store.lock(duplicate, main)
    for stored in (one, two):
        if not actor.has_any(MERGERS, stored.state["area"]):
            raise Denied()
    when = moment(at)
    if kind == "case.merged":
        there, here = joining.merged(one.state, two.state, when)
    else:
        there, here = joining.parted(type_of(one.state), one.state, two.state, when)
    steps = [store.Step(s, c, kind, actor.ref, when.at) for s, c in ((one, there), (two, here))]
    return store.save(steps)[0].state


@transaction.atomic
def split(actor: Actor, case: UUID, parts: list[str], *, at: datetime | None = None) -> list[State]:
    """Splits off sub-cases, one for each text; the case is not resolved before they are."""
    stored = locked(actor, case)
    state = stored.state
    if not actor.has_any(MERGERS, state["area"]) and state["org"] not in actor.orgs():
        raise Denied()
    when = moment(at).at
    fields = {name: state[name] for name in ("type", "category", "lon", "lat", "address", "area", "data")}
    children = [
        open_case(actor, Report(text=text, channel="split", parent=case, at=when, public=False, **fields))
        for text in parts
    ]
    facts = {"split_into": [child["number"] for child in children]}
    saved(actor, stored, Change({"version": state["version"] + 1}, facts=facts), "case.split", when)
    return children
