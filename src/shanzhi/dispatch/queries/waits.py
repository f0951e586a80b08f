"""Where somebody idle is asked to stand by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shanzhi.dispatch.models import Shift, StandRow
from shanzhi.dispatch.saying import said
from shanzhi.orgs.actor import Actor
from shanzhi.places.queries import areas


@dataclass(frozen=True, slots=True)
class Wait:
    """A place to wait at: in words, as a point, since when it is asked, the walk in minutes, and the reason."""

    place: str
    lon: float
    lat: float
    since: datetime
    walk: float
    why: str


def waits(accounts: Collection[int]) -> dict[int, Wait]:
    """Who of these is asked to wait where."""
    return {row.account: _wait(row) for row in StandRow.objects.filter(pk__in=accounts)}


def own_wait(actor: Actor, at: datetime) -> Wait | None:
    """Where the actor is asked to wait, while his shift lasts."""
    account = actor.account or 0
    if not Shift.objects.filter(account=account, start__lte=at, end__gt=at).exists():
        return None
    return waits([account]).get(account)


def _wait(row: StandRow) -> Wait:
    area = areas().get(row.area)
    place = row.address or (area.name if area else "")
    return Wait(place, row.lon, row.lat, row.since, row.walk, said(row.why))
