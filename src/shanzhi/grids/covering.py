"""The card of a grid, and what is not covered (覆盖情况): ground, people, sizes, patrols."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length

from shanzhi.base.clock import now
from shanzhi.base.codes import span
from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.grids import known, queries
from shanzhi.grids.setting import too_large
from shanzhi.orgs import posted
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.posting import Duty, Post, covered, spans
from shanzhi.orgs.queries import scope
from shanzhi.places import history, walked
from shanzhi.places import queries as places
from shanzhi.places.tree import Place


def may_look(actor: Actor, area: str) -> bool:
    """Whether somebody sees what is in an area: who works in it, leads it, or redraws its grids."""
    return any(scope(actor, right).covers(area) for right in ("case.view", queries.EDIT, "figures.view"))


@dataclass(frozen=True)
class Card:
    """A grid as one page shows it; what nobody has counted is not there."""

    place: Place
    hectares: float | None
    numbers: dict[str, known.Number]
    facilities: list[dict[str, Any]]
    open_cases: int
    duties: tuple[Duty, ...]
    walked: datetime | None
    walks_known: bool
    shapes: list[dict[str, Any]]
    heirs: list[str]


def card(actor: Actor, code: str) -> Card:
    """Raises NotFound for what is no grid, or one that the actor does not see."""
    place = places.areas().get(code)
    if place is None or place.level != "grid" or not may_look(actor, code):
        raise NotFound()
    last = walked.last([code])
    low, high = span(code)
    return Card(
        place,
        places.grid_hectares().get(code),
        known.numbers(code).get(code, {}),
        places.facilities(code),
        cases.visible_to(actor).filter(area__gte=low, area__lt=high, open=True).count(),
        posted.responsible_in(code, history.today()) if place.open else (),
        (last or {}).get(code),
        last is not None,
        history.of_grid(code),
        history.heirs(code),
    )


@dataclass
class Report:
    """What is not covered within an area, on a day: each list may be empty, and `walks_known` may be false."""

    grids: int
    unplaced: list[dict[str, Any]] = field(default_factory=list)
    unmanned: list[str] = field(default_factory=list)
    too_large: list[tuple[str, list[str]]] = field(default_factory=list)
    uncounted: int = 0
    not_walked: list[tuple[str, datetime | None]] = field(default_factory=list)
    walks_known: bool = False


def report(actor: Actor, area: str, day: date) -> Report:
    """The coverage of an area; raises NotFound where the actor sees nothing."""
    if not may_look(actor, area):
        raise NotFound()
    codes = sorted(code for code in places.grid_hectares() if code.startswith(area))
    found = Report(len(codes), unplaced=_unplaced(actor, area))
    posts, leaves = posted.posts_in(area, day, day)
    manned = covered(posts, leaves, day)
    found.unmanned = [code for code in codes if not {code, code[:12]} & manned]
    _sizes(found, area, codes)
    _walks(found, codes)
    return found


@dataclass(frozen=True)
class Gap:
    """A grid in which nobody worked on some days: which stretches of days, and how many days in all."""

    code: str
    spans: tuple[tuple[date, date], ...]
    days: int


def gaps(actor: Actor, area: str, first: date, last: date) -> list[Gap]:
    """The grids within an area that had no worker on some day of a time, those with the most such days first.

    Today's grids, by the postings and the leave of each day. Raises NotFound where the actor sees nothing.
    """
    if not may_look(actor, area):
        raise NotFound()
    posts, leaves = posted.posts_in(area, first, last)
    near: dict[str, list[Post]] = {}
    for post in posts:
        near.setdefault(post.area, []).append(post)
    found = []
    for code in sorted(code for code in places.grid_hectares() if code.startswith(area)):
        theirs = [post for part in (6, 9, 12, 15) for post in near.get(code[:part], ())]
        empty = [(one.first, one.last) for one in spans(theirs, leaves, code, first, last) if not one.duties]
        if empty:
            days = sum((end - begin).days + 1 for begin, end in empty)
            found.append(Gap(code, tuple(empty), days))
    return sorted(found, key=lambda one: (-one.days, one.code))


def _unplaced(actor: Actor, area: str) -> list[dict[str, Any]]:
    """Open cases whose point lies in no grid."""
    low, high = span(area)
    outside = Q(area__gte=low, area__lt=high, open=True, lat__isnull=False)
    rows: Any = cases.visible_to(actor).filter(outside).annotate(long=Length("area")).filter(long__lt=15)
    return list(rows.order_by("-opened_at").values("id", "number", "title", "area")[:100])


def _sizes(found: Report, area: str, codes: list[str]) -> None:
    numbers, line = known.numbers(area), queries.setting().guideline
    for code in codes:
        counted = {what: one.n for what, one in numbers.get(code, {}).items() if not one.stale}
        found.uncounted += "households" not in counted
        if beyond := too_large(counted, places.grid_hectares()[code], line):
            found.too_large.append((code, beyond))


def _walks(found: Report, codes: list[str]) -> None:
    last = walked.last(codes)
    if last is None:
        return
    found.walks_known = True
    until = now() - timedelta(days=queries.setting().walked_within)
    found.not_walked = [(code, last.get(code)) for code in codes if last.get(code, until) <= until]
