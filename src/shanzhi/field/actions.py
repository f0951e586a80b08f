"""What telephones send from the street: each act once, in one transaction with its receipt and its two times."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from shanzhi.base.clock import now
from shanzhi.base.errors import FieldError, Invalid, gettext_noop
from shanzhi.base.geo import Point, distance_m
from shanzhi.cases import actions as cases
from shanzhi.cases.opening import Report
from shanzhi.cases.queries import state_of
from shanzhi.cases.schemas import brief
from shanzhi.cases.state import State
from shanzhi.field import queries, setting, walking
from shanzhi.field.acts import Did, Sent, Spot
from shanzhi.field.models import Act, Phone
from shanzhi.files.actions import Upload, store
from shanzhi.journal.receipts import Answer, once
from shanzhi.orgs.actor import Actor
from shanzhi.patrol.times import Times, put_right, told

FAR_M = 500.0  # from here on the worker is told that he is not where the case lies
REPORTED = "street-issue"
LANGUAGE = "zh-hans"  # of what is written into cases, whoever reads it later


def take(actor: Actor, sent: Sent, *, key: str, at: datetime | None = None) -> Answer:
    """Does what was done in the street, once for each key; the case as it then stands, and what to tell the worker.

    Raises what the act itself raises: Conflict when the case has moved on, Denied, Invalid, NotFound.
    """
    queries.worker(actor)
    if not key:
        raise Invalid(errors=[FieldError("Idempotency-Key", gettext_noop("This is needed"))])
    times = put_right(sent.said_at, sent.offset_ms, at or now())

    def work() -> Answer:
        with translation.override(LANGUAGE):
            state, away = ACTS[sent.kind](actor, sent, times)
        _record(actor, sent, times, state, away)
        return {
            **brief(state),
            "area": state["area"],
            "away_m": away and round(away),
            "clock_off_s": round(times.off.total_seconds()) if times.wrong else 0,
        }

    return once(actor.ref, key, sent.mark, work)


def _report(actor: Actor, sent: Sent, times: Times) -> Did:
    """A report from the street; the grid is found here, whatever grids the telephone still knows."""
    report = Report(
        type=REPORTED,
        text=sent.words.strip() + told(times),
        category=sent.category,
        lon=sent.spot.lon if sent.spot else None,
        lat=sent.spot.lat if sent.spot else None,
        address=sent.address,
        channel="field",
        account=actor.account,
        files=sent.files,
    )
    if not sent.words.strip():
        raise Invalid(errors=[FieldError("words", gettext_noop("Say what it is about"))])
    return cases.open_case(actor, report), None


def _alarm(actor: Actor, sent: Sent, times: Times) -> Did:
    """Somebody in the street needs help at once: a case that the centre must take up within minutes."""
    words = sent.words.strip() or gettext("A grid worker needs help here at once")
    report = Report(
        type=REPORTED,
        text=words + told(times),
        title=gettext("Emergency call of %(name)s") % {"name": actor.name},
        urgency="critical",
        limits={"respond": setting.alarm().respond},
        lon=sent.spot.lon if sent.spot else None,
        lat=sent.spot.lat if sent.spot else None,
        channel="field",
        account=actor.account,
        public=False,
        files=sent.files,
    )
    return cases.open_case(actor, report), None


def _move(actor: Actor, sent: Sent, times: Times) -> Did:
    case, said = _case(sent), told(times)
    inputs = sent.inputs
    if inputs.result:
        inputs = replace(inputs, result=inputs.result + said)
    elif inputs.reason:
        inputs = replace(inputs, reason=inputs.reason + said)
    away = _away(state_of(case), sent.spot)
    state = cases.move(actor, case, sent.move, inputs=inputs, seen=sent.version, at=times.arrived)
    if said and not (inputs.result or inputs.reason):
        state = cases.note(actor, case, said, at=times.arrived)
    return state, away


def _note(actor: Actor, sent: Sent, times: Times) -> Did:
    case = _case(sent)
    state = cases.note(actor, case, sent.words.strip() + told(times), at=times.arrived)
    if sent.files:
        state = cases.attach(actor, case, sent.files, phase="other", at=times.arrived)
    return state, None


def _check_in(actor: Actor, sent: Sent, times: Times) -> Did:
    """That somebody has arrived: how far from the case's place, and how exactly his telephone knew."""
    case = _case(sent)
    away = _away(state_of(case), sent.spot)
    state = cases.note(actor, case, arrived(sent.spot, away) + told(times), at=times.arrived)
    if sent.files:
        state = cases.attach(actor, case, sent.files, phase="other", at=times.arrived)
    return state, away


def arrived(spot: Spot | None, away: float | None) -> str:
    """A check-in in words that promise no more than the telephone knew."""
    if spot is None:
        return gettext("Checked in without a position")
    exact = (
        gettext("accurate to %(m)s m") % {"m": round(spot.accuracy)}
        if spot.accuracy
        else gettext("chosen by hand")
    )
    if away is None:
        return gettext("Checked in; position %(exact)s; the case has no place to compare with") % {
            "exact": exact
        }
    words = gettext("Checked in about %(away)s m from the place of the case; position %(exact)s")
    said = words % {"away": round(away), "exact": exact}
    return said + (gettext("; more than %(far)s m away") % {"far": round(FAR_M)} if away > FAR_M else "")


ACTS: dict[str, walking.Take] = {
    "report": _report,
    "alarm": _alarm,
    "move": _move,
    "note": _note,
    "check_in": _check_in,
    **walking.ACTS,
}


def _case(sent: Sent) -> UUID:
    if sent.case is None:
        raise Invalid(errors=[FieldError("case", gettext_noop("This is needed"))])
    return sent.case


def _away(state: State, spot: Spot | None) -> float | None:
    if spot is None or state["lon"] is None or state["lat"] is None:
        return None
    return distance_m(Point(spot.lon, spot.lat), Point(state["lon"], state["lat"]))


def _record(actor: Actor, sent: Sent, times: Times, state: State, away: float | None) -> None:
    spot = sent.spot
    Act.objects.create(
        account=actor.account or 0,
        device=sent.device,
        seq=sent.seq,
        kind=sent.kind,
        case=state.id,
        said_at=times.said,
        done_at=times.done,
        arrived_at=times.arrived,
        lon=spot.lon if spot else None,
        lat=spot.lat if spot else None,
        accuracy=spot.accuracy if spot else None,
        away_m=away,
    )


def keep_file(actor: Actor, upload: Upload, *, key: str) -> Answer:
    """Keeps a photo or a recording, once for each key, so that an upload cut off after it arrived is not another."""
    queries.worker(actor)

    def work() -> Answer:
        kept = store(actor, upload)
        return {"id": str(kept.pk), "media_type": kept.media_type, "size": kept.size}

    return once(actor.ref, key, b"file", work)


@transaction.atomic
def heard(actor: Actor, device: str, *, offset_ms: int, waiting: int, at: datetime | None = None) -> None:
    """Notes that a telephone was heard of, what its clock is off and what still waits on it."""
    Phone.objects.update_or_create(
        account=queries.worker(actor).account or 0,
        device=device,
        defaults={"seen_at": at or now(), "offset_ms": offset_ms, "waiting": waiting},
    )


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a move without what was left empty."""
    return {name: value for name, value in values.items() if value not in (None, "")}
