"""Reading drafts of redrawings, and what they would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import shapely
from django.db.models import Q

from shanzhi.base.errors import Denied, Invalid, NotFound
from shanzhi.base.geo import Point
from shanzhi.cases import queries as cases
from shanzhi.grids.models import Draft, Handover, SettingRow
from shanzhi.grids.setting import Setting
from shanzhi.grids.steps import Difference, Plan, difference, done, mark
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.packs.queries import version
from shanzhi.places import queries as places
from shanzhi.places import redrawing
from shanzhi.places.redrawing import Fault

EDIT = "grid.edit"
OPEN, SET, IN_FORCE = Draft.State.OPEN, Draft.State.SET, Draft.State.IN_FORCE
RUNNING = (OPEN, SET)


def setting() -> Setting:
    return _setting(version("grids"))


@lru_cache(maxsize=2)
def _setting(_: int) -> Setting:
    row = SettingRow.objects.filter(name="grids").first()
    return Setting.model_validate(row.body) if row else Setting()


def may_edit(actor: Actor, area: str) -> bool:
    return scope(actor, EDIT).covers(area)


def require_edit(actor: Actor, area: str) -> None:
    """Raises Denied unless the actor redraws grids there."""
    if not may_edit(actor, area):
        raise Denied(right=EDIT)


def plan_of(community: str) -> Plan:
    """The grids of a community as they are in force."""
    shapes = places.grid_shapes(community)
    names = {code: place.name for code in shapes if (place := places.areas().get(code))}
    used = frozenset(places.grids_used(community) | set(shapes))
    return Plan(community, shapes, names, used)


@dataclass(frozen=True)
class Work:
    """A draft as it stands: the grids in force, those of the draft, what is wrong, and what differs."""

    draft: Draft
    before: Plan
    after: Plan
    faults: list[Fault]
    changes: Difference
    stale: bool
    around: dict[str, Any]
    wrong: Invalid | None = None  # why the steps can no longer be done


def drafts(actor: Actor, limit: int = 50) -> list[Draft]:
    """The drafts of the communities that the actor redraws: those that run first, then the newest."""
    reach = scope(actor, EDIT)
    condition, params = reach.where(area="community", org="FALSE AND %s IS NULL")
    found = Draft.objects.extra(where=[condition], params=params)
    return sorted(found.order_by("-pk")[:limit], key=lambda one: one.state not in RUNNING)


def draft(actor: Actor, id_: int) -> Draft:
    """One of them; raises NotFound."""
    found = Draft.objects.filter(pk=id_).first()
    if found is None or not may_edit(actor, found.community):
        raise NotFound()
    return found


def plan(found: Draft) -> Plan:
    """The grids as a draft has them, without the check of the whole; those in force when its steps cannot be done."""
    before = plan_of(found.community)
    try:
        return done(before, found.steps)
    except Invalid:
        return before


def work(found: Draft) -> Work:
    """What a draft is about, made from its steps."""
    before = plan_of(found.community)
    wrong = None
    try:
        after = done(before, found.steps)
    except Invalid as error:
        after, wrong = before, error
    stale = mark(before.shapes, before.names) != found.base
    everything = places.grid_shapes(found.community[:6])
    around = redrawing.near(
        {**before.shapes, **after.shapes}, {c: s for c, s in everything.items() if c not in before.shapes}
    )
    shapes, _ = redrawing.fitted(after.shapes, around)
    ground = shapely.union_all([*before.shapes.values()]) if before.shapes else None
    told = redrawing.faults(shapes, ground, redrawing.fitted(around, shapes)[0])
    return Work(
        found, before, after, told, difference(before, after), stale and found.state in RUNNING, around, wrong
    )


@dataclass(frozen=True)
class Moved:
    """An open case whose place lies in another grid than the one in which it was reported."""

    case: dict[str, Any]
    now: str


def moved_cases(actor: Actor, codes: list[str], limit: int = 200) -> list[Moved]:
    """The open cases reported in some grids, that lie in others now: their owners stay as they are."""
    rows = cases.listed(actor, filters=Q(area__in=codes, open=True, lat__isnull=False), limit=limit)
    found = [Moved(row, places.grid_of(Point(row["lon"], row["lat"])) or "") for row in rows]
    return [one for one in found if one.now != one.case["area"]]


def handovers(leaves: Iterable[int]) -> dict[int, Handover]:
    """Where the open cases of some people went when their leave began, by leave."""
    return Handover.objects.in_bulk(list(leaves))


def due(day: date) -> list[int]:
    """The drafts whose day has come."""
    found = Draft.objects.filter(state=Draft.State.SET, on__lte=day, problem="")
    return list(found.order_by("on", "pk").values_list("pk", flat=True))
