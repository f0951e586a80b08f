"""Opening cases, one or many at a time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from shanzhi.base.ids import new_id
from shanzhi.cases import agreeing, numbers, opening, store, types, workflow
from shanzhi.cases.actions.common import moment
from shanzhi.cases.messages import messages
from shanzhi.cases.opening import Report
from shanzhi.cases.ruling import areas_of, rule_on
from shanzhi.cases.state import State, applied
from shanzhi.cases.workflow import Inputs
from shanzhi.files.actions import put_to
from shanzhi.journal.entry import Entry
from shanzhi.journal.receipts import Also
from shanzhi.journal.tables import Insert
from shanzhi.notices.actions import rows as rows_of
from shanzhi.orgs.actor import Actor


def open_case(
    actor: Actor, report: Report, *, extra: Sequence[Insert] = (), also: Also[State] | None = None
) -> State:
    """Opens a case. Raises Invalid when the report is not complete or lies outside the district.

    `extra` are rows of other rooms (the reporter's record) written in the same statement, `also` makes such
    rows from the new case (a receipt).
    """
    [step] = _steps(actor, [report])
    state = applied(step.stored.state, step.change)
    rows = [*extra, *(also(state) if also else ())]
    if not report.files:
        store.put([step], extra=rows)
        return state
    with transaction.atomic():
        put_to(actor, report.files, state.id, kind="before")
        store.put([step], extra=rows)
    return state


def open_and_move(
    actor: Actor,
    report: Report,
    mover: Actor,
    name: str,
    inputs: Inputs,
    *,
    extra: Sequence[Insert] = (),
    also: Also[State] | None = None,
) -> State:
    """Opens a case and makes its first move at once (秒批), in one statement; `mover` is who decides.

    Nobody has seen the case in between; those concerned are told in the same statement. `extra` and `also` as
    with `open_case`. Raises what `open_case` and `move` raise.
    """
    [step] = _steps(actor, [report])
    state = applied(step.stored.state, step.change)
    rows = [*extra, *(also(state) if also else ())]

    def then(opened: store.Stored) -> store.Step:
        when = moment(step.at)
        change = workflow.moved(types.current(report.type), opened.state, mover, name, inputs, when)
        return store.Step(opened, change, "case.moved", mover.ref, when.at)

    if not report.files:
        return store.save_moved(step, then, _told, extra=rows).state
    with transaction.atomic():
        put_to(actor, report.files, state.id, kind="other")
        return store.save_moved(step, then, _told, extra=rows).state


def _told(entry: Entry, state: State) -> Insert:
    return rows_of(messages(entry, state))


def open_many(actor: Actor, reports: Sequence[Report], *, extra: Sequence[Insert] = ()) -> list[State]:
    """Opens many cases in one statement: all of them or, when any report is Invalid, none.

    Gives them as they were before their clocks began: whoever opens many wants to know their numbers.
    """
    steps = _steps(actor, reports)
    store.put(steps, extra=extra)
    return [step.stored.state for step in steps]


def _steps(actor: Actor, reports: Sequence[Report]) -> list[store.Step]:
    at = moment().at
    for report in reports:
        opening.check(types.current(report.type), report)
    areas = areas_of(reports)
    taken = numbers.take(len(reports))
    return [
        _step(actor, report, area, number, moment(report.at or at).at)
        for report, area, number in zip(reports, areas, taken, strict=True)
    ]


def _step(actor: Actor, report: Report, area: str, number: int, at: datetime) -> store.Step:
    type_ = types.current(report.type)
    ruling = rule_on(type_, report, area, at)
    if report.data:
        agreeing.check(agreeing.Said(type_.type, report.data, ruling.proposed, at))
    state = opening.first_state(type_, report, ruling, id_=new_id(), number=number, area=area, at=at)
    change = workflow.opened(type_, state, moment(at))
    change.facts["why"] = dict(ruling.why)
    if report.files:
        change.facts["files"] = list(report.files)
    return store.Step(store.fresh(state), change, "case.opened", actor.ref, at)
