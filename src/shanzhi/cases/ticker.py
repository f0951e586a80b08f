"""Acting on clocks: finding those that have reached a mark, and doing what follows, once.

Each batch locks the cases it acts on and passes over those that somebody else holds; they are due still at
the next turn. A mark is acted on in the transaction that takes it off the clock, so never twice.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import Calendar, now
from shanzhi.cases import sides, store, timing, types, workflow
from shanzhi.cases.casetype import TELLS
from shanzhi.cases.moment import Moment
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.tables import pipelined, run
from shanzhi.orgs.actor import Actor

BATCH = 500

DUE = "SELECT * FROM cases_due(%s, %s)"


def tick(at: datetime | None = None, *, batch: int = BATCH) -> int:
    """One batch of clocks and one of suspensions that have ended; how many cases were acted on."""
    when = at or now()
    with pipelined(), transaction.atomic():
        due, ended = _due(when, batch)
        return _clocks(due, when) + _suspensions(ended, when)


def _clocks(due: list[store.Stored], at: datetime) -> int:
    calendar = Calendar.default()
    steps = []
    for stored in due:
        change = timing.ticked(stored.state, at, calendar)
        if change is not None:
            steps.append(store.Step(stored, change, "case.clock", "system", at))
    if steps:
        store.put(steps)
    _timers(steps, Moment(at, calendar))
    return len(steps)


def _timers(steps: list[store.Step], moment: Moment) -> None:
    """Makes the moves that the law makes where nobody did in time (逾期不告知即为受理), in the same transaction."""
    for step in steps:
        for name in step.change.facts.get("breached", ()):
            move = step.change.clocks[name].on_breach
            if move not in TELLS:
                _moved(step.stored.state.id, move, moment)


def _moved(case: UUID, move: str, moment: Moment) -> None:
    [stored] = store.lock(case)
    type_ = types.version(stored.state["type"], stored.state["type_version"])
    if stored.state["state"] not in type_.moves[move].source:
        return
    change = workflow.moved(type_, stored.state, Actor.system(), move, Inputs(), moment)
    store.put([store.Step(stored, change, "case.moved", "system", moment.at)])


def _suspensions(ended: list[UUID], at: datetime) -> int:
    """Takes up cases again; they are read only now, with what their clocks have just changed."""
    moment = Moment(at, Calendar.default())
    steps = [
        store.Step(stored, sides.taken_up(stored.state, moment), "case.taken_up", "system", at)
        for stored in (store.read(ended) if ended else ())
        if stored.state["suspended_until"] is not None
    ]
    if steps:
        store.put(steps)
    return len(steps)


def _due(at: datetime, batch: int) -> tuple[list[store.Stored], list[UUID]]:
    """What a turn acts on, locked: the cases with clocks that have reached a mark, with no more of them than ticking
    needs, and the ids of those whose suspension has ended."""
    due, ended = [], []
    for id_, seq, head, county, level, reached in run(DUE, [at, batch]):
        if reached is None:
            ended.append(id_)
            continue
        state = State(id_, {"county": county, "level": level}, store.parts("clocks", reached))
        due.append(store.Stored(state, seq, bytes(head)))
    return due, ended


TICKERS = [tick]
