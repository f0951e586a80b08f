"""Notes, attachments, evaluations, and moving a case to a newer version of its type."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from shanzhi.base.clock import Span
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, gettext_noop
from shanzhi.cases import clocks, evaluation, store, types
from shanzhi.cases.actions.common import locked, moment, saved, type_of
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.mentions import named
from shanzhi.cases.queries import works_on
from shanzhi.cases.state import Change, State
from shanzhi.cases.timing import earliest, on_entering
from shanzhi.cases.who import reports
from shanzhi.files.actions import put_to
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope, staff


@transaction.atomic
def note(actor: Actor, case: UUID, words: str, *, public: bool = False, at: datetime | None = None) -> State:
    """A note on the case: internal ones only for staff, public ones for the reporters too.

    Colleagues named in an internal one (`@zhaochuzhi`) are told, if they see the case for their work; whoever
    else is named is passed over without a word.
    """
    if not words.strip() or len(words) > 5_000:
        raise Invalid(errors=[FieldError("words", gettext_noop("Write something, at most 5,000 characters"))])
    stored = locked(actor, case)
    ours = reports(actor, stored.state.party)
    _require(actor, "case.comment", stored.state)
    facts: dict[str, object] = {"words": words, "public": public or ours, "by_reporter": ours}
    if ours and actor.kind == "anonymous":
        facts["reporter"] = actor.name  # whose link it was: other reporters do not read it
    if not public and not ours and (meant := _mentioned(words, stored.state)):
        facts["mentions"] = meant
    return saved(actor, stored, Change(facts=facts), "case.noted", moment(at).at)


def _mentioned(words: str, state: State) -> dict[str, int]:
    """Account names with their ids: those among the named who see the case for their work."""
    names = named(words)
    found = staff(names) if names else {}
    return {name: who.account for name, who in found.items() if works_on(who, state) and who.account}


def _require(actor: Actor, right: str, state: State) -> None:
    """Raises Denied for those who may look at the case only; its reporters may always say something."""
    party = state.party
    orgs = {party.org, *(task.org for task in state.tasks.values())}
    if not reports(actor, party) and not scope(actor, right).covers(party.area, orgs):
        raise Denied()


@transaction.atomic
def attach(
    actor: Actor,
    case: UUID,
    files: Sequence[UUID],
    *,
    phase: Literal["before", "after", "other"] = "before",
    at: datetime | None = None,
) -> State:
    """Files put to the case: what it looked like before, or after."""
    stored = locked(actor, case)
    _require(actor, "case.act", stored.state)
    put_to(actor, files, case, kind=phase)
    facts = {"files": list(files), "phase": phase}
    return saved(actor, stored, Change(facts=facts), "case.attached", moment(at).at)


@transaction.atomic
def evaluate(
    actor: Actor, case: UUID, answers: Answers, *, source: str = "reporter", at: datetime | None = None
) -> State:
    """Rates the result."""
    stored = locked(actor, case)
    when = moment(at).at
    change = evaluation.rated(type_of(stored.state), stored.state, actor, answers, when, source=source)
    return saved(actor, stored, change, "case.rated", when)


@transaction.atomic
def rate_task(actor: Actor, case: UUID, task: str, answers: Answers, *, at: datetime | None = None) -> State:
    """What the owner says of a helper's result."""
    stored = locked(actor, case)
    when = moment(at).at
    change = evaluation.task_rated(type_of(stored.state), stored.state, actor, task, answers, when)
    return saved(actor, stored, change, "case.rated", when)


@transaction.atomic
def called(actor: Actor, case: UUID, outcome: str, *, words: str = "", at: datetime | None = None) -> State:
    """That somebody called the reporter and what came of it (回访记录), for those who may see the reporter."""
    stored = locked(actor, case)
    _require(actor, "case.comment", stored.state)
    facts = {"called": outcome, "words": words.strip()[:2_000]}
    return saved(actor, stored, Change(facts=facts), "case.called", moment(at).at)


@transaction.atomic
def promise(
    actor: Actor, case: UUID, name: str, due: datetime, *, facts: dict[str, Any], at: datetime | None = None
) -> State:
    """A clock that another system runs for this case (上级平台时限): it warns and breaches like any other.

    Set anew when the other system changes its mind; a case that has ended needs none.
    """
    [stored] = store.lock(case)
    when = moment(at)
    if actor.kind not in ("client", "system"):
        raise Denied()
    clock = clocks.started(
        name, "case", Span(max(0, int((due - when.at).total_seconds()))), when.at, when.calendar,
        warn_at=(0.8,), on_breach="escalate",
    )  # fmt: skip
    changed = {name: clock} if stored.state["open"] else {}
    columns = {"due_at": earliest({**stored.state.clocks, **changed})} if changed else {}
    change = Change(columns, clocks=changed, facts=facts)
    return saved(actor, stored, change, "case.promised", when.at)


@transaction.atomic
def migrate(actor: Actor, case: UUID, *, at: datetime | None = None) -> State:
    """Moves a case on to the current version of its type, by the map that the version declares.

    For administrators, who need not see the case for that.
    """
    if actor.kind != "system" and not actor.has("administrator"):
        raise Denied()
    [stored] = store.lock(case)
    state, when = stored.state, moment(at)
    newest = types.current(state["type"])
    if newest.version == state["type_version"]:
        raise Conflict(gettext_noop("The case runs on the current version already"))
    target = newest.migrate.get(str(state["type_version"]), {}).get(state["state"], state["state"])
    if target not in newest.states:
        raise Conflict(
            gettext_noop("The new version does not say where the state %(state)s leads"), state=state["state"]
        )
    changed = on_entering(newest, state, target, when)
    columns = {
        "type_version": newest.version,
        "state": target,
        "open": newest.states[target].open,
        "version": state["version"] + 1,
        "due_at": earliest({**state.clocks, **changed}),
    }
    facts = {"from_version": state["type_version"], "to_version": newest.version}
    return saved(actor, stored, Change(columns, clocks=changed, facts=facts), "case.migrated", when.at)
