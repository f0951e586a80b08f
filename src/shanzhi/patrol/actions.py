"""What is done on rounds and visits. A round and a visit are cases: begun, noted in, ended as their types declare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.geo import Point, distance_m
from shanzhi.cases import actions as cases
from shanzhi.cases.opening import Report
from shanzhi.cases.queries import state_of
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.patrol import codes, queries
from shanzhi.patrol.due import missed, standings
from shanzhi.patrol.models import Pass, Round, Track, Visit
from shanzhi.residents.actions import facts

ROUND, VISIT = "patrol", "visit"
SOURCE = "visit"
By = Literal["qr", "code", "hand"]
NO_POINT = gettext_noop("There is no such point")
WRONG_CODE = gettext_noop("This is not the code of this point")
NOT_YOURS = gettext_noop("This round is not yours, or is not known")


@dataclass(frozen=True, slots=True)
class Stood:
    """How somebody showed that he stood at a point, what he found there, and where his telephone was."""

    point: str
    by: By
    code: str = ""
    answers: Mapping[str, bool] | None = None
    words: str = ""
    spot: Point | None = None
    accuracy: float | None = None
    files: tuple[UUID, ...] = ()


@transaction.atomic
def begin(actor: Actor, id_: UUID, areas: Sequence[str], *, at: datetime | None = None) -> State:
    """Begins a round through the due points of some areas. `id_` is what the telephone calls it."""
    when = at or now()
    if actor.account is None or not areas or not scope(actor, "case.report"):
        raise Denied()
    stops = queries.stops_in(areas)
    expected = [one.key for one in standings(stops, queries.last_passed(list(stops)), when) if one.due]
    report = Report(
        type=ROUND,
        text=gettext("Round of %(name)s, %(n)s points") % {"name": actor.name, "n": len(expected)},
        area=areas[0],
        channel="field",
        external=str(id_),
        account=actor.account,
        public=False,
    )
    state = cases.open_case(actor, report)
    Round.objects.create(
        id=id_, case=state.id, account=actor.account, area=areas[0], expected=expected, began_at=when
    )
    return state


@transaction.atomic
def stand(actor: Actor, id_: UUID, stood: Stood, *, at: datetime | None = None, said: str = "") -> State:
    """That somebody stands at a point of his round. Raises Invalid for a wrong code, Conflict after its end."""
    when, row = at or now(), _own(actor, id_)
    stop = queries.setting().points.get(stood.point)
    if stop is None:
        raise Invalid(errors=[FieldError("point", NO_POINT)])
    if stood.by != "hand" and not codes.fits(queries.secret(), stood.point, stood.code):
        raise Invalid(errors=[FieldError("code", WRONG_CODE)])
    items = queries.setting().checklists[stop.checklist].items
    answers = {key: bool(value) for key, value in (stood.answers or {}).items() if key in items}
    away = distance_m(stood.spot, Point(stop.lon, stop.lat)) if stood.spot else None
    Pass.objects.update_or_create(
        round=row,
        point=stood.point,
        defaults={
            "at": when, "by": stood.by, "away_m": away, "accuracy": stood.accuracy, "answers": answers,
            "words": stood.words,
        },
    )  # fmt: skip
    wrong = [items[key].title.zh for key, fine in answers.items() if not fine]
    state = cases.note(actor, row.case, _told(stop.name, stood, away, wrong) + said, at=now())
    return cases.attach(actor, row.case, stood.files, phase="other") if stood.files else state


def _told(name: str, stood: Stood, away: float | None, wrong: Sequence[str]) -> str:
    how = {
        "qr": gettext("code scanned"),
        "code": gettext("code typed"),
        "hand": gettext("without a code"),
    }[stood.by]
    words = gettext("At the point %(name)s: %(how)s") % {"name": name, "how": how}
    if away is not None:
        words += gettext(", about %(m)s m from it") % {"m": round(away)}
    if wrong:
        words += gettext("; not in order: %(items)s") % {"items": "、".join(wrong)}
    return words + (f"；{stood.words.strip()}" if stood.words.strip() else "")


@transaction.atomic
def walk(actor: Actor, id_: UUID, points: Sequence[tuple[float, float, float]]) -> State:
    """A part of the way of a round: (seconds since 1970, longitude, latitude). Kept only while it goes on."""
    row = _own(actor, id_)
    Track.objects.create(round=row, points=[list(point) for point in points])
    row.metres += round(
        sum(distance_m(Point(*a[1:]), Point(*b[1:])) for a, b in zip(points, points[1:], strict=False))
    )
    row.save(update_fields=["metres"])
    return state_of(row.case)


@transaction.atomic
def end(actor: Actor, id_: UUID, words: str, *, at: datetime | None = None, said: str = "") -> State:
    """Ends a round: what was passed and what was missed is its result."""
    row = _own(actor, id_)
    passed = set(Pass.objects.filter(round=row).values_list("point", flat=True))
    left = missed(row.expected, passed)
    stops = queries.setting().points
    facts_ = {"n": len(passed), "m": len(left), "km": f"{row.metres / 1000:.1f}"}
    result = gettext("%(n)s points passed, %(m)s missed, %(km)s km") % facts_
    if left:
        names = "、".join(stops[key].name if key in stops else key for key in left)
        result += gettext("; missed: %(names)s") % {"names": names}
    result += f"；{words.strip()}" if words.strip() else ""
    row.ended_at = at or now()
    row.save(update_fields=["ended_at"])
    return cases.move(actor, row.case, "finish", inputs=Inputs(result=result + said))


def _own(actor: Actor, id_: UUID) -> Round:
    row = Round.objects.select_for_update().filter(pk=id_, account=actor.account or 0).first()
    if row is None:
        raise NotFound(NOT_YOURS)
    if row.ended_at is not None:
        raise Conflict(gettext_noop("This round is over"))
    return row


@dataclass(frozen=True, slots=True)
class Home:
    """Whom to visit and where."""

    person: UUID
    address: str
    point: Point | None = None
    area: str = ""


@transaction.atomic
def plan_visit(actor: Actor, kind: str, home: Home, due: date, *, at: datetime | None = None) -> State:
    """Plans a visit. Raises Denied for whoever may not report for others in that area, Invalid for an unknown kind."""
    known = queries.setting().visits.get(kind)
    if known is None:
        raise Invalid(errors=[FieldError("kind", gettext_noop("There is no such kind of visit"))])
    if actor.kind != "system" and not scope(actor, "case.report_for").covers(home.area):
        raise Denied(right="case.report_for")
    report = Report(
        type=VISIT,
        title=known.title.zh,
        text=known.purpose,
        address=home.address,
        area=home.area,
        lon=home.point.lon if home.point else None,
        lat=home.point.lat if home.point else None,
        channel="desk",
        person=str(home.person),
        public=False,
        at=at,
    )
    state = cases.open_case(actor, report)
    Visit.objects.create(case=state.id, person=home.person, kind=kind, due=due)
    return state


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
    row.done_at, row.met = (when, True) if found.met else (None, None)
    row.save(update_fields=["done_at", "met"])
    return state


def _move(found: Said, said: str) -> tuple[str, Inputs]:
    if found.met:
        words = found.words.strip() or gettext("Visited, as the form says")
        return "visit", Inputs(result=words + said, files=found.files)
    words = found.words.strip() or gettext("Nobody at home")
    return "absent", Inputs(reason=words + said, files=found.files)


def _keep(actor: Actor, row: Visit, answers: Mapping[str, Any], at: datetime) -> None:
    """The answers as facts of the person visited, with who asked and for which case; that it was done is an entry."""
    kind = queries.setting().visits[row.kind]
    evidence = {"case": str(row.case), "by": actor.ref}
    given = [
        facts.Given(kind.questions[key].fact, value, evidence=evidence)
        for key, value in answers.items()
        if key in kind.questions and kind.questions[key].fact and value not in (None, "")
    ]
    if given:
        facts.keep(Actor.system("visit"), row.person, given, source=SOURCE, at=at)
    told = {"case": str(row.case), "purpose": kind.purpose, "keys": sorted(one.key for one in given)}
    append(actor.ref, row.person, "person.visited", told)
