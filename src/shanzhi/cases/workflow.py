"""What a move does to a case: checked against its type, decided without touching anything."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shanzhi.base.clock import Span
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, gettext_noop
from shanzhi.base.value import dataclass
from shanzhi.cases import clocks, tasks
from shanzhi.cases.casetype import CaseType, Move
from shanzhi.cases.moment import Moment
from shanzhi.cases.opening import form_errors
from shanzhi.cases.state import Change, State, Task
from shanzhi.cases.timing import earliest, on_entering
from shanzhi.cases.who import Who
from shanzhi.orgs.actor import Actor


@dataclass(frozen=True, slots=True)
class Inputs:
    """What somebody gives with a move. `files` are ids of attachments, `org`/`person` a chosen owner."""

    reason: str = ""
    result: str = ""
    org: str = ""
    person: int | None = None
    helpers: tuple[str, ...] = ()
    photo_after: tuple[UUID, ...] = ()
    files: tuple[UUID, ...] = ()
    fields: Mapping[str, Any] | None = None

    def given(self, name: str) -> Any:
        """The value of a need, whether the engine knows it or the type declares it."""
        if name in self.__slots__ and name != "fields":
            return getattr(self, name)
        return (self.fields or {}).get(name)


def allowed(type_: CaseType, state: State, actor: Actor, at: datetime) -> list[str]:
    """The moves that the actor may make now, those that lead on first; the server's word, not the page's."""
    if state["suspended_until"] is not None or state["merged_into"] is not None:
        return []
    return [
        name
        for name in type_.leaving[state["state"]]
        if refusal(type_, state, type_.moves[name], actor, at) is None
    ]


def refusal(
    type_: CaseType, state: State, move: Move, actor: Actor, at: datetime
) -> Conflict | Denied | None:
    """Why the actor may not make this move now; None when he may."""
    if state["state"] not in move.source:
        return Conflict(
            gettext_noop("The case is in the state %(state)s, from which this move does not leave"),
            state=state["state"],
        )
    if not Who.parse(move.who).admits(actor, state.party):
        return Denied()
    if any(_performed(state, name, actor) for name in move.apart_from):
        return Denied(
            gettext_noop("Somebody else than the one who handled it must do this"), code="same_person"
        )
    if machine_closes(type_, state, move, actor):
        return Denied(gettext_noop("A person must look at this case before it ends"), code="needs_person")
    if move.once and name_of(type_, move) in state["performers"]:
        return Denied(gettext_noop("This can be done only once"), code="once")
    if move.within and _too_late(move, state, at):
        return Denied(gettext_noop("The time in which this was possible is over"), code="too_late")
    if move.bounce and state["bounces"] >= type_.bounces:
        return Denied(
            gettext_noop("It has gone back %(count)s times already: ask for a consultation instead"),
            code="ping_pong",
            count=state["bounces"],
        )
    return None


def name_of(type_: CaseType, move: Move) -> str:
    return next(name for name, one in type_.moves.items() if one is move)


def _performed(state: State, move: str, actor: Actor) -> bool:
    return actor.account is not None and state["performers"].get(move) == actor.account


def machine_closes(type_: CaseType, state: State, move: Move, actor: Actor) -> bool:
    """Whether a machine would end a case that threatens a life (轻生、威胁): never, whatever its role.

    The platform with roles of its own (an import) stands in for the people who did it then.
    """
    machine = actor.kind == "client" or (actor.kind == "system" and not actor.grants)
    return machine and state["urgency"] == "critical" and not type_.states[move.to].open


def _too_late(move: Move, state: State, at: datetime) -> bool:
    start = state["closed_at"]
    if move.counts_from is not None:
        clock = state.clocks.get(move.counts_from)
        start = clocks.began(clock) if clock is not None else None
    return start is not None and at > start + timedelta(seconds=Span.parse(move.within or "").seconds)


def check_needs(move: Move, inputs: Inputs) -> None:
    """Raises Invalid naming every need that is not given."""
    missing = [name for name in move.needs if not _present(inputs.given(name))]
    missing += [
        name for name, spec in move.fields.items() if spec.required and not _present(inputs.given(name))
    ]
    if missing:
        raise Invalid(
            errors=[FieldError(name, gettext_noop("This is needed")) for name in dict.fromkeys(missing)]
        )


def _present(value: Any) -> bool:
    return value is not None and value != () and (not isinstance(value, str) or bool(value.strip()))


def _formed(type_: CaseType, state: State, move: Move, inputs: Inputs) -> dict[str, Any]:
    """What a move writes into the form of the case; raises Invalid for what does not fit."""
    fields = {name: spec for name, spec in move.fields.items() if name in type_.form}
    if not fields:
        return {}
    given = {name: None if (value := inputs.given(name)) == "" else value for name in fields}
    if errors := form_errors(fields, given):
        raise Invalid(errors=errors)
    return {"data": {**state["data"], **given}}


def check_join(move: Move, state: State, open_children: int) -> None:
    """Raises Conflict while helpers or sub-cases have still to be waited for."""
    waiting = sorted(task.org for task in state.tasks.values() if task.status == "open")
    if move.joins and (waiting or open_children):
        raise Conflict(
            gettext_noop("%(helpers)s helpers and %(children)s sub-cases are not done yet"),
            code="not_joined",
            helpers=len(waiting),
            children=open_children,
            waiting=waiting,
        )


def moved(
    type_: CaseType,
    state: State,
    actor: Actor,
    name: str,
    inputs: Inputs,
    moment: Moment,
    *,
    open_children: int = 0,
) -> Change:
    """The change that a move makes. Raises Conflict, Denied or Invalid when it cannot be made."""
    move = type_.moves.get(name)
    if move is None:
        raise Invalid(gettext_noop("There is no move %(move)s"), move=name)
    if state["suspended_until"] is not None or state["merged_into"] is not None:
        raise Conflict(gettext_noop("The case is at rest: it is suspended or merged into another"))
    if (refused := refusal(type_, state, move, actor, moment.at)) is not None:
        raise refused
    check_needs(move, inputs)
    check_join(move, state, open_children)
    if move.rated:
        check_rated(type_, state)
    columns = {**_arrival(type_, state, move, actor, name, moment), **_ownership(state, move, actor, inputs)}
    columns |= _formed(type_, state, move, inputs)
    moved_on = columns.get("org", state["org"]) != state["org"]
    changed = on_entering(type_, state, move.to, moment, anew=moved_on)
    called = _helpers(type_, state, move, inputs, moment)
    changed |= called[1]
    columns["due_at"] = earliest({**state.clocks, **changed})
    facts = {"move": name, "from": state["state"], "to": move.to, **_words(inputs)}
    return Change(columns, clocks=changed, tasks=called[0], facts=facts)


def _arrival(
    type_: CaseType, state: State, move: Move, actor: Actor, name: str, moment: Moment
) -> dict[str, Any]:
    target = type_.states[move.to]
    columns: dict[str, Any] = {"state": move.to, "version": state["version"] + 1}
    if actor.account is not None:
        columns["performers"] = {**state["performers"], name: actor.account}
    if target.open != state["open"]:
        columns |= {"open": target.open, "closed_at": None if target.open else moment.at}
    if move.bounce:
        columns["bounces"] = state["bounces"] + 1
    if move.rework:
        columns["reworks"] = state["reworks"] + 1
    return columns


def _ownership(state: State, move: Move, actor: Actor, inputs: Inputs) -> dict[str, Any]:
    """Who owns the case after the move; every open case has an owner at every moment."""
    match move.sets:
        case "owner":
            org = inputs.org or state["proposed"] or state["desk"]
            return {"org": org, "person": inputs.person}
        case "person":
            return {"person": inputs.person or actor.account}
        case "nobody":
            return {"person": None}
        case "desk":
            return {"org": state["desk"], "person": None}
    return {}


def _words(inputs: Inputs) -> dict[str, Any]:
    """What the timeline tells of a move: only what was given."""
    words = {name: getattr(inputs, name) for name in Inputs.__slots__}
    return {name: value for name, value in words.items() if _present(value) and value != {}}


def _helpers(type_: CaseType, state: State, move: Move, inputs: Inputs, moment: Moment) -> tasks.Made:
    """Tasks for the helpers of a move, those aside who owe one already or own the case."""
    if "helpers" not in (*move.takes, *move.needs):
        return {}, {}
    busy = {task.org for task in state.tasks.values() if task.status == "open"} | {inputs.org or state["org"]}
    fresh = [org for org in inputs.helpers if org not in busy]
    return tasks.called(type_, state, move.calls, fresh, moment, asked=inputs.reason)


def answered(
    type_: CaseType, state: State, task: Task, *, result: str, person: int | None, moment: Moment
) -> Change:
    """The change that a helping organisation's answer makes."""
    made, changed = tasks.answered(type_, state, task, result=result, person=person, moment=moment)
    columns: dict[str, Any] = {"version": state["version"] + 1}
    if changed:
        columns["due_at"] = earliest({**state.clocks, **changed})
    facts = {"task": task.kind, "org": task.org, "result": result}
    return Change(columns, clocks=changed, tasks=made, facts=facts)


def check_rated(type_: CaseType, state: State) -> None:
    """Raises Conflict while a task that is to be rated is not."""
    if waiting := tasks.unrated(type_, state):
        orgs = sorted({state.tasks[name].org for name in waiting})
        raise Conflict(
            gettext_noop("Rate what each organisation has done first: %(count)s are not rated"),
            code="not_rated",
            count=len(waiting),
            waiting=orgs,
        )


def opened(type_: CaseType, state: State, moment: Moment) -> Change:
    """The change that opens a case: everything there is to know about it, its first clocks included."""
    first = on_entering(type_, state, type_.start, moment)
    columns = {**state.columns, "due_at": earliest(first)}
    return Change(columns, clocks=first, reporters=dict(state.reporters), facts={"opened": True})
