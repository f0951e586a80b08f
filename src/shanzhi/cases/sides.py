"""Side procedures (特殊流程): asked for by one, decided by another, kept in a ledger of their own.

延期 extend, 挂账 suspend (with an end date), 回退 send back, 作废 void, 会诊 consult. Each type says who may
ask and who decides, how often, how long at most, and how large a share of an organisation's open cases may
be suspended.
"""

from datetime import datetime
from typing import Any

from shanzhi.base.clock import Span
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, gettext_noop
from shanzhi.base.value import dataclass, replace
from shanzhi.cases import clocks, tasks
from shanzhi.cases.casetype import CaseType, Side
from shanzhi.cases.moment import Moment
from shanzhi.cases.state import Change, Request, State
from shanzhi.cases.timing import earliest, on_entering, resumed, suspended
from shanzhi.cases.who import Who
from shanzhi.orgs.actor import Actor


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for: `until` for a suspension, `seconds` for an extension, `orgs` to consult."""

    kind: str
    reason: str
    until: datetime | None = None
    seconds: int | None = None
    orgs: tuple[str, ...] = ()


def asked(type_: CaseType, state: State, actor: Actor, ask: Ask, moment: Moment) -> Change:
    """The request on the ledger. Raises Denied, Conflict or Invalid when it cannot be asked for."""
    side, at = _side(type_, ask.kind), moment.at
    if not state["open"]:
        raise Conflict(gettext_noop("The case is closed"))
    if not Who.parse(side.ask).admits(actor, state.party):
        raise Denied()
    same = [r for r in state.requests.values() if r.kind == ask.kind]
    if any(r.status == "asked" for r in same):
        raise Conflict(gettext_noop("This has been asked for already and waits for a decision"))
    if sum(r.status == "approved" for r in same) >= side.times:
        raise Denied(
            gettext_noop("This has been granted as often as it may be"), code="too_often", times=side.times
        )
    _check(side, ask, at)
    if side.before and not _early(side.before, state, moment):
        raise Denied(
            gettext_noop("An extension is asked for at least %(before)s before the end"),
            code="too_late",
            before=side.before,
        )
    name = f"q{len(state.requests) + 1}"
    request = Request(
        name,
        ask.kind,
        "asked",
        ask.reason,
        actor.ref,
        at,
        state["org"],
        ask.until,
        ask.seconds,
        tuple(ask.orgs),
    )
    return Change(requests={name: request}, facts={"asked": ask.kind, "reason": ask.reason})


def _early(before: str, state: State, moment: Moment) -> bool:
    """Whether at least so much time is left on every clock that would be longer."""
    span = Span.parse(before)
    ends = [clock.due for clock in _extendable(state).values() if clock.due is not None]
    return all(moment.calendar.between(moment.at, end, span.working) >= span.seconds for end in ends)


def _side(type_: CaseType, kind: str) -> Side:
    for name, side in type_.sides.items():
        if name == kind:
            return side
    raise Invalid(gettext_noop("Cases of this type know no procedure %(kind)s"), kind=kind)


def _check(side: Side, ask: Ask, at: datetime) -> None:
    errors = [] if ask.reason.strip() else [FieldError("reason", gettext_noop("This is needed"))]
    most = Span.parse(side.most).seconds if side.most else None
    if ask.kind == "suspend" and (ask.until is None or ask.until <= at):
        errors.append(FieldError("until", gettext_noop("A suspension needs an end in the future")))
    if ask.kind == "extend" and (ask.seconds is None or ask.seconds <= 0):
        errors.append(FieldError("seconds", gettext_noop("An extension needs a length")))
    if ask.kind == "consult" and not ask.orgs:
        errors.append(FieldError("orgs", gettext_noop("Say whom to consult")))
    wanted = (ask.until - at).total_seconds() if ask.until else ask.seconds
    if most is not None and wanted is not None and wanted > most:
        errors.append(
            FieldError("until" if ask.until else "seconds", gettext_noop("This is longer than allowed"))
        )
    if errors:
        raise Invalid(errors=errors)


@dataclass(frozen=True, slots=True)
class Share:
    """How many cases of an organisation are suspended, of how many that are open."""

    suspended: int
    open: int

    def allows_one_more(self, cap: float | None) -> bool:
        """Whether one more stays within the cap; the first one always does."""
        return cap is None or self.suspended == 0 or self.suspended + 1 <= cap * self.open


def decided(
    type_: CaseType,
    state: State,
    actor: Actor,
    name: str,
    verdict: tuple[bool, str],
    moment: Moment,
    share: Share,
) -> Change:
    """The decision and, when it is granted, what follows. `verdict` is (granted, reason).

    A refusal needs a reason, and nobody decides what he asked for himself.
    """
    request = state.requests.get(name)
    if request is None or request.status != "asked":
        raise Conflict(gettext_noop("There is nothing to decide, or it has been decided"))
    side = _side(type_, request.kind)
    if not Who.parse(side.approve).admits(actor, state.party) or request.asked_by == actor.ref:
        raise Denied()
    granted, words = verdict
    if not granted and not words.strip():
        raise Invalid(errors=[FieldError("decision", gettext_noop("A refusal needs its reason"))])
    if granted and request.kind == "suspend" and not share.allows_one_more(side.cap):
        raise Denied(
            gettext_noop("Too large a share of the open cases is suspended"), code="cap", cap=side.cap
        )
    request = replace(
        request,
        status="approved" if granted else "refused",
        decided_by=actor.ref,
        decided_at=moment.at,
        decision=words,
    )
    facts = {"decided": request.kind, "granted": granted, "decision": words, "next": state["org"]}
    effect = _granted(type_, state, request, moment) if granted else Change()
    columns = effect.columns | (
        {"due_at": earliest({**state.clocks, **effect.clocks})} if effect.clocks else {}
    )
    if granted:
        columns["version"] = state["version"] + 1
        facts["next"] = columns.get("org", state["org"])
    return replace(effect, columns=columns, requests={name: request}, facts=facts)


def _granted(type_: CaseType, state: State, request: Request, moment: Moment) -> Change:
    match request.kind:
        case "extend":
            return Change(clocks=_longer(state, request.seconds or 0, moment))
        case "suspend":
            assert request.until is not None
            resting = suspended(state, request.until, moment, "suspend")
            return Change({"suspended_until": request.until}, clocks=resting)
        case "consult":
            made, running = tasks.called(type_, state, "consult", request.orgs, moment, asked=request.reason)
            return Change(clocks=running, tasks=made)
        case _:
            return _back_or_void(type_, state, request, moment)


def _longer(state: State, seconds: int, moment: Moment) -> dict[str, clocks.Clock]:
    return {
        name: clocks.extended(clock, seconds, moment.at, moment.calendar)
        for name, clock in _extendable(state).items()
    }


def _extendable(state: State) -> dict[str, clocks.Clock]:
    return {
        name: clock
        for name, clock in state.clocks.items()
        if clock.status == "running" and clock.kind in ("handle", "case")
    }


def _back_or_void(type_: CaseType, state: State, request: Request, moment: Moment) -> Change:
    target = type_.sides[request.kind].to or type_.start  # type: ignore[index]
    columns: dict[str, Any] = {"state": target, "open": type_.states[target].open}
    if columns["open"]:
        columns |= {"org": state["desk"], "person": None}
    else:
        columns["closed_at"] = moment.at
    return Change(columns, clocks=on_entering(type_, state, target, moment))


def taken_up(state: State, moment: Moment) -> Change:
    """The end of a suspension: the clocks run on."""
    running = resumed(state, moment)
    columns = {
        "suspended_until": None,
        "version": state["version"] + 1,
        "due_at": earliest({**state.clocks, **running}),
    }
    return Change(columns, clocks=running, facts={"resumed": True})
