"""What is done on rounds: a round is a case that is begun, noted in, and ended as its type declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.geo import Point, distance_m
from shanzhi.base.ids import format_number
from shanzhi.cases import actions as cases
from shanzhi.cases.opening import Report
from shanzhi.cases.queries import state_of
from shanzhi.cases.state import State
from shanzhi.cases.workflow import Inputs
from shanzhi.files.actions import copied
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.patrol import codes, queries
from shanzhi.patrol.due import missed, standings
from shanzhi.patrol.models import Pass, Round, Track
from shanzhi.patrol.setting import Item, Stop

ROUND, FOUND = "patrol", "street-issue"
By = Literal["qr", "code", "hand"]
NO_POINT = gettext_noop("There is no such point")
WRONG_CODE = gettext_noop("This is not the code of this point")
NOT_YOURS = gettext_noop("This round is not yours, or is not known")


@dataclass(frozen=True, slots=True)
class Stood:
    """How somebody showed that he stood at a point, what he found there, and where his telephone was.

    With `reports` each thing that is not in order becomes a case of its own, with its photos (`item_files`, by the
    line of the checklist); `files` show the whole point.
    """

    point: str
    by: By
    code: str = ""
    answers: Mapping[str, bool] | None = None
    words: str = ""
    spot: Point | None = None
    accuracy: float | None = None
    files: tuple[UUID, ...] = ()
    reports: bool = False
    item_files: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)


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
    before = Pass.objects.filter(round=row, point=stood.point).values_list("answers", flat=True).first() or {}
    Pass.objects.update_or_create(
        round=row,
        point=stood.point,
        defaults={
            "at": when, "by": stood.by, "away_m": away, "accuracy": stood.accuracy, "answers": answers,
            "words": stood.words,
        },
    )  # fmt: skip
    wrong = {key: items[key] for key, fine in answers.items() if not fine}
    new = {key: item for key, item in wrong.items() if before.get(key) is not False} if stood.reports else {}
    numbers = _reported(actor, row, stop, stood, new, said)
    told = _told(stop.name, stood, away, [item.title.zh for item in wrong.values()])
    if numbers:
        told += gettext("; reported as %(numbers)s") % {"numbers": "、".join(numbers)}
    state = cases.note(actor, row.case, told + said, at=now())
    left = (files for key, files in stood.item_files.items() if key not in new)
    rest = (*(() if numbers else stood.files), *chain.from_iterable(left))
    return cases.attach(actor, row.case, rest, phase="other") if rest else state


def _reported(
    actor: Actor, row: Round, stop: Stop, stood: Stood, wrong: Mapping[str, Item], said: str
) -> list[str]:
    """A case for each thing that was not in order, in the place of its point; their numbers. Each shows its own photos,
    and those of the whole point."""
    numbers = list[str]()
    round_ = format_number(state_of(row.case)["number"]) if wrong else ""
    for key, item in wrong.items():
        whole = copied(actor, stood.files) if numbers else stood.files
        words = gettext("Found on the round %(round)s at %(name)s, not in order: %(item)s") % {
            "round": round_, "name": stop.name, "item": item.title.zh,
        }  # fmt: skip
        report = Report(
            type=FOUND,
            text=words + (f"；{stood.words.strip()}" if stood.words.strip() else "") + said,
            title=gettext("Not in order: %(item)s") % {"item": item.title.zh},
            category=item.category,
            lon=stop.lon,
            lat=stop.lat,
            address=stop.name,
            channel="field",
            account=actor.account,
            files=(*stood.item_files.get(key, ()), *whole),
        )
        numbers.append(format_number(cases.open_case(actor, report)["number"]))
    return numbers


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
