"""Acts of rounds and visits, passed on to the room that keeps them, where it is installed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.apps import apps

from shanzhi.base.errors import Conflict, FieldError, Invalid, gettext_noop
from shanzhi.base.geo import Point
from shanzhi.cases.state import State
from shanzhi.field.acts import Did, Sent
from shanzhi.field.queries import reach
from shanzhi.orgs.actor import Actor
from shanzhi.patrol.times import Times, told


def _room() -> Any:
    """The actions of the room; raises Conflict where it is not installed."""
    if not apps.is_installed("shanzhi.patrol"):
        raise Conflict(gettext_noop("Rounds and visits are not installed here"))
    return import_module("shanzhi.patrol.actions")


def begin(actor: Actor, sent: Sent, times: Times) -> Did:
    return _room().begin(actor, _round(sent), reach(actor), at=times.done), None


def stand(actor: Actor, sent: Sent, times: Times) -> Did:
    room = _room()
    stood = room.Stood(
        sent.point,
        sent.by,
        sent.code,
        {key: value for key, value in sent.answers.items() if isinstance(value, bool)},
        sent.words,
        Point(sent.spot.lon, sent.spot.lat) if sent.spot else None,
        sent.spot.accuracy if sent.spot else None,
        sent.files,
        sent.report,
        sent.item_files,
    )
    return room.stand(actor, _round(sent), stood, at=times.done, said=told(times)), None


def walk(actor: Actor, sent: Sent, times: Times) -> Did:
    """A part of the way; the telephone's seconds are put right as its clock was off."""
    off = times.off.total_seconds()
    return _room().walk(actor, _round(sent), [(at + off, lon, lat) for at, lon, lat in sent.track]), None


def end(actor: Actor, sent: Sent, times: Times) -> Did:
    return _room().end(actor, _round(sent), sent.words, at=times.done, said=told(times)), None


def visit(actor: Actor, sent: Sent, times: Times) -> Did:
    room = _room()
    if sent.case is None:
        raise Invalid(errors=[FieldError("case", gettext_noop("This is needed"))])
    found = room.Said(sent.met, sent.answers, sent.words, sent.files)
    state: State = room.visited(actor, sent.case, found, at=times.done, said=told(times))
    return state, None


def _round(sent: Sent) -> Any:
    if sent.round is None:
        raise Invalid(errors=[FieldError("round", gettext_noop("This is needed"))])
    return sent.round


Take = Callable[[Actor, Sent, Times], Did]
ACTS: dict[str, Take] = {
    "round_begin": begin,
    "round_point": stand,
    "round_track": walk,
    "round_end": end,
    "visit": visit,
}
