"""What the actions share: the moment, the lock with the version that the caller saw, the writing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from shanzhi.base.clock import Calendar, now
from shanzhi.base.errors import Conflict, NotFound, gettext_noop
from shanzhi.cases import store, types
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.moment import Moment
from shanzhi.cases.queries import may_see
from shanzhi.cases.state import Change, State
from shanzhi.journal.tables import Insert
from shanzhi.orgs.actor import Actor


def moment(at: datetime | None = None) -> Moment:
    """The given time or now, with the working calendar in force."""
    return Moment(at.astimezone(UTC) if at else now(), Calendar.default())


def locked(actor: Actor, case: UUID, *, seen: int | None = None) -> store.Stored:
    """The case, locked; raises NotFound when the actor may not see it, Conflict when it has moved on."""
    [stored] = store.lock(case)
    return _known(actor, stored, seen)


def unlocked(actor: Actor, case: UUID, *, seen: int | None = None) -> store.Stored:
    """The same without a lock, outside a transaction: what is written on it may be Overtaken."""
    for stored in store.read([case]):
        return _known(actor, stored, seen)
    raise NotFound()


def _known(actor: Actor, stored: store.Stored, seen: int | None) -> store.Stored:
    if not may_see(actor, stored.state):
        raise NotFound()
    if seen is not None and stored.state["version"] != seen:
        raise Conflict(
            gettext_noop("The case has changed since you looked at it"),
            code="stale",
            version=stored.state["version"],
            state=stored.state["state"],
        )
    return stored


def type_of(state: State) -> CaseType:
    """The type in the version that the case runs on."""
    return types.version(state["type"], state["type_version"])


def saved(
    actor: Actor,
    stored: store.Stored,
    change: Change,
    kind: str,
    at: datetime,
    *,
    extra: Sequence[Insert] = (),
) -> State:
    """Writes one change; the case as it then stands."""
    [after] = store.save([store.Step(stored, change, kind, actor.ref, at)], extra=extra)
    return after.state
