"""What one run sees of the tables: the people of one organisation on shift, its open tasks, the dispatcher's word."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from shanzhi.base.clock import BEIJING
from shanzhi.cases.queries import moved_at, visible_to
from shanzhi.dispatch import standing
from shanzhi.dispatch.inforce import limits
from shanzhi.dispatch.models import Planned, Shift, Whereabouts, Word, Worked
from shanzhi.dispatch.setting import Setting
from shanzhi.dispatch.standing import Hand, Matter
from shanzhi.orgs import posted
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import people_of
from shanzhi.places.queries import areas

COLUMNS = (
    "id", "number", "type", "state", "version", "title", "category", "urgency", "area", "address", "lon", "lat",
    "opened_at", "due_at", "person", "org", "data",
)  # fmt: skip
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that one run needs, as plain values."""

    org: str
    at: datetime
    zero: datetime  # midnight in Beijing: minutes count from here
    hands: list[Hand]
    matters: list[Matter]
    pins: frozenset[tuple[UUID, int]] = frozenset()
    forbids: frozenset[tuple[UUID, int]] = frozenset()
    # by the last runs, not by hand: the one who has it first, unless he was given it by hand, and who goes with him
    given: Mapping[UUID, tuple[int, ...]] = field(default_factory=dict)
    unmanned: frozenset[UUID] = frozenset()  # nobody has a shift at the time that was agreed
    # by the runs, to go with somebody who has it no more: taken from him by hand, or moved on to others
    loose: Mapping[UUID, tuple[int, ...]] = field(default_factory=dict)
    strangers: frozenset[int] = (
        frozenset()
    )  # on a shift of the organisation, for which they do not work (any more)

    def minute(self, at: datetime) -> float:
        return (at - self.zero).total_seconds() / 60

    def moment(self, minute: float) -> datetime:
        return self.zero + timedelta(minutes=minute)


def _given(
    planned: Sequence[Mapping[str, Any]], persons: Mapping[UUID, int | None]
) -> dict[UUID, tuple[int, ...]]:
    """Whom the runs have given each case to; what somebody has changed by hand since is no longer theirs.

    Who goes with somebody who was chosen by hand is theirs, as long as that one has it.
    """
    found: dict[UUID, tuple[int, ...]] = {}
    theirs: set[UUID] = set()  # cases that lie still with the one whom the last run names first
    for row in sorted(planned, key=lambda one: one["place"]):
        case = row["case"]
        if row["place"] == 0 and persons.get(case) == row["account"]:
            theirs.add(case)
        if row["assigned"] and case in theirs:
            found[case] = (*found.get(case, ()), row["account"])
    return found


def _loose(
    planned: Sequence[Mapping[str, Any]], persons: Mapping[UUID, int | None]
) -> dict[UUID, tuple[int, ...]]:
    """Whom the runs sent along with somebody who has the case no more. Who is at the work, or has done it, has it."""
    beside = [row for row in planned if row["assigned"] and row["place"] > 0]
    gone = {row["case"] for row in beside} - persons.keys()
    elsewhere = visible_to(Actor.system()).filter(pk__in=gone, open=True).values_list("pk", "person")
    holders = {**persons, **(dict(elsewhere) if gone else {})}
    first = {row["case"]: row["account"] for row in planned if row["place"] == 0}
    found: dict[UUID, tuple[int, ...]] = {}
    for row in beside:
        case = row["case"]
        if case in holders and holders[case] != first.get(case):
            found[case] = (*found.get(case, ()), row["account"])
    return found


def midnight(at: datetime) -> datetime:
    """The beginning of the day in Beijing."""
    return at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)


def seen(org: str, at: datetime, found: Setting) -> Seen:
    """The board of one organisation at a moment; a handful of statements, whatever its size."""
    zero = midnight(at)
    cases = open_cases(Q(org=org), found)
    begun = moved_at([row["id"] for row in cases if row["state"] in found.by_type[row["type"]].working])
    planned = list(Planned.objects.filter(org=org, account__isnull=False).values())
    matters = [standing.matter(row, found, point_of(row), begun.get(row["id"]), zero) for row in cases]
    persons = {one.id: one.person for one in matters}
    with_ = _given(planned, persons)
    shifts, people = on_shift(at, found, org=org), people_of(org)
    hands = hands_of([one for one in shifts if one.account in people], matters, with_, at, found)
    words = Word.objects.filter(org=org, lifted_at=None, until__gt=at).values_list("kind", "case", "account")
    said: dict[str, set[tuple[UUID, int]]] = {"pin": set(), "forbid": set()}
    for kind, case, account in words:
        said[kind].add((case, account))
    pins, forbids = frozenset(said["pin"]), frozenset(said["forbid"])
    empty, strangers = unmanned(org, matters, at, people), frozenset(s.account for s in shifts) - set(people)
    return Seen(
        org, at, zero, hands, matters, pins, forbids, with_, empty, _loose(planned, persons), strangers
    )


def unmanned(org: str, matters: Sequence[Matter], at: datetime, people: Collection[int]) -> frozenset[UUID]:
    """What was agreed for a time to come at which nobody of the organisation has a shift so far."""
    agreed = {one.id: one.window for one in matters if one.waiting and one.window and one.window.start > at}
    if not agreed:
        return frozenset()
    last = max(one.end for one in agreed.values())
    rows = Shift.objects.filter(org=org, account__in=list(people), end__gt=at, start__lt=last)
    shifts = list(rows.values_list("start", "end"))
    return frozenset(
        case
        for case, one in agreed.items()
        if not any(start < one.end and end > one.start for start, end in shifts)
    )


def open_cases(wanted: Q, found: Setting) -> list[dict[str, Any]]:
    """The open cases that are dispatched, waiting or under way; not those at rest."""
    states = Q()
    for kind in found.kinds:
        states |= Q(type=kind.type, state__in=[*kind.waiting, *kind.working])
    cases = visible_to(Actor.system()).filter(wanted & states, open=True)
    cases = cases.filter(suspended_until=None, merged_into=None)
    return list(cases.order_by("opened_at", "id").values(*COLUMNS))


def point_of(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """Where a case is: its point, else the middle of the finest area that is known."""
    if row["lat"] is not None and row["lon"] is not None:
        return row["lon"], row["lat"]
    return middle(row["area"])


def middle(area: str) -> tuple[float, float] | None:
    place = areas().get(area) if area else None
    return (place.lon, place.lat) if place and place.lon is not None and place.lat is not None else None


def on_shift(at: datetime, found: Setting, *, org: str = "", account: int | None = None) -> list[Shift]:
    """The shifts that run now or begin within the horizon, by account; not of those who are on leave today."""
    soon = at + timedelta(minutes=found.weights.horizon)
    shifts = Shift.objects.filter(end__gt=at, start__lte=soon)
    shifts = shifts.filter(org=org) if org else shifts
    shifts = shifts if account is None else shifts.filter(account=account)
    first: dict[int, Shift] = {}
    for shift in shifts.order_by("account", "start"):
        first.setdefault(shift.account, shift)
    away = posted.away(first, at.astimezone(BEIJING).date()) if first else set()
    return [one for one in first.values() if one.account not in away]


def hands_of(
    shifts: Sequence[Shift],
    matters: Sequence[Matter],
    given: Mapping[UUID, Sequence[int]],
    at: datetime,
    found: Setting,
) -> list[Hand]:
    """Those on shift as they stand: where they are, what they are at, what lies with them."""
    accounts = [shift.account for shift in shifts]
    spots = Whereabouts.objects.in_bulk(accounts)
    worked = worked_minutes(accounts, at)
    mine: dict[int, list[Matter]] = {}
    for one in matters:
        for account in {one.person, *given.get(one.id, ())} - {None}:
            mine.setdefault(account or 0, []).append(one)
    return [
        standing.hand(
            shift, spots.get(shift.account), mine.get(shift.account, []), worked.get(shift.account, 0.0),
            middle(shift.area), at, midnight(at), limits(found),
        )
        for shift in shifts
    ]  # fmt: skip


def worked_minutes(accounts: Sequence[int], at: datetime) -> dict[int, float]:
    """Minutes of expected work that each has done in the last seven days: what fairness looks at."""
    first = (at - WEEK).astimezone(BEIJING).date()
    found: dict[int, float] = {}
    for account, minutes in Worked.objects.filter(account__in=accounts, day__gt=first).values_list(
        "account", "minutes"
    ):
        found[account] = found.get(account, 0.0) + minutes
    return found
