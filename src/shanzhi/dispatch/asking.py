"""Who is asked to stand by where, on the tables: once a run, after the cases are given, where the pack wants it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import gettext_noop
from shanzhi.cases.queries import visible_to
from shanzhi.dispatch.board import Worker
from shanzhi.dispatch.explain import Phrase
from shanzhi.dispatch.inforce import roads
from shanzhi.dispatch.models import StandRow
from shanzhi.dispatch.planning import minutes
from shanzhi.dispatch.reading import Seen, midnight
from shanzhi.dispatch.saying import plain
from shanzhi.dispatch.setting import Setting, StandBy
from shanzhi.dispatch.standby import Ground, Stand, stands
from shanzhi.dispatch.standing import Hand
from shanzhi.orgs.actor import Actor

COLUMNS = ("lon", "lat", "category", "opened_at", "address", "area")
CELL = 0.003  # degrees, about 300 m: tasks nearer together than this are one place
MOST_PLACES = 1_500  # the busiest: the rest would make a run slow and moves nobody
WHY = gettext_noop(
    "nobody else would be there within %(minutes)s minutes; %(count)s urgent tasks arose there in %(days)s days"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where urgent tasks arose: what was needed there and how often; address and area of the last one."""

    lon: float
    lat: float
    address: str
    area: str
    needs: Mapping[frozenset[str], int]


def history(org: str, at: datetime, found: Setting, wanted: StandBy) -> list[Place]:
    """Where pressing tasks of the team arose on the days before, at those hours of the day for which one would stay."""
    zero, start = midnight(at), at.astimezone(BEIJING)
    pressing = [one.urgency for one in found.urgencies[:-1]]
    cases = visible_to(Actor.system()).filter(
        Q(type__in=[kind.type for kind in found.kinds], org=org, urgency__in=pressing, lon__isnull=False),
        opened_at__gte=zero - timedelta(days=wanted.days), opened_at__lt=zero, lat__isnull=False,
    )  # fmt: skip
    cells: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    rows: Iterable[Mapping[str, Any]] = cases.order_by("opened_at", "id").values(*COLUMNS)
    for row in rows:
        local = row["opened_at"].astimezone(BEIJING)
        after = (local.hour - start.hour) * 60 + local.minute - start.minute
        if after % 1440 < wanted.hours * 60:
            cells.setdefault((round(row["lon"] / CELL), round(row["lat"] / CELL)), []).append(row)
    most = sorted(cells.values(), key=len, reverse=True)[:MOST_PLACES]
    return [_place(rows, found) for rows in most]


def _place(rows: Sequence[Mapping[str, Any]], found: Setting) -> Place:
    needs: dict[frozenset[str], int] = {}
    for row in rows:
        need = found.needed(row["category"])
        needs[need] = needs.get(need, 0) + 1
    last = rows[-1]
    return Place(last["lon"], last["lat"], last["address"], last["area"], needs)


def asked(
    hands: Sequence[Hand],
    going: Collection[int],
    places: Sequence[Place],
    held: Mapping[int, tuple[float, float]],
    found: Setting,
    wanted: StandBy,
    now: float,
) -> list[tuple[Hand, Place, Stand]]:
    """Who walks where; `going`: accounts that are about to go somewhere, `held`: where others stand by already."""
    here = [(one, one.worker) for one in hands if one.worker is not None]
    if not here or not places:
        return []
    ground = _ground(here, going, places, held, found, wanted, now)
    free = [one.account not in held and worker.open == 0 for one, worker in here]
    movable = np.array(free) & (ground.wait <= 0)
    worth = found.weighed.urgencies[0].breach * wanted.hours
    walks = stands(ground, movable, limit=wanted.within, worth=worth)
    return [(here[one.worker][0], places[one.place], one) for one in walks]


def _ground(
    here: Sequence[tuple[Hand, Worker]],
    going: Collection[int],
    places: Sequence[Place],
    held: Mapping[int, tuple[float, float]],
    found: Setting,
    wanted: StandBy,
    now: float,
) -> Ground:
    """Not reckoned with: who is about to go somewhere, has not begun what lies with him, or goes home before."""
    ways, hands = roads(found), [one for one, _ in here]
    goals = np.array([(one.lon, one.lat) for one in places])
    at = np.array([held.get(one.account, (worker.lon, worker.lat)) for one, worker in here])
    needs = sorted({need for one in places for need in one.needs}, key=sorted)
    modes = sorted({one.mode for one in hands})
    wait = [
        max(worker.free, worker.start) - now
        if one.account not in going
        and worker.end >= now + wanted.within
        and (one.at_task is not None or worker.open == 0)
        else np.inf
        for one, worker in here
    ]
    by_mode = {one.mode: one for one in hands}
    return Ground(
        np.array(wait),
        minutes(hands, at, goals, ways, now),
        np.array([[need <= worker.skills for need in needs] for _, worker in here]),
        np.array([[one.needs.get(need, 0) for need in needs] for one in places])
        / (wanted.days * wanted.hours),
        [minutes([by_mode[mode]] * len(places), goals, goals, ways, now) for mode in modes],
        np.array([modes.index(one.mode) for one in hands], np.intp),
    )


@transaction.atomic
def ask(seen: Seen, going: Collection[int], found: Setting) -> int:
    """Keeps who stands by where, and asks others where it pays; how many were asked now."""
    wanted = found.standby
    if wanted is None:
        StandRow.objects.filter(org=seen.org).delete()
        return 0
    rows = {row.account: row for row in StandRow.objects.filter(org=seen.org)}
    idle = {one.account for one in seen.hands if one.worker is not None and one.worker.open == 0} - set(going)
    StandRow.objects.filter(pk__in=rows.keys() - idle).delete()
    held = {account: (row.lon, row.lat) for account, row in rows.items() if account in idle}
    places = history(seen.org, seen.at, found, wanted)
    made = asked(seen.hands, going, places, held, found, wanted, seen.minute(seen.at))
    StandRow.objects.bulk_create([_row(seen, wanted, *one) for one in made], ignore_conflicts=True)
    return len(made)


def _row(seen: Seen, wanted: StandBy, hand: Hand, place: Place, one: Stand) -> StandRow:
    count = max(1, round(one.gain * wanted.days * wanted.hours))
    facts = {"minutes": round(wanted.within), "days": wanted.days, "count": count}
    return StandRow(
        account=hand.account, org=seen.org, lon=place.lon, lat=place.lat, address=place.address, area=place.area,
        walk=one.walk, since=seen.at, until=hand.end, why=plain([Phrase(WHY, facts)]),
    )  # fmt: skip
