"""Who is to be told of an entry (通知), and as what: decided from the entry and the case, nothing else."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shanzhi.base.value import dataclass
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.state import State
from shanzhi.cases.tasks import of_clock
from shanzhi.journal.entry import Entry

TO_OWNER = ("case.supervised", "case.noted", "case.joined", "case.taken_up", "case.task_done")
ANSWERED = ("feedback", "evaluate", "ended")
DONE = ("verify", "feedback", "evaluate")


@dataclass(frozen=True, slots=True)
class Audience:
    """Those to be told: accounts by id, everybody who works for an organisation, holders of a role nearby.

    `letters` are the reporters (by their names in the case) who have no account and are written to.
    """

    kind: str
    accounts: tuple[int, ...] = ()
    org: str = ""
    role: str = ""
    letters: tuple[str, ...] = ()


def outcome(entry: Entry, state: State, type_: CaseType) -> str:
    """What an entry means to those outside: `accepted`, `refused`, `returned` (another office will take it),
    `extended`, `answered`, `closed`, or what the state itself says; empty when it is the house's own business.
    """
    facts = entry.data.get("facts", {})
    if entry.kind == "case.decided" and facts.get("granted") and facts.get("decided") == "extend":
        return "extended"
    target = type_.states.get(entry.data.get("set", {}).get("state", ""))
    if target is None or entry.kind not in ("case.moved", "case.decided"):
        return ""
    if target.tells is not None:
        return target.tells
    before = type_.states.get(facts.get("from", ""))
    stage = before.stage if before else ""
    if target.stage == "ended":
        return "closed" if stage in DONE or handled(state, type_) else "refused"
    if target.stage in ("feedback", "evaluate"):
        return "answered"
    move = type_.moves.get(facts.get("move", ""))
    if entry.kind == "case.decided" or (move is not None and move.bounce):
        return "returned"
    return "accepted" if stage == "report" and target.stage != "report" else ""


def handled(state: State, type_: CaseType) -> bool:
    """Whether somebody has ever said that it is done; what ends without that was not taken up."""
    moves = [type_.moves[name] for name in state["performers"] if name in type_.moves]
    return any(type_.states[move.to].stage in DONE for move in moves)


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
        case "case.noted" | "case.amended":
            yield from _said(entry.kind, facts, state)
        case kind if kind in TO_OWNER:
            yield _owner(state, kind.removeprefix("case."))


def _said(kind: str, facts: Mapping[str, Any], state: State) -> Iterator[Audience]:
    """Notes go to the reporters, those they name, or the owner; what newer rules ask to the reporters, their answer
    to the owner."""
    if kind == "case.amended":
        if facts.get("missed"):
            yield Audience("missed", accounts=state.party.reporters, letters=_unknown(state))
            yield _owner(state, "missed")
            yield Audience("missed", role="dispatcher")
        elif facts.get("leaves"):
            yield Audience("spared", accounts=tuple(facts["leaves"]))
        elif facts.get("asks"):
            yield Audience("repinned", accounts=state.party.reporters)
        elif facts.get("given"):
            yield _owner(state, "answered")
    elif facts.get("public") and not facts.get("by_reporter"):
        yield Audience("noted", accounts=state.party.reporters)
    else:
        if facts.get("mentions"):
            yield Audience("mentioned", accounts=tuple(facts["mentions"].values()))
        yield _owner(state, "noted")


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
    changed, facts = entry.data.get("set", {}), entry.data.get("facts", {})
    yield from _given(changed, facts, state)
    for task in entry.data.get("tasks", {}).values():
        yield Audience("helping", org=task["org"])
    yield from _outside(entry, state, type_)
    move = type_.moves.get(facts.get("move", ""))
    if move is not None and move.rework:
        yield _owner(state, "rework")
    if entry.kind == "case.decided":
        yield _owner(state, "decided")


def _given(changed: Mapping[str, Any], facts: Mapping[str, Any], state: State) -> Iterator[Audience]:
    """Whom a move gives it to, alone or together, and who need not go there any more."""
    if "joins" in facts:  # of those who go there together only these are told: the others know
        yield Audience("assigned", accounts=tuple(facts["joins"]))
    elif changed.get("person") is not None:
        yield Audience("assigned", accounts=(changed["person"],))
    elif "org" in changed or facts.get("team"):
        yield Audience("assigned", org=changed.get("org", state["org"]))
    if facts.get("together") and "joins" not in facts:
        yield Audience("assigned", accounts=tuple(facts["together"]))
    if facts.get("leaves"):
        yield Audience("spared", accounts=tuple(facts["leaves"]))


def _outside(entry: Entry, state: State, type_: CaseType) -> Iterator[Audience]:
    """Those who reported it: with an account in the inbox, without one by letter."""
    what = outcome(entry, state, type_)
    target = type_.states.get(entry.data.get("set", {}).get("state", ""))
    kind = what
    if what == "closed" or (not what and target is not None and target.stage in ANSWERED):
        kind = "answered"
    if kind:
        letters = _unknown(state) if what != "closed" else ()
        yield Audience(kind, accounts=state.party.reporters, letters=letters)


def _unknown(state: State) -> tuple[str, ...]:
    """The reporters who have no account and left a number."""
    return tuple(
        r.name for r in state.reporters.values() if r.active and r.account is None and r.person is not None
    )


def _owner(state: State, kind: str) -> Audience:
    if state["person"] is not None:
        return Audience(kind, accounts=(state["person"],))
    return Audience(kind, org=state["org"])


def promised(state: State) -> datetime | None:
    """By when it is to be done, as far as it is known: the end of the handling, else of the whole."""
    for kind in ("handle", "case"):
        if found := [clock.due for clock in state.clocks.values() if clock.kind == kind and clock.due]:
            return min(found)
    due: datetime | None = state["due_at"]
    return due


def purpose(case: UUID | str) -> str:
    """What a reporter without an account agrees to: text messages about this one report."""
    return f"report-sms:{case}"
