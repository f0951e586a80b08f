"""A closed public case taken up again by any resident who finds that it is not solved."""

from dataclasses import replace
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, gettext_noop
from shanzhi.cases import actions, links, queries, types, workflow
from shanzhi.cases.state import State
from shanzhi.cases.who import link_holder
from shanzhi.cases.workflow import Inputs
from shanzhi.orgs.actor import Actor
from shanzhi.web.forms import Sent

GONE = gettext_noop("It can no longer be taken up again: please report it anew")


class ReopenForm(Sent):
    reason = forms.CharField(
        label=_("What is still not solved?"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )


def move_of(state: State) -> str:
    """The move by which a reporter takes a closed case up again now; empty when there is none (any more)."""
    if state["open"] or state["merged_into"] is not None:
        return ""
    type_ = types.version(state["type"], state["type_version"])
    allowed = workflow.allowed(type_, state, link_holder(state.id, "r1"), now())
    return next((name for name in allowed if type_.moves[name].rework), "")


@transaction.atomic
def reopen(actor: Actor, case: UUID, reason: str) -> str:
    """He becomes one of the reporters and takes it up again; the address of his own page of it.

    Raises Conflict when the time for that is over, Denied when the case is not public.
    """
    state = queries.state_of(case)
    name = move_of(state)
    if not name:
        raise Conflict(GONE)
    me = replace(actor, grants=())  # as a resident: what he may do at his work does not count here
    if actor.account is None or actor.account not in state.party.reporters:
        _, reporter = actions.join(me, case, channel="web")
        me = me if actor.account is not None else link_holder(case, reporter)
    actions.move(me, case, name, inputs=Inputs(reason=reason))
    return f"/my/{case}" if actor.account is not None else links.path(case, me.name)
