"""Reading cases: always starting from what the asker may see."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shanzhi.base.clock import Calendar, now
from shanzhi.base.codes import span
from shanzhi.base.errors import NotFound
from shanzhi.base.value import dataclass
from shanzhi.cases import store, timing, types, workflow
from shanzhi.cases.casetype import CaseType
from shanzhi.cases.clocks import Clock
from shanzhi.cases.models import Case, RatingRow, ReporterRow, RequestRow, TaskRow
from shanzhi.cases.moment import Moment
from shanzhi.cases.state import Request, State
from shanzhi.cases.who import holds_link, looks_in, reports
from shanzhi.files.queries import Copy
from shanzhi.journal import queries as journal
from shanzhi.journal.entry import Entry
from shanzhi.journal.tables import run, statement
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.permissions import Scope
from shanzhi.orgs.queries import scope, staff_around


def visible_to(actor: Actor) -> "QuerySet[Case]":
    """The cases that an actor may see, as one WHERE clause.

    Whoever watches over an area sees what lies in it; whoever works for an organisation sees what it owns
    or helps with; a reporter sees his own.
    """
    reach = scope(actor, "case.view")
    return Case.objects.all() if reach.everything else Case.objects.filter(_any(_reasons(reach)))


def _any(reasons: Sequence[Q]) -> Q:
    return reduce(or_, reasons) if reasons else Q(pk__in=[])


def _reasons(reach: Scope) -> list[Q]:
    """Why an actor may see a case, each as a condition of its own."""
    found = [_within(area) for area in reach.areas]
    if reach.orgs:
        found += [Q(org__in=reach.orgs), _helped_by(reach.orgs)]
    found += [_within(area) & (Q(org=org) | _helped_by((org,))) for area, org in reach.pairs]
    if reach.account is not None:
        own = ReporterRow.objects.filter(case=OuterRef("pk"), account=reach.account, active=True)
        found += [Q(person=reach.account), Q(Exists(own))]
    return found


def _within(area: str) -> Q:
    low, high = span(area)
    return Q(area__gte=low, area__lt=high)


def _helped_by(orgs: Sequence[str]) -> Q:
    """Asked case by case (EXISTS): gathered first (IN), all that an organisation ever helped with would be read."""
    return Q(Exists(TaskRow.objects.filter(case=OuterRef("pk"), org__in=orgs)))


def helping(orgs: Sequence[str]) -> Q:
    """Cases in which one of these organisations has been asked for help and still owes it."""
    return Q(pk__in=TaskRow.objects.filter(org__in=orgs, status="open").values("case"))


def undecided(kinds: Sequence[str], *, but_by: str = "") -> Q:
    """Cases in which a procedure of these kinds is asked for and not decided, unless `but_by` asked for it."""
    asked = RequestRow.objects.filter(kind__in=kinds, status="asked").exclude(asked_by=but_by)
    return Q(pk__in=asked.values("case"))


def asked(actor: Actor, *, but_by: str = "", limit: int = 100) -> list[tuple[State, Request]]:
    """Procedures asked for in cases that an actor may see and not decided yet, the longest waiting first."""
    rows = RequestRow.objects.filter(status="asked", case__in=visible_to(actor)).exclude(asked_by=but_by)
    found = list(rows.order_by("asked_at").values_list("case_id", "name")[:limit])
    states = states_of(list({case for case, _ in found}))
    return [(states[case], states[case].requests[name]) for case, name in found if case in states]


def may_see(actor: Actor, state: State) -> bool:
    """The same for a case at hand; whoever has a secret link or a window sees the one case it is for."""
    party = state.party
    orgs = {party.org, *(task.org for task in state.tasks.values())}
    accounts = {*party.reporters, *([party.person] if party.person is not None else [])}
    return scope(actor, "case.view").covers(party.area, orgs, accounts) or (
        holds_link(actor, party.case) or looks_in(actor, party.case)
    )


def works_on(actor: Actor, state: State) -> bool:
    """Whether the actor sees a case at hand for his work, not because he reported it."""
    party = state.party
    orgs = {party.org, *(task.org for task in state.tasks.values())}
    own = party.person is not None and party.person == actor.account
    return own or scope(actor, "case.view").covers(party.area, orgs)


def colleagues(actor: Actor, case: UUID, text: str, *, limit: int = 8) -> list[tuple[str, str]]:
    """Account names and names of those who see a case for their work, whose name begins with or holds a text.

    Raises NotFound for whoever does not see the case for his own work.
    """
    state = state_of(case)
    if not works_on(actor, state):
        raise NotFound()
    orgs = {state["org"], *(task.org for task in state.tasks.values())}
    found = staff_around(state["area"], orgs, text)
    seen = [(name, who.name) for name, who in found.items() if works_on(who, state)]
    return sorted(seen, key=lambda one: (not one[0].startswith(text), one[1]))[:limit]


def visible(actor: Actor, case: UUID) -> Copy | None:
    """What an actor may see of a case's files: reporters see the public copies, without EXIF."""
    try:
        state = state_of(case)
    except NotFound:
        return None
    if not may_see(actor, state):
        return "public" if state["public"] else None
    return "public" if reports(actor, state.party) else "original"


@dataclass(frozen=True, slots=True)
class View:
    """A case as one asker sees it: what it is, what he may do now, and what has happened."""

    state: State
    type: CaseType
    allowed: tuple[str, ...]
    timeline: tuple[Entry, ...]
    children: tuple[dict[str, Any], ...]
    duplicates: tuple[dict[str, Any], ...]


def view(actor: Actor, case: UUID, *, at: datetime | None = None) -> View:
    """The case page in four statements. Raises NotFound when the actor may not see it."""
    found = store.read([case])
    if not found or not may_see(actor, found[0].state):
        raise NotFound()
    state = found[0].state
    type_ = types.version(state["type"], state["type_version"])
    related: list[Any] = list(
        Case.objects.filter(Q(parent=case) | Q(merged_into=case)).values(
            "id", "number", "title", "state", "parent"
        )
    )
    return View(
        state,
        type_,
        tuple(workflow.allowed(type_, state, actor, at or now())),
        tuple(journal.stream(case)),
        tuple(row for row in related if row["parent"] == case),
        tuple(row for row in related if row["parent"] != case),
    )


def by_number(actor: Actor, number: int) -> UUID:
    """The id of the case with a number, if the actor may see it; raises NotFound."""
    found = visible_to(actor).filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise NotFound()
    return found


RESULTS = """SELECT DISTINCT ON (stream) stream, data->'facts'->>'result' FROM journal_entry
    WHERE stream = ANY(%s) AND kind = 'case.moved' AND data->'facts' ? 'result' ORDER BY stream, seq DESC"""
MOVED = """SELECT DISTINCT ON (stream) stream, at FROM journal_entry
    WHERE stream = ANY(%s) AND kind = 'case.moved' ORDER BY stream, seq DESC"""
LISTED = (
    "id", "number", "type", "type_version", "state", "open", "title", "category", "urgency", "area", "address",
    "org", "person", "channel", "public", "opened_at", "closed_at", "due_at", "suspended_until", "level", "lon", "lat",
)  # fmt: skip


def listed(
    actor: Actor, *, filters: Q | None = None, order: str = "-opened_at", offset: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """A page of the cases that an actor may see: one statement, whatever its length."""
    found = _listing(scope(actor, "case.view"), filters or Q(), order, offset, limit)
    return [dict(zip(LISTED, row, strict=True)) for row in run(*found, prepare=False)] if found else []


@lru_cache(maxsize=1000)
def _listing(
    reach: Scope, filters: Q, order: str, offset: int, limit: int
) -> tuple[str, tuple[Any, ...]] | None:
    """The statement of a page and its parameters; None when nothing can be found.

    Kept, because people ask for the same lists again and again.
    """
    cases = _first(reach, filters, order, offset + limit).order_by(order, "-id")
    return statement(cases.values(*LISTED)[offset : offset + limit])


def _first(reach: Scope, filters: Q, order: str, most: int) -> "QuerySet[Case]":
    """Cases that somebody may see, with at least the first `most` of them in an order.

    Somebody who does not see a whole area sees few of all cases. Looked for from the newest on, his would be long
    in coming; so each reason for which he sees some gives its own first ones, by the index made for it.
    """
    if reach.everything:
        return Case.objects.filter(filters)
    reasons = _reasons(reach)
    if reach.areas or len(reasons) < 2 or not order.endswith("opened_at"):
        return Case.objects.filter(_any(reasons) & filters)
    first, *others = (
        Case.objects.filter(reason & filters).order_by(order, "-id").values("pk")[:most] for reason in reasons
    )
    return Case.objects.filter(pk__in=first.union(*others, all=True))


def closed_between(
    actor: Actor, first: datetime, last: datetime, *, area: str = "", type_: str = ""
) -> list[UUID]:
    """The cases that an actor may see and that were closed in a time, merged ones left out; for samples."""
    found = visible_to(actor).filter(open=False, merged_into=None, closed_at__gte=first, closed_at__lt=last)
    if area:
        low, high = span(area)
        found = found.filter(area__gte=low, area__lt=high)
    if type_:
        found = found.filter(type=type_)
    return list(found.order_by("id").values_list("id", flat=True))


def closed_texts(limit: int) -> list[tuple[str, str, str, str]]:
    """Text, title, category and urgency of the cases that were closed, the newest first: to learn from."""
    closed = Case.objects.filter(open=False, merged_into__isnull=True, closed_at__isnull=False)
    rows = closed.exclude(text="").order_by("-opened_at", "-id")
    return list(rows.values_list("text", "title", "category", "urgency")[:limit])


def rated_words(limit: int) -> list[tuple[str, int]]:
    """What people said when they rated a case, and how satisfied they were (1 to 5), the latest first."""
    rows = (
        RatingRow.objects.exclude(words="").filter(satisfied__isnull=False).order_by("-at", "case_id", "name")
    )
    return [
        (words, satisfied) for words, satisfied in rows.values_list("words", "satisfied")[:limit] if satisfied
    ]


def rated(cases: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The ratings of some cases, the latest last; in one statement."""
    found: dict[UUID, list[dict[str, Any]]] = {case: [] for case in cases}
    columns = ("case_id", "source", "at", "contacted", "solved", "satisfied", "words")
    for row in RatingRow.objects.filter(case__in=list(cases)).order_by("at").values(*columns):
        found[row["case_id"]].append(row)
    return found


def reported(cases: Collection[UUID]) -> dict[UUID, list[datetime]]:
    """When each of those who report these cases did, the first first; in one statement."""
    found: dict[UUID, list[datetime]] = {case: [] for case in cases}
    rows = ReporterRow.objects.filter(case__in=list(cases), active=True).order_by("since")
    for case, since in rows.values_list("case_id", "since"):
        found[case].append(since)
    return found


def results(cases: Collection[UUID]) -> dict[UUID, str]:
    """How some cases were solved, in the words of the last result; in one statement."""
    return {case: str(result) for case, result in run(RESULTS, [list(cases)])} if cases else {}


def moved_at(cases: Collection[UUID]) -> dict[UUID, datetime]:
    """When the last move of some cases was made; in one statement."""
    return {case: at for case, at in run(MOVED, [list(cases)])} if cases else {}


def of_people(actor: Actor, people: Collection[UUID], *, limit: int = 10) -> list[dict[str, Any]]:
    """The cases of some people that an actor may see, the newest first."""
    own = ReporterRow.objects.filter(person__in=list(people), active=True)
    return listed(actor, filters=Q(pk__in=own.values("case")), limit=limit) if people else []


def of_ids(actor: Actor, cases: Collection[UUID]) -> list[dict[str, Any]]:
    """Those of some cases that an actor may see, in one statement."""
    return listed(actor, filters=Q(pk__in=list(cases)), limit=len(cases)) if cases else []


def state_of(case: UUID) -> State:
    """A case without asking who wants to know: for readers of the journal and for doors that have checked."""
    found = store.read([case])
    if not found:
        raise NotFound()
    return found[0].state


def states_of(cases: Sequence[UUID]) -> dict[UUID, State]:
    """Several of them, in one statement."""
    return {stored.state.id: stored.state for stored in store.read(cases)}


def limited(state: State, limits: Mapping[str, str]) -> dict[str, Clock]:
    """The clocks of a case as other limits would make them, to be looked at before anything changes."""
    type_ = types.version(state["type"], state["type_version"])
    return timing.respanned(type_, state, limits, Moment(now(), Calendar.default()))
