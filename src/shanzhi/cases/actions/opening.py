"""Opening cases, one or many at a time."""

from collections.abc import Sequence
from datetime import datetime

from shanzhi.base.ids import new_id
from shanzhi.cases import numbers, opening, store, types, workflow
from shanzhi.cases.actions.common import moment
from shanzhi.cases.opening import Report
from shanzhi.cases.ruling import areas_of, rule_on
from shanzhi.cases.state import State
from shanzhi.journal.tables import Insert
from shanzhi.orgs.actor import Actor


def open_case(actor: Actor, report: Report, *, extra: Sequence[Insert] = ()) -> State:
    """Opens a case. Raises Invalid when the report is not complete or lies outside the district.

    `extra` are rows of other rooms (a receipt, the reporter's record) written in the same statement.
    """
    return open_many(actor, [report], extra=extra)[0]


def open_many(actor: Actor, reports: Sequence[Report], *, extra: Sequence[Insert] = ()) -> list[State]:
    """Opens many cases in one statement: all of them or, when any report is Invalid, none."""
    at = moment().at
    for report in reports:
        opening.check(types.current(report.type), report)
    areas = areas_of(reports)
    taken = numbers.take(len(reports))
    steps = [
        _step(actor, report, area, number, report.at or at)
        for report, area, number in zip(reports, areas, taken, strict=True)
    ]
    return [stored.state for stored in store.save(steps, extra=extra)]


def _step(actor: Actor, report: Report, area: str, number: int, at: datetime) -> store.Step:
    type_ = types.current(report.type)
    ruling = rule_on(type_, report, area, at)
    state = opening.first_state(type_, report, ruling, id_=new_id(), number=number, area=area, at=at)
    change = workflow.opened(type_, state, moment(at))
    change.facts["why"] = dict(ruling.why)
    return store.Step(store.fresh(state.id, dict(state.columns)), change, "case.opened", actor.ref, at)
