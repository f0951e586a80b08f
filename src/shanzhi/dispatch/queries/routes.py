"""What lies with somebody, in the order in which to go to it, with the times and the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db.models import Q

from shanzhi.cases.queries import moved_at
from shanzhi.dispatch import order, reading, standing
from shanzhi.dispatch.agreed import Window
from shanzhi.dispatch.inforce import roads, setting
from shanzhi.dispatch.models import Planned
from shanzhi.dispatch.saying import said
from shanzhi.dispatch.setting import Setting
from shanzhi.dispatch.standing import Hand, Matter
from shanzhi.orgs.actor import Actor


@dataclass(frozen=True, slots=True)
class Stop:
    """A task on a route: when he is expected there, how many minutes the way takes, why it is his."""

    case: UUID
    number: int
    title: str
    category: str
    urgency: str
    state: str
    lon: float | None
    lat: float | None
    address: str
    area: str
    due: datetime | None
    begun: bool
    travel: float | None
    arrival: datetime | None
    minutes: float
    late: bool
    why: str
    window: Window | None = None  # the time agreed with the resident
    missed: bool = False  # it is over, or he cannot be there in time


@dataclass(frozen=True, slots=True)
class Route:
    """Somebody's tasks in order; `source` says from where his place is known (`task`, `fresh`, `old`, `area`,
    `nowhere`), `shift_end` is None off shift: then the order is by the clocks."""

    stops: tuple[Stop, ...]
    source: str
    seen_at: datetime | None
    shift_end: datetime | None


def route(actor: Actor, now: datetime) -> Route:
    """What lies with the actor, in the order in which to go to it; nothing where nothing is dispatched."""
    found = setting()
    if found is None or actor.account is None:
        return Route((), "nowhere", None, None)
    beside = Planned.objects.filter(account=actor.account, assigned=True, place__gt=0).values("case")
    cases = reading.open_cases(Q(person=actor.account) | Q(pk__in=beside), found)
    return laid_out(actor.account, _matters(cases, found, now), found, now)


def _matters(cases: Sequence[dict[str, object]], found: Setting, at: datetime) -> list[Matter]:
    ids = [UUID(str(row["id"])) for row in cases]
    begun = moved_at(ids)
    zero = reading.midnight(at)
    return [
        standing.matter(row, found, reading.point_of(row), begun.get(id_), zero)
        for id_, row in zip(ids, cases, strict=True)
    ]


def laid_out(account: int, mine: Sequence[Matter], found: Setting, at: datetime) -> Route:
    """The route of one person over what lies with him."""
    [*shifts] = reading.on_shift(at, found, account=account)
    hand = reading.hands_of(shifts, mine, {}, at, found)[0] if shifts else None
    words = said_of([one.id for one in mine])
    if hand is None or hand.worker is None:
        by_clock = sorted(mine, key=lambda one: (one.row["due_at"] is None, one.row["due_at"] or at))
        end = hand.end if hand else None
        return Route(tuple(_stop(one, None, None, words) for one in by_clock), "nowhere", None, end)
    return Route(tuple(_ordered(hand, mine, found, at, words)), hand.source, hand.seen_at, hand.end)


def said_of(cases: Sequence[UUID]) -> dict[UUID, str]:
    """What the last run says of some cases."""
    rows = Planned.objects.filter(case__in=list(cases), place=0).values_list("case", "why")
    return {case: said(why) for case, why in rows}


def _ordered(
    hand: Hand, mine: Sequence[Matter], found: Setting, at: datetime, words: dict[UUID, str]
) -> list[Stop]:
    """The task he is at, then the others as they are best gone to, then those that are nowhere."""
    zero = reading.midnight(at)
    first = [one for one in mine if one.id == hand.at_task]
    lost = [one for one in mine if one.id != hand.at_task and one.task is None]
    there = [
        _stop(one, leg.travel, zero + timedelta(minutes=leg.arrival), words)
        for one, leg in legs(hand, mine, found, at)
    ]
    return [
        *(_stop(one, 0.0, one.begun, words) for one in first),
        *there,
        *(_stop(one, None, None, words) for one in lost),
    ]


def legs(hand: Hand, mine: Sequence[Matter], found: Setting, at: datetime) -> list[tuple[Matter, order.Leg]]:
    """The tasks that somebody has still to go to and whose place is known, in the order in which to go to them."""
    others = [(one, one.task) for one in mine if one.id != hand.at_task and one.task is not None]
    if hand.worker is None or not others:
        return []
    places = np.array([(hand.worker.lon, hand.worker.lat), *((t.lon, t.lat) for _one, t in others)])
    times = roads(found)
    minute = (at - reading.midnight(at)).total_seconds() / 60
    ways = (times.get(hand.mode) or next(iter(times.values()))).between(places, places, minute) / 60
    urgencies = {one.name: one for one in found.weighed.urgencies}
    mildest = found.weighed.urgencies[-1]
    stops = [
        order.Stop(n, t.minutes, t.opened, t.due, urgencies.get(t.urgency, mildest), t.earliest, t.latest)
        for n, (_one, t) in enumerate(others, 1)
    ]
    return [(others[leg.stop][0], leg) for leg in order.route(stops, ways.tolist(), 0, hand.worker.free)]


def _missed(one: Matter, arrival: datetime | None) -> bool:
    return bool(one.waiting and one.window and arrival and arrival > one.window.end)


def _stop(one: Matter, travel: float | None, arrival: datetime | None, words: dict[UUID, str]) -> Stop:
    row, due = one.row, one.row["due_at"]
    return Stop(
        one.id, row["number"], row["title"], row["category"], row["urgency"], row["state"],
        one.task.lon if one.task else None, one.task.lat if one.task else None, row["address"], row["area"],
        due, not one.waiting, travel, arrival, one.task.minutes if one.task else 0.0,
        bool(due and arrival and arrival > due), words.get(one.id, ""), one.window, _missed(one, arrival),
    )  # fmt: skip
