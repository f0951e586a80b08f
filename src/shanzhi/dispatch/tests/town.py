"""People on shift and cases to be dispatched, for tests with the fixture `district`."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import translation

from shanzhi.base.clock import now
from shanzhi.base.geo import Point
from shanzhi.base.ids import new_id
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import YULIN, actor, brought_to
from shanzhi.dispatch.actions import seen
from shanzhi.dispatch.asking import WHY
from shanzhi.dispatch.explain import Phrase
from shanzhi.dispatch.models import Planned, Shift, StandRow, Whereabouts
from shanzhi.dispatch.saying import plain, said

ORG = "urban-management"
EAST = 1 / 95.7  # degrees of longitude in a kilometre


def on_shift(username: str, east: float | None = 0.5, at: datetime | None = None, **more: Any) -> int:
    """Somebody on shift for eight hours, seen so many kilometres east of 玉林; his account."""
    who, when = actor(username), at or now()
    account = who.account or 0
    facts: dict[str, Any] = {
        "org": ORG, "area": "510107005", "start": when - timedelta(hours=1), "end": when + timedelta(hours=7),
        "mode": "ebike", "skills": [], "capacity": 3,
    }  # fmt: skip
    Shift.objects.create(id=new_id(), account=account, **(facts | more))
    if east is not None:
        assert seen(who, Point(YULIN[0] + east * EAST, YULIN[1]), 20, when) == "kept"
    return account


def waiting(**given: Any) -> State:
    """A case that waits for somebody of the law enforcement bureau."""
    return brought_to("dispatched", **given)


def plan_of(case: UUID) -> Planned:
    return Planned.objects.get(case=case, place=0)


def moved_back(account: int, span: timedelta) -> None:
    """As if somebody had been seen last so long ago."""
    spot = Whereabouts.objects.get(pk=account)
    Whereabouts.objects.filter(pk=account).update(at=spot.at - span)


def moved(account: int, east: float) -> None:
    """As if somebody were so many kilometres east of 玉林 now."""
    Whereabouts.objects.filter(pk=account).update(lon=YULIN[0] + east * EAST)


def words_of(case: UUID) -> str:
    with translation.override("en"):
        return said(plan_of(case).why)


def asked_to_wait(account: int, place: str = "武侯祠大街") -> None:
    """Somebody was asked to stand by, because twelve urgent tasks arose there."""
    why = plain([Phrase(WHY, {"minutes": 20, "count": 12, "days": 28})])
    StandRow.objects.create(
        account=account, org=ORG, lon=YULIN[0], lat=YULIN[1], address=place, walk=12.0, since=now(),
        until=now() + timedelta(hours=7), why=why,
    )  # fmt: skip
