"""Bringing in what was reported elsewhere: row by row, with the original times, as often as one likes.

A row is known by its channel and key, so that a run that broke off is simply run again. Rows go in by the
batch, each batch in one transaction; a row that does not fit is left out and named, the others go in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, Problem, gettext_noop
from shanzhi.cases import actions, queries, types
from shanzhi.cases.evaluation import SOURCES, Answers
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.intake import table
from shanzhi.intake.mapping import Mapping, Row, row
from shanzhi.intake.reporting import Incoming, receive_many
from shanzhi.orgs.actor import Actor, Grant
from shanzhi.orgs.queries import roles
from shanzhi.rules import queries as rules

BATCH = 200
NOT_YET = gettext_noop("This time has not come yet")
SYSTEM = Actor.system("import")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that did not go in, or not all the way, and why."""

    line: int
    message: str
    column: str = ""


@dataclass
class Outcome:
    """What an import did: rows read, cases opened, rows known already, moves made, ratings, how it was read, faults."""

    rows: int = 0
    opened: int = 0
    known: int = 0
    moves: int = 0
    ratings: int = 0
    said: str = ""
    faults: list[Fault] = field(default_factory=list)


def bring_in(
    path: Path, mapping: Mapping, progress: Callable[[int, int], None] = lambda done, total: None
) -> Outcome:
    """Imports a table. Raises Invalid when the mapping does not fit the table or the case type."""
    total = _checked(path, mapping)
    mapping = mapping.model_copy(update={"categories": _codes(mapping)})
    outcome = Outcome(said=table.said(path))
    stream = table.rows(path)
    while batch := list(islice(stream, BATCH)):
        rows = list(_rows(mapping, batch, outcome))
        with transaction.atomic():
            _batch(mapping, rows, outcome)
        outcome.rows += len(batch)
        progress(outcome.rows, total)
    return outcome


def _checked(path: Path, mapping: Mapping) -> int:
    """The number of rows, once it is clear that table, mapping and case type belong together."""
    moves = types.current(mapping.type).moves
    if strange := [step.move for step in mapping.steps if step.move not in moves]:
        raise Invalid(f"{mapping.type} has no move {', '.join(strange)}")
    if missing := mapping.asked() - set(table.header(path)):
        raise Invalid(f"{path.name} has no column {', '.join(sorted(missing))}")
    return sum(1 for _ in table.rows(path))


def _codes(mapping: Mapping) -> dict[str, str]:
    """The codes of categories by what the table calls them. Raises Invalid for codes that are not there."""
    known = rules.categories()
    if mapping.categories == "codes":
        return {code: code for code in known}
    if mapping.categories == "hotline":
        classes = {c.hotline_class for c in known.values() if c.hotline_class}
        found = {name: rules.hotline_category(name) for name in classes}
        return {name: category.code for name, category in found.items() if category}
    if strange := set(mapping.categories.values()) - known.keys():
        raise Invalid(f"there are no categories {', '.join(sorted(strange))}")
    return mapping.categories


def _rows(
    mapping: Mapping, batch: Sequence[tuple[int, table.Cells]], outcome: Outcome
) -> Iterator[tuple[int, Row]]:
    at = now()
    for line, cells in batch:
        try:
            found = row(mapping, cells)
            if found.report.at and found.report.at > at:
                raise Invalid(errors=[FieldError(mapping.columns["at"], NOT_YET)])
            yield line, found
        except Invalid as error:
            outcome.faults.append(_fault(line, error))


def _batch(mapping: Mapping, rows: Sequence[tuple[int, Row]], outcome: Outcome) -> None:
    known = _known(mapping.channel, [one.key for _, one in rows])
    fresh = {one.key: (line, one) for line, one in rows if one.key not in known}
    outcome.known += len(rows) - len(fresh)
    states = known | _opened(list(fresh.values()), outcome)
    if not mapping.steps and not mapping.rating:
        return
    for line, one in rows:
        if one.key in states:
            try:
                _lived(mapping, one, states, outcome)
            except Problem as error:
                outcome.faults.append(_fault(line, error))


def _known(channel: str, keys: Sequence[str]) -> dict[str, State]:
    there = queries.visible_to(SYSTEM).filter(channel=channel, external__in=keys)
    ids = dict(there.values_list("external", "pk"))
    states = queries.states_of(list(ids.values())) if ids else {}
    return {str(key): states[case] for key, case in ids.items()}


def _opened(rows: Sequence[tuple[int, Row]], outcome: Outcome) -> dict[str, State]:
    """Opens the cases, all at once; one by one where one of them does not fit."""
    if not rows:
        return {}
    try:
        with transaction.atomic():
            states = receive_many(SYSTEM, [Incoming(one.report, one.contact) for _, one in rows])
    except Invalid as error:
        if len(rows) == 1:
            outcome.faults.append(_fault(rows[0][0], error))
            return {}
        half = len(rows) // 2
        return _opened(rows[:half], outcome) | _opened(rows[half:], outcome)
    outcome.opened += len(states)
    return {one.key: state for (_, one), state in zip(rows, states, strict=True)}


def _lived(mapping: Mapping, one: Row, states: dict[str, State], outcome: Outcome) -> None:
    """Takes a case as far as the row says, from wherever it is; `states` says where it then is."""
    state = states[one.key]
    moves = types.version(state["type"], state["type_version"]).moves
    for number, step in enumerate(mapping.steps):
        if number < len(one.times) and state["state"] in moves[step.move].source:
            given = one.inputs[number]
            inputs = Inputs(reason=given.get("reason", ""), result=given.get("result", ""))
            state = actions.move(_actor(state), state.id, step.move, inputs=inputs, at=one.times[number])
            states[one.key] = state
            outcome.moves += 1
    if mapping.rating and one.answers and one.times and not state.ratings:
        source = mapping.rating.source
        answers = Answers(**one.answers)
        actor = _actor(state, SOURCES[source])
        states[one.key] = actions.evaluate(actor, state.id, answers, source=source, at=one.times[-1])
        outcome.ratings += 1


def _actor(state: State, also: Sequence[str] = ()) -> Actor:
    """The platform, standing in for whoever did it then: journal entries name `system`."""
    grants = [Grant(code) for code in (*roles(), *also)]
    return Actor("system", None, "import", (*grants, Grant("handler", org=state["org"])))


def _fault(line: int, error: Problem) -> Fault:
    if not isinstance(error, Invalid) or not error.errors:
        return Fault(line, str(error))
    said = "; ".join(f"{e.field}: {e.message % e.facts if e.facts else e.message}" for e in error.errors)
    return Fault(line, said, ", ".join(dict.fromkeys(e.field for e in error.errors)))
