"""Reading subscriptions: one's own, the one whose link one has, and those that a case concerns."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from shanzhi.base.errors import NotFound
from shanzhi.base.geo import Point
from shanzhi.base.identity import mask_phone
from shanzhi.cases.state import State
from shanzhi.orgs.actor import Actor
from shanzhi.places import queries as places
from shanzhi.rules.queries import categories
from shanzhi.subscriptions import links, sealing
from shanzhi.subscriptions.models import RUNNING, Happening, Subscription
from shanzhi.subscriptions.place import RADII, Place, wanted

DEGREES = 2 * max(RADII) / 111_000  # generous: what lies further is measured away


def concerned(state: State) -> list[Subscription]:
    """The running subscriptions whose place and categories hold a case; one statement by two indices."""
    point = Point(state["lon"], state["lat"]) if state["lon"] is not None else None
    area = str(state["area"])
    around = Q(area__in=[area[:n] for n in range(2, len(area) + 1)])
    if point is not None:
        east = 2 * DEGREES
        around |= Q(
            lat__range=(point.lat - DEGREES, point.lat + DEGREES),
            lon__range=(point.lon - east, point.lon + east),
        )
    return [
        one
        for one in Subscription.objects.filter(RUNNING & around)
        if place_of(one).holds(area, point) and wanted(one.categories, state["category"])
    ]


def place_of(one: Subscription) -> Place:
    point = Point(one.lon, one.lat) if one.lon is not None and one.lat is not None else None
    return Place(one.area, point, one.radius_m)


def named(one: Subscription, language: str) -> str:
    """The place in words: 玉林街道 · 玉林东路社区, or so many metres around a point in it."""
    way = places.areas().path(one.within)
    names = [place.name_en or place.name if language.startswith("en") else place.name for place in way]
    name = " · ".join(names[1:] or names)
    return (
        _("%(area)s, %(metres)s m around") % {"area": name, "metres": one.radius_m} if one.radius_m else name
    )


def chosen(one: Subscription, language: str) -> list[str]:
    """The categories in words."""
    known = categories()
    return [known[code].name(language) if code in known else code for code in one.categories]


def own(actor: Actor) -> list[Subscription]:
    """What an account follows, the newest first."""
    if actor.account is None:
        return []
    mine = Subscription.objects.filter(account=actor.account, ended_at=None)
    return list(mine.order_by("-created_at"))


def by_link(id_: UUID, secret: str) -> Subscription:
    """The one whose link it is; raises NotFound for a wrong secret, and for one that is long gone."""
    links.check(id_, secret)
    return get(id_)


def get(id_: UUID) -> Subscription:
    found = Subscription.objects.filter(pk=id_).first()
    if found is None:
        raise NotFound()
    return found


def shown_address(one: Subscription) -> str:
    """Where it goes, masked: 138****5678, w***@county.example."""
    address = sealing.opened(one)
    if one.channel == "sms":
        return mask_phone(address)
    name, _at, host = address.partition("@")
    return f"{name[:1]}***@{host}" if host else ""


def untold(ids: Iterable[UUID]) -> dict[UUID, list[Happening]]:
    """What subscribers have not been told yet, the oldest first."""
    found: dict[UUID, list[Happening]] = {id_: [] for id_ in ids}
    for one in Happening.objects.filter(subscription__in=list(found), sent_at=None).order_by("at", "pk"):
        found[one.subscription_id].append(one)
    return found


def asked_since(hash_: bytes | None, account: int | None, since: datetime) -> dict[str, Any]:
    """How often an address was asked since then, and how many places it (or an account) follows now."""
    whose = Q(address_hash=hash_) if hash_ is not None else Q(account=account)
    known = Subscription.objects.filter(whose)
    return {"asked": known.filter(created_at__gte=since).count(), "running": known.filter(RUNNING).count()}


def unconfirmed_since(since: datetime) -> int:
    """How many addresses were asked since then and have not answered."""
    return Subscription.objects.filter(confirmed_at=None, created_at__gte=since).count()
