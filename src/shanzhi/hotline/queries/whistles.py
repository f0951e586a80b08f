"""Whistles that somebody may see: who has mustered, who is late, what is rated."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases import tasks
from shanzhi.cases.clocks import Clock
from shanzhi.cases.state import Rating, State, Task
from shanzhi.hotline.queries.settings import setting
from shanzhi.orgs.actor import Actor


@dataclass(frozen=True, slots=True)
class Department:
    """What one department owes a whistle: it musters, then acts; `rating` is the street's."""

    org: str
    muster: Task | None
    act: Task | None
    clock: Clock | None
    late: bool
    rating: Rating | None

    @property
    def stage(self) -> str:
        if self.act is None:
            return "mustered" if self.muster and self.muster.status == "done" else "called"
        return "done" if self.act.status == "done" else "mustered"

    @property
    def current(self) -> Task | None:
        """The task that is open now."""
        found = [task for task in (self.act, self.muster) if task is not None and task.status == "open"]
        return found[0] if found else None


def departments(state: State, at: datetime) -> Iterator[Department]:
    """The departments of a whistle in the order in which they were called."""
    for org in dict.fromkeys(task.org for task in state.tasks.values()):
        own = [task for task in state.tasks.values() if task.org == org]
        muster = next((task for task in reversed(own) if task.kind == "muster"), None)
        act = next((task for task in reversed(own) if task.kind == "act"), None)
        now = act if act is not None else muster
        clock = state.clocks.get(tasks.PREFIX + now.name) if now else None
        rating = state.ratings.get(tasks.rating_name(act.name)) if act else None
        late = any(tasks.late(state, task, at) for task in own)
        yield Department(org, muster, act, clock, late, rating)


def listed(actor: Actor, *, open_: bool = True, limit: int = 50) -> list[State]:
    """The whistles an actor may see, the newest first."""
    wanted = Q(type=setting().whistles.type, open=open_)
    rows = cases.listed(actor, filters=wanted, limit=limit)
    states = cases.states_of([row["id"] for row in rows])
    return [states[row["id"]] for row in rows if row["id"] in states]


def one(actor: Actor, case: UUID) -> cases.View:
    """A whistle with what the actor may do now; raises NotFound."""
    view = cases.view(actor, case)
    if view.state["type"] != setting().whistles.type:
        raise NotFound()
    return view
