"""Evaluation (评价): what the reporter, a follow-up call or a third party says of the result."""

from datetime import datetime, timedelta

from shanzhi.base.clock import Span
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, gettext_noop
from shanzhi.base.value import dataclass
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.state import Change, Rating, State
from shanzhi.cases.tasks import rating_name
from shanzhi.cases.who import Who, holds_link, reports
from shanzhi.orgs.actor import Actor

SOURCES = {"reporter": (), "call": ("operator", "dispatcher"), "third_party": ("evaluator",)}


@dataclass(frozen=True, slots=True)
class Answers:
    """Contacted? Solved? Satisfied, from 1 (not at all) to 5 (very)? None where it was not answered."""

    contacted: bool | None = None
    solved: bool | None = None
    satisfied: int | None = None
    words: str = ""


def rated(
    type_: CaseType, state: State, actor: Actor, answers: Answers, at: datetime, *, source: str
) -> Change:
    """The rating on the case.

    Each reporter, call and evaluator may be heard again: the later answer replaces the earlier one.
    """
    if source not in SOURCES:
        raise Invalid(gettext_noop("There is no evaluation by %(source)s"), source=source)
    if not _may(state, actor, source):
        raise Denied()
    if not _ended(type_, state):
        raise Conflict(gettext_noop("It can be rated once it has been answered"), code="not_yet")
    if state["closed_at"] and at > state["closed_at"] + timedelta(
        seconds=Span.parse(type_.evaluate_within).seconds
    ):
        raise Denied(gettext_noop("The time in which this was possible is over"), code="too_late")
    if answers.satisfied is not None and not 1 <= answers.satisfied <= 5:
        raise Invalid(errors=[FieldError("satisfied", gettext_noop("Choose a number from 1 to 5"))])
    if answers == Answers():
        raise Invalid(errors=[FieldError("solved", gettext_noop("Answer at least one question"))])
    name = f"{source}:{actor.name if holds_link(actor, str(state.id)) else actor.ref}"
    rating = Rating(
        name, actor.ref, source, at, answers.contacted, answers.solved, answers.satisfied, answers.words
    )
    return Change(ratings={name: rating}, facts={"rated": source})


def task_rated(
    type_: CaseType, state: State, actor: Actor, task: str, answers: Answers, at: datetime
) -> Change:
    """What is said of a helper's result (吹哨报到: 街道对部门的评价) by those who wait for it; may be said again."""
    found = state.tasks.get(task)
    if not rates_tasks(type_, state, actor):
        raise Denied()
    if found is None or found.status != "done":
        raise Conflict(gettext_noop("It can be rated once it has been answered"), code="not_yet")
    if answers.satisfied is None or not 1 <= answers.satisfied <= 5:
        raise Invalid(errors=[FieldError("satisfied", gettext_noop("Choose a number from 1 to 5"))])
    rating = Rating(
        rating_name(task), actor.ref, "task", at, None, answers.solved, answers.satisfied, answers.words
    )
    return Change(ratings={rating.name: rating}, facts={"rated": "task", "org": found.org})


def rates_tasks(type_: CaseType, state: State, actor: Actor) -> bool:
    """Whether the actor says how helpers did: whoever may make a move that waits for these ratings."""
    waiting = [move.who for move in type_.moves.values() if move.rated]
    return bool(state["open"]) and any(Who.parse(who).admits(actor, state.party) for who in waiting)


def _may(state: State, actor: Actor, source: str) -> bool:
    if source == "reporter":
        return reports(actor, state.party)
    return actor.has_any(SOURCES[source], state["area"])


def _ended(type_: CaseType, state: State) -> bool:
    return not state["open"] or type_.states[state["state"]].stage in ("feedback", "verify", "evaluate")
