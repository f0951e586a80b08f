"""The projections: what is known of a case for the ranking and for call-backs, made again from how it stands."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from shanzhi.cases import types
from shanzhi.cases.queries import states_of
from shanzhi.cases.state import State
from shanzhi.hotline import callback, fact
from shanzhi.hotline.callback import Attempt
from shanzhi.hotline.models import Callback, Exclusion, Fact
from shanzhi.hotline.queries.settings import setting
from shanzhi.hotline.setting import Callbacks
from shanzhi.journal.tables import Insert, run, write

FACT = tuple(str(field.column) for field in Fact._meta.concrete_fields)
CALLBACK = tuple(str(field.column) for field in Callback._meta.concrete_fields)
CALLED = """SELECT stream, at, data->'facts'->>'called' FROM journal_entry
    WHERE stream = ANY(%s) AND kind = 'case.called' ORDER BY stream, seq"""


def refresh(cases: Iterable[UUID]) -> None:
    """Makes the rows of these cases again."""
    known = setting()
    kinds = {type_ for formula in known.ranking for type_ in formula.types}
    states = [state for state in states_of(list(set(cases))).values() if state["type"] in kinds]
    if states:
        _facts(states)
        _callbacks([state for state in states if state["type"] in known.callbacks.types])


def _facts(states: list[State]) -> None:
    asked = Exclusion.objects.filter(case__in=[s.id for s in states], status__in=("proposed", "approved"))
    exclusions = {
        case: (ground, status) for case, ground, status in asked.values_list("case", "ground", "status")
    }
    rows = [fact.row(state, exclusions.get(state.id)) for state in states]
    write([Insert("hotline_fact", FACT, rows, key=("case_id",))])


def _callbacks(states: list[State]) -> None:
    known, attempts = setting().callbacks, _attempts([state.id for state in states])
    rows: list[dict[str, Any]] = []
    gone: list[UUID] = []
    for state in states:
        made = _callback(state, known, attempts.get(state.id, []))
        if made is None:
            gone.append(state.id)
        else:
            rows.append(made)
    Callback.objects.filter(pk__in=gone).delete()
    if rows:
        write([Insert("hotline_callback", CALLBACK, rows, key=("case_id",))])


def _callback(state: State, known: Callbacks, attempts: list[Attempt]) -> dict[str, Any] | None:
    type_ = types.version(state["type"], state["type_version"])
    return callback.row(state, type_, known, attempts, _since(state))


def _since(state: State) -> datetime:
    """When it was answered: its handling ended then, at the latest when it was closed."""
    ends = [c.stopped_at for c in state.clocks.values() if c.kind == "handle" and c.stopped_at]
    found: datetime = max(ends, default=None) or state["closed_at"] or state["opened_at"]
    return found


def _attempts(cases: list[UUID]) -> dict[UUID, list[Attempt]]:
    found: dict[UUID, list[Attempt]] = {}
    for stream, at, outcome in run(CALLED, [cases]):
        found.setdefault(stream, []).append(Attempt(at, outcome))
    return found
