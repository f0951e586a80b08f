"""What is done about visits: planned by a person or, for those on the list, in their time; made; called off."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import get_language, gettext

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.codes import is_within
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.geo import Point
from shanzhi.base.ids import format_number
from shanzhi.cases import actions as cases
from shanzhi.cases.opening import Report
from shanzhi.cases.queries import states_of
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.actions import append
from shanzhi.language.address import locate
from shanzhi.learning.queries import gazetteer
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.patrol import queries
from shanzhi.patrol.models import Regular, Visit
from shanzhi.patrol.queries.visits import RIGHT
from shanzhi.patrol.setting import VisitKind
from shanzhi.patrol.visiting import ended_by
from shanzhi.places import queries as places
from shanzhi.residents.actions import addressed, facts, recognise
from shanzhi.residents.queries import Masked

log = logging.getLogger(__name__)
VISIT, MADE = "visit", "visit"
SOURCE = "visit"
LOOKED = "走访：查找走访对象"
ADDRESSED = "走访：以登记住址为走访地点"
FARTHEST = timedelta(days=366)
MOST = 50  # visits that one turn of the ticker opens
NO_KIND = gettext_noop("There is no such kind of visit")
NO_AREA = gettext_noop("Say in which grid or community this home lies")
NO_ADDRESS = gettext_noop("No address is known: give one")
NOT_THERE = gettext_noop("This person does not work there")
WRONG_DAY = gettext_noop("A day from today on, within a year")
JUST_NOW = gettext_noop("A visit of this kind has just been planned for this person")
GONE = gettext_noop("The record says: %(what)s. Correct it at its source first if this is wrong")
WAITS = gettext_noop("A visit of this kind is to be made already: %(number)s")


@dataclass(frozen=True, slots=True)
class Home:
    """Whom to visit and where."""

    person: UUID
    address: str
    point: Point | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a visit is planned: of which kind, by which day, by whom (none: whoever works there), and whether again."""

    kind: str
    due: date
    worker: int | None = None
    regular: bool = False


def find(actor: Actor, phone: str) -> list[Masked]:
    """Those who have a number, masked; each look is an entry of theirs. Raises Denied, Invalid."""
    return recognise(actor, phone, reason=LOOKED, right=RIGHT)


def home_of(actor: Actor, person: UUID, area: str, address: str = "") -> Home:
    """Where somebody lives: by the address given, else by that in the record, the look at which is an entry.

    A point only where the address names one that lies in the area. Raises Denied, Invalid without any address.
    """
    text = address.strip()
    if not text:
        known = addressed(actor, [person], reason=ADDRESSED, right=RIGHT).get(person)
        text = known.address if known else ""
    if not text:
        raise Invalid(errors=[FieldError("address", NO_ADDRESS)])
    return Home(person, text, _point(text, area), area)


def _point(address: str, area: str) -> Point | None:
    for found in locate(address, gazetteer()):
        if found.lon is None or found.lat is None or _is_middle(found.area, found.lon):
            continue
        point = Point(found.lon, found.lat)
        if is_within(places.grid_of(point) or "", area):
            return point
    return None


def _is_middle(area: str, lon: float) -> bool:
    """Whether a point is only the middle of a larger area: it says no more than the area does."""
    known = places.areas().get(area)
    return known is not None and known.lon == lon


@transaction.atomic
def plan_visit(actor: Actor, plan: Plan, home: Home, *, at: datetime | None = None) -> State:
    """Plans a visit; with `regular` its person comes onto the list of those who are visited again and again.

    Raises Denied for whoever plans no visits there, Invalid for what does not fit, Conflict while one of this kind
    waits for the person.
    """
    when = at or now()
    area = (home.point and places.grid_of(home.point, within_m=300)) or home.area
    if actor.kind != "system" and not (area and scope(actor, RIGHT).covers(area)):
        raise Denied(right=RIGHT)
    kind = _checked(actor, plan, area, when)
    _still_there(actor, plan, kind, home.person, area)
    row = (
        Regular.objects.select_for_update().filter(person=home.person, kind=plan.kind, ended_at=None).first()
    )
    state = _opened(actor, plan, kind, home, area, when)
    if row is None and plan.regular:
        since = when.astimezone(BEIJING).date()
        row = Regular(person=home.person, kind=plan.kind, area=area, worker=plan.worker, since=since)
        tell(actor, home.person, "visits_begun", plan.kind, every=kind.every, basis=kind.basis)
    if row is not None:
        row.area, row.worker, row.last = area, plan.worker, None
        row.save()
    return state


def _checked(actor: Actor, plan: Plan, area: str, at: datetime) -> VisitKind:
    kind = queries.of_kind(plan.kind)
    wrong = []
    if kind is None:
        wrong.append(FieldError("kind", NO_KIND))
    if (place := places.areas().get(area)) is None or not place.open:
        wrong.append(FieldError("area", NO_AREA))
    elif plan.worker is not None and plan.worker not in queries.workers(area):
        wrong.append(FieldError("worker", NOT_THERE))
    today = at.astimezone(BEIJING).date()
    if actor.kind != "system" and not today <= plan.due <= today + FARTHEST:
        wrong.append(FieldError("due", WRONG_DAY))
    if wrong or kind is None:
        raise Invalid(errors=wrong)
    return kind


def _still_there(actor: Actor, plan: Plan, kind: VisitKind, person: UUID, area: str) -> None:
    """Raises Conflict where the record says that nobody is to be visited any more; the look is an entry. Where he lives
    somebody may know better than the record, for one visit; on the list he would not stay."""
    ends = {key: end for key, end in kind.ends.items() if plan.regular or not end.elsewhere}
    if actor.kind == "system" or not ends:
        return
    known = facts.read_for(actor, person, [one.fact for one in ends.values()], purpose=kind.purpose)
    if (why := ended_by(ends, known, area)) is not None:
        title = ends[why].title
        raise Conflict(GONE, what=title.en if (get_language() or "").startswith("en") else title.zh)


def _opened(actor: Actor, plan: Plan, kind: VisitKind, home: Home, area: str, at: datetime) -> State:
    """Opens the visit as a case; that it was planned, for which purpose, is an entry of the person."""
    _none_waits(home.person, plan.kind)
    report = Report(
        type=VISIT,
        title=kind.title.zh,
        text=kind.purpose,
        address=home.address,
        area=area,
        lon=home.point.lon if home.point else None,
        lat=home.point.lat if home.point else None,
        channel="desk",
        person=str(home.person),
        public=False,
        at=at,
    )
    state = cases.open_case(actor, report)
    try:
        with transaction.atomic():
            Visit.objects.create(
                case=state.id, person=home.person, kind=plan.kind, area=area, worker=plan.worker, due=plan.due
            )
    except IntegrityError as error:  # somebody else has planned one in this moment
        raise Conflict(JUST_NOW) from error
    tell(actor, home.person, "visit_planned", plan.kind, case=str(state.id), basis=kind.basis)
    return state


def _none_waits(person: UUID, kind: str) -> None:
    """Raises Conflict while a visit waits; one whose case has ended meanwhile does not."""
    row = Visit.objects.select_for_update().filter(person=person, kind=kind, closed_at=None).first()
    if row is None:
        return
    state = states_of([row.case]).get(row.case)
    if state is not None and state["open"]:
        raise Conflict(WAITS, number=format_number(state["number"]))
    _close(row, (state and state["closed_at"]) or now())


def tell(actor: Actor, person: UUID, what: str, kind: str, **facts_: str) -> UUID:
    """An entry of a person's journal: what was done about visits to him, for which purpose."""
    known = queries.of_kind(kind)
    purpose = known.purpose if known else ""
    return append(actor.ref, person, f"person.{what}", {"kind": kind, "purpose": purpose, **facts_}).id


def closed(case: UUID, at: datetime, *, made: bool) -> None:
    """A visit's case has ended at the desk, made or called off there."""
    with transaction.atomic():
        row = Visit.objects.select_for_update().filter(pk=case, closed_at=None).first()
        if row is not None:
            _close(row, at, made=made)


def _close(row: Visit, at: datetime, *, made: bool = False) -> None:
    """From now on the time to the next one runs, for those on the list."""
    row.closed_at = at
    if made:
        row.done_at, row.met = at, True
    row.save(update_fields=["closed_at", "done_at", "met"])
    day = at.astimezone(BEIJING).date()
    Regular.objects.filter(person=row.person, kind=row.kind, ended_at=None).update(last=day)


@dataclass(frozen=True, slots=True)
class Said:
    """What a visit brought: whether anybody was met, the answers by question, words and photos."""

    met: bool
    answers: Mapping[str, Any]
    words: str = ""
    files: tuple[UUID, ...] = ()


@transaction.atomic
def visited(actor: Actor, case: UUID, found: Said, *, at: datetime | None = None, said: str = "") -> State:
    """A visit that was made. Each answer is a fact more in the one record, with its source and day; none is replaced.

    Raises NotFound, or what the move raises for whoever may not make it; Invalid for answers that are no facts.
    """
    when = at or now()
    row = Visit.objects.select_for_update().filter(pk=case).first()
    if row is None:
        raise NotFound()
    move, inputs = _move(found, said)
    state = cases.move(actor, case, move, inputs=inputs)
    if found.met:
        _keep(actor, row, found.answers, when)
        _close(row, when, made=True)
    return state


def _move(found: Said, said: str) -> tuple[str, Inputs]:
    if found.met:
        words = found.words.strip() or gettext("Visited, as the form says")
        return MADE, Inputs(result=words + said, files=found.files)
    words = found.words.strip() or gettext("Nobody at home")
    return "absent", Inputs(reason=words + said, files=found.files)


def _keep(actor: Actor, row: Visit, answers: Mapping[str, Any], at: datetime) -> None:
    """The answers as facts of the person visited, with who asked and for which case; that it was done is an entry."""
    kind = queries.of_kind(row.kind)
    asked = kind.questions if kind else {}
    evidence = {"case": str(row.case), "by": actor.ref}
    given = [
        facts.Given(asked[key].fact, value, evidence=evidence)
        for key, value in answers.items()
        if key in asked and asked[key].fact and value not in (None, "")
    ]
    if given:
        facts.keep(Actor.system("visit"), row.person, given, source=SOURCE, at=at)
    told = {
        "case": str(row.case), "purpose": kind.purpose if kind else "", "keys": sorted(one.key for one in given)
    }  # fmt: skip
    append(actor.ref, row.person, "person.visited", told)
