"""Calling a reporter back (回访): each attempt is kept; what he says is a rating, and may send the case back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases import types, workflow
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.hotline.actions.keeping import refresh
from shanzhi.hotline.callback import OUTCOMES, REACHED
from shanzhi.hotline.queries.recalls import of_case
from shanzhi.orgs.actor import Actor


@transaction.atomic
def call(
    actor: Actor,
    case: UUID,
    outcome: str,
    answers: Answers | None = None,
    *,
    again: bool = False,
    words: str = "",
    at: datetime | None = None,
) -> State:
    """One attempt and what came of it. `again` sends a case that is not solved back to be done again.

    Raises NotFound where nobody is to be called, Invalid without an answer of somebody who was reached.
    """
    of_case(actor, case)
    if outcome not in OUTCOMES:
        raise Invalid(errors=[FieldError("outcome", gettext_noop("Choose what came of it"))])
    if outcome == REACHED and (answers is None or answers == Answers(words=answers.words)):
        raise Invalid(errors=[FieldError("solved", gettext_noop("Answer at least one question"))])
    state = cases.called(actor, case, outcome, words=words, at=at)
    if outcome == REACHED and answers is not None:
        state = cases.evaluate(actor, case, answers, source="call", at=at)
        if again and answers.solved is False:
            state = _back(actor, state, answers.words or words, at)
    refresh([case])
    return state


def _back(actor: Actor, state: State, reason: str, at: datetime | None) -> State:
    """The move that has it done again, if the type and the role allow one now."""
    type_ = types.version(state["type"], state["type_version"])
    names = [n for n in workflow.allowed(type_, state, actor, at or now()) if type_.moves[n].rework]
    if not names:
        raise Invalid(errors=[FieldError("again", gettext_noop("It cannot be sent back now"))])
    return cases.move(actor, state.id, names[0], inputs=Inputs(reason=reason or "—"), at=at)


def contacts(actor: Actor, case: UUID) -> list[dict[str, object]]:
    """The reporters' phones for this call, unmasked: each look is written down with its reason."""
    of_case(actor, case)
    return cases.look(actor, case, reason="回访")
