"""Applying: what was said becomes facts, the item's rule is asked, and where it says yes on authoritative facts
alone the application is granted in the same transaction (秒批)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, FieldError, Invalid, gettext_noop
from shanzhi.cases import actions as cases
from shanzhi.cases.opening import Report
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.receipts import Also
from shanzhi.journal.tables import Insert, run
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require, scope
from shanzhi.places.queries import county
from shanzhi.residents import queries as residents
from shanzhi.residents.actions import facts as keeping
from shanzhi.residents.fact import DECLARED, MODEL, RECOGNISED, FactType, Known, years
from shanzhi.residents.queries import facts
from shanzhi.rules.evaluate import Answer, Rule
from shanzhi.rules.facts import FactError
from shanzhi.services import form, paper
from shanzhi.services.actions.issuing import document_row
from shanzhi.services.actions.issuing import rows as document_rows
from shanzhi.services.item import Item
from shanzhi.services.queries import catalogue
from shanzhi.services.queries import pictures as papers
from shanzhi.services.queries.pictures import Looked
from shanzhi.services.queries.pins import pins_of
from shanzhi.services.review import Review, may_decide, review

TYPE = "application"
PLACES = ("dwells", "hukou")
COLUMNS = (
    "case_id", "item", "item_version", "rule", "calendar", "form", "person", "account", "agent", "channel", "policy",
    "org", "area", "consent", "facts", "materials", "fields", "prefilled", "needed", "spared", "once", "started_at",
    "sent_at", "decided_at", "verdict", "by", "rows", "outputs", "checked_by", "words",
)  # fmt: skip
TWICE = gettext_noop("You have applied for this already, or have it already: look at your matters")
MISSING = gettext_noop("This is still missing")
NOT_MET = gettext_noop(
    "A condition is not met as far as we know: you may apply all the same, and a person will judge"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody applies for: for whom (`person`), what he says, which materials he has handed in. Without an
    `area` it is where the person lives, or is registered.

    `anyway`: he has read what is wrong or missing and applies all the same; a person judges. `agent` is who acts
    for the person, by which authority the draft says. `scan` is the signed paper form that this was typed from.
    """

    item: str
    person: UUID
    area: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, UUID] = field(default_factory=dict)
    channel: str = "web"
    account: int | None = None
    agent: UUID | None = None
    policy: UUID | None = None
    consent: str = ""
    anyway: bool = False
    started_at: datetime | None = None
    scan: UUID | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """An application as it is weighed: item, rule, everything known with what was said, what its pictures tell, and
    the review of it."""

    item: Item
    rule: Rule | None
    known: Mapping[str, Known]
    said: Mapping[str, Any]
    merged: Mapping[str, Known]
    review: Review
    looked: Mapping[str, Looked]
    told: Mapping[str, tuple[Any, UUID]]


def weigh(asked: Asked, at: datetime) -> Weighed:
    """What the platform makes of an application, without writing anything. Raises NotFound, Invalid."""
    day = at.astimezone(BEIJING).date()
    item = catalogue.item(asked.item, day=day)
    if not item.open:
        raise Conflict(catalogue.CLOSED, code="closed")
    rule, registry = catalogue.rule(item, day=day), facts.types()
    keys = form.wanted(item, rule, registry)
    known = facts.of(asked.person, keys | set(PLACES), day=day)
    said = read(registry, asked.answers, keys)
    merged = together(registry, known, said, at)
    looked, told = _pictures(asked, item, keys, merged, day)
    if told:
        merged = together(registry, known, said, at, told=told)
    given = [papers.material_of(key) for key in asked.materials]
    found = review(item, rule, registry, merged, given, on=day, pictures=papers.findings(looked))
    return Weighed(item, rule, known, said, merged, found, looked, told)


def _pictures(
    asked: Asked, item: Item, keys: set[str], merged: Mapping[str, Known], day: date
) -> tuple[Mapping[str, Looked], Mapping[str, tuple[Any, UUID]]]:
    """What is found in the pictures that were handed in, and what they tell that nobody has said yet."""
    pictures = papers.of(list(asked.materials.values()))
    if not pictures:
        return {}, {}
    whose = papers.owner(asked.person, asked.agent)
    looked = papers.looked(item, asked.materials, pictures, whose, facts.types(), merged, on=day)
    told = papers.facts_told(looked, whose, keys) if RECOGNISED in facts.sources() else {}
    return looked, {key: value for key, value in told.items() if key not in merged and key in facts.types()}


def area_of(known: Mapping[str, Known]) -> str:
    """Where somebody lives, or is registered, within the county; else the county."""
    found = [str(known[key].value) for key in PLACES if key in known]
    return next((code for code in found if code.startswith(county())), county())


def read(registry: Mapping[str, FactType], answers: Mapping[str, Any], keys: set[str]) -> dict[str, Any]:
    """Answers as typed values; raises Invalid naming each that cannot be."""
    said, errors = {}, []
    for key, raw in answers.items():
        if key not in keys or raw in (None, ""):
            continue
        try:
            said[key] = registry[key].read(raw)
        except FactError as error:
            errors.append(FieldError(key, str(error)))
    if errors:
        raise Invalid(errors=errors)
    return said


def together(
    registry: Mapping[str, FactType],
    known: Mapping[str, Known],
    said: Mapping[str, Any],
    at: datetime,
    *,
    told: Mapping[str, tuple[Any, UUID]] = MappingProxyType({}),
) -> dict[str, Known]:
    """What is known with what is said now: a register goes before it, what was only said before does not. What a
    machine read from a picture (`told`) fills in what nobody has said."""
    source = facts.sources()[DECLARED] if said else None
    merged = {
        key: Known(key, registry[key].read(value), RECOGNISED, MODEL, at, UUID(int=0))
        for key, (value, _) in told.items()
    }
    merged |= {
        key: Known(key, value, DECLARED, source.trust if source else 1, at, UUID(int=0))
        for key, value in said.items()
    }
    merged |= {key: one for key, one in known.items() if key not in said or one.authoritative}
    day = at.astimezone(BEIJING).date()
    for key, type_ in registry.items():
        start = merged.get(type_.since or "")
        if start is not None and key not in merged and start.value <= day:
            merged[key] = Known(
                key, years(start.value, day), start.source, start.trust, start.at, start.id, start.disputed
            )
    return merged


def apply(
    actor: Actor, asked: Asked, *, at: datetime | None = None, also: Also[State] | None = None
) -> State:
    """Sends an application; the case, granted already where the rule may decide.

    Raises Invalid (what is missing, or that a condition is not met, unless `anyway`), Conflict for what is closed
    or applied for already. Nothing is ever refused by a machine.
    """
    when = at or now()
    _permit(actor, asked)
    weighed = weigh(asked, when)
    check(weighed, asked)
    try:
        return _sent(actor, asked, weighed, when, also)
    except IntegrityError as error:
        if "services_app_one_open" in str(error) or "services_app_granted_once" in str(error):
            raise Conflict(TWICE, code="twice") from error
        raise


def _permit(actor: Actor, asked: Asked) -> None:
    """One applies for oneself, for whom one acts by authority, or at the counter. Raises NotSignedIn or Denied."""
    if actor.kind == "system" or scope(actor, "service.counter"):
        return
    own = residents.own(actor)
    if own is None or own not in (asked.person, asked.agent):
        require(actor, "service.counter")


def check(weighed: Weighed, asked: Asked) -> None:
    """Raises Invalid with everything that is missing; with `anyway` only what has not been said at all."""
    errors = [
        FieldError(one.key or "rule", NOT_MET if one.what == "condition" else MISSING)
        for one in weighed.review.findings
        if one.what == "fact" or not asked.anyway
    ]
    if errors:
        raise Invalid(errors=errors)


def _sent(actor: Actor, asked: Asked, weighed: Weighed, at: datetime, also: Also[State] | None) -> State:
    decides = None if asked.agent or asked.anyway else _may_decide(weighed, at)
    if decides is not None and (not weighed.review.instant or stopped(weighed.rule)):
        decides = None
    evidence = {"application": weighed.item.ref} | ({"file": str(asked.scan)} if asked.scan else {})
    given = [keeping.Given(key, value, evidence=evidence) for key, value in weighed.said.items()]
    values = keeping.rows(asked.person, given, DECLARED, at=at) if given else []
    read_ = [
        keeping.Given(key, value, evidence={**evidence, "file": str(file)})
        for key, (value, file) in weighed.told.items()
    ]
    values += keeping.rows(asked.person, read_, RECOGNISED, at=at) if read_ else []
    used = {key: str(one.id) for key, one in weighed.merged.items() if one.id.int} | {
        row["key"]: row["id"] for row in values if weighed.merged[row["key"]].id.int == 0
    }
    report = _report(asked, weighed, at)
    extra = [keeping.insert(values)]

    def rows(state: State) -> list[Insert]:
        row = _row(asked, weighed, state, used, at)
        if decides is not None:
            row |= {"decided_at": at.isoformat(), "verdict": "granted", "by": "machine"}
            row |= {"rows": list(decides.rows), "outputs": paper.outputs(decides)}
        made = [Insert("services_application", COLUMNS, [row])]
        if decides is not None:
            made.append(document_rows([document_row(state, weighed.item, decides, at)]))
        return [*made, *(also(state) if also else ())]

    if decides is None:
        return cases.open_case(actor, report, extra=extra, also=rows)
    inputs = Inputs(
        result=paper.granted(weighed.item, decides),
        fields={"rows": f"{decides.ref}:{list(decides.rows)}", "facts": _ids(weighed, used)},
    )
    return cases.open_and_move(
        actor, report, Actor.system("rule"), "grant_at_once", inputs, extra=extra, also=rows
    )


def _may_decide(weighed: Weighed, at: datetime) -> Answer | None:
    return may_decide(weighed.item, weighed.rule, weighed.merged, at.astimezone(BEIJING).date())


def _ids(weighed: Weighed, used: Mapping[str, str]) -> str:
    names = weighed.rule.names if weighed.rule is not None else ()
    return " ".join(f"{key}={used[key]}" for key in names if key in used)


def _report(asked: Asked, weighed: Weighed, at: datetime) -> Report:
    item = weighed.item
    data = {name: ref for name, ref in pins_of(item, weighed.rule).plain().items() if ref}
    limits = {name: str(span) for name in ("legal", "promised") if (span := getattr(item, name))}
    return Report(
        type=TYPE,
        title=item.name.zh,
        text=item.name.zh,
        area=asked.area or area_of(weighed.known),
        channel=asked.channel,
        public=False,
        urgency="normal",
        data=data,
        account=asked.account,
        person=str(asked.person),
        files=(*asked.materials.values(), *([asked.scan] if asked.scan else [])),
        at=at,
        desk=item.org,
        limits=limits,
    )


def _row(
    asked: Asked, weighed: Weighed, state: State, used: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    item, registry = weighed.item, facts.types()
    asked_for = form.fields(item, weighed.rule, registry)
    needs = [need for need in weighed.review.needs if need.needed]
    return {
        "case_id": str(state.id), "item": item.code, "item_version": item.version,
        "rule": state["data"].get("rule", ""), "calendar": state["data"]["calendar"],
        "form": state["data"]["schema"], "person": str(asked.person), "account": asked.account,
        "agent": asked.agent and str(asked.agent), "channel": asked.channel,
        "policy": asked.policy and str(asked.policy), "org": state["org"], "area": state["area"],
        "consent": asked.consent, "facts": dict(used),
        "materials": {key: str(file) for key, file in asked.materials.items()},
        "fields": len(asked_for), "prefilled": form.filled(asked_for, weighed.known), "needed": len(needs),
        "spared": sum(need.proved for need in needs), "once": item.once,
        "started_at": (asked.started_at or at).isoformat(), "sent_at": at.isoformat(),
        "decided_at": None, "verdict": "", "by": "", "rows": [], "outputs": {}, "checked_by": "", "words": "",
    }  # fmt: skip


STOPPED = "SELECT 1 FROM services_rulestop WHERE rule = %s AND lifted_at IS NULL LIMIT 1"


def stopped(rule: Rule | None) -> bool:
    """Whether somebody has stopped this rule: it decides nothing more by itself."""
    return rule is not None and bool(run(STOPPED, [rule.id]))
