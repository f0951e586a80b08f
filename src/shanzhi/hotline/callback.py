"""When a reporter is to be called (回访), and what an attempt leads to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shanzhi.base.clock import Span
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.state import State
from shanzhi.hotline.fact import heard
from shanzhi.hotline.setting import Callbacks

REACHED = "answered"
OUTCOMES = (REACHED, "no_answer", "busy", "wrong_number", "refused", "later")
FINAL = ("wrong_number", "refused")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call: when, and what came of it."""

    at: datetime
    outcome: str


def wanted(state: State, type_: CaseType, setting: Callbacks) -> bool:
    """Whether somebody is to be called, or was: answered or closed, with a reporter who can be reached."""
    stage = type_.states[state["state"]].stage
    reachable = any(r.active and (r.person or r.account is not None) for r in state.reporters.values())
    return (
        state["type"] in setting.types
        and state["merged_into"] is None
        and stage in ("evaluate", "ended")
        and not _refused(state)
        and reachable
    )


def _refused(state: State) -> bool:
    """Closed without an answer: nobody accepted it, so that there is no result to ask about."""
    return not state["open"] and not {"answer", "resolve", "verify", "confirm"} & set(state["performers"])


def row(
    state: State, type_: CaseType, setting: Callbacks, attempts: Sequence[Attempt], since: datetime
) -> dict[str, Any] | None:
    """The columns of `hotline_callback`; none when nobody is to be called. `since`: when it was answered."""
    if not wanted(state, type_, setting):
        return None
    last = attempts[-1] if attempts else None
    within, apart = (timedelta(seconds=Span.parse(text).seconds) for text in (setting.within, setting.apart))
    return {
        "case_id": str(state.id),
        "area": state["area"],
        "org": state["org"],
        "since": since.isoformat(),
        "due": (since + within).isoformat(),
        "next_at": (last.at + apart if last else since).isoformat(),
        "attempts": len(attempts),
        "outcome": last.outcome if last else "",
        "status": status(heard(state) is not None, attempts, setting),
    }


def status(answered: bool, attempts: Sequence[Attempt], setting: Callbacks) -> str:
    """done when the reporter has said something; unreachable after so many attempts in vain."""
    if answered:
        return "done"
    final = bool(attempts) and attempts[-1].outcome in FINAL
    tried = sum(one.outcome != "later" for one in attempts)
    return "unreachable" if final or tried >= setting.attempts else "waiting"
