"""Who is to be told of an entry (通知), and as what: decided from the entry and the case, nothing else."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shanzhi.cases.casetype import CaseType
from shanzhi.cases.state import State
from shanzhi.cases.tasks import of_clock
from shanzhi.journal.entry import Entry

TO_OWNER = ("case.supervised", "case.noted", "case.joined", "case.taken_up", "case.task_done")
ANSWERED = ("feedback", "evaluate", "ended")


@dataclass(frozen=True, slots=True)
class Audience:
    """Those to be told: accounts by id, everybody who works for an organisation, holders of a role nearby."""

    kind: str
    accounts: tuple[int, ...] = ()
    org: str = ""
    role: str = ""


def audiences(entry: Entry, state: State, type_: CaseType) -> Iterator[Audience]:
    """Every audience of an entry. Work on somebody's desk and an answer to a reporter are never passed over."""
    facts, changed = entry.data.get("facts", {}), entry.data.get("set", {})
    match entry.kind:
        case "case.opened":
            yield Audience("assigned", org=changed["org"])
        case "case.moved" | "case.decided" | "case.migrated":
            yield from _moved(entry, state, type_)
        case "case.clock":
            yield from _clock(state, facts.get("lamps", {}), facts.get("breached", ()))
        case "case.asked":
            yield Audience("asked", role="dispatcher")
        case "case.noted" if facts.get("public") and not facts.get("by_reporter"):
            yield Audience("noted", accounts=state.party.reporters)
        case kind if kind in TO_OWNER:
            yield _owner(state, kind.removeprefix("case."))


def _clock(state: State, lamps: Mapping[str, Any], breached: Collection[str]) -> Iterator[Audience]:
    """The owner hears of every clock, a helping organisation of that of its task."""
    yield _owner(state, "breached" if breached else "warned")
    for name in lamps:
        task = of_clock(state.tasks, name)
        if task is not None and task.org != state["org"]:
            yield Audience("breached" if name in breached else "warned", org=task.org)
    if breached:
        yield Audience("breached", role="street_leader")


def _moved(entry: Entry, state: State, type_: CaseType) -> Iterator[Audience]:
    changed = entry.data.get("set", {})
    if changed.get("person") is not None:
        yield Audience("assigned", accounts=(changed["person"],))
    elif "org" in changed:
        yield Audience("assigned", org=changed["org"])
    for task in entry.data.get("tasks", {}).values():
        yield Audience("helping", org=task["org"])
    target = changed.get("state")
    if target in type_.states and type_.states[target].stage in ANSWERED:
        yield Audience("answered", accounts=state.party.reporters)
    move = type_.moves.get(entry.data.get("facts", {}).get("move", ""))
    if move is not None and move.rework:
        yield _owner(state, "rework")
    if entry.kind == "case.decided":
        yield _owner(state, "decided")


def _owner(state: State, kind: str) -> Audience:
    if state["person"] is not None:
        return Audience(kind, accounts=(state["person"],))
    return Audience(kind, org=state["org"])
