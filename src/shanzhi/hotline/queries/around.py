"""What others have said: open cases that may be the same matter, and closed ones that were solved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from shanzhi.base.codes import span
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.hotline.alike import COMMUNITY, Alike, Said, alike, ranked
from shanzhi.language.entities import mask
from shanzhi.orgs.actor import Actor

OPEN_BACK = timedelta(days=14)
CLOSED_BACK = timedelta(days=400)
MOST_OPEN, MOST_CLOSED = 150, 60
SHOWN = 3
STREET = 9
FAR = 0.006  # of a degree, about 600 m: beyond, the place speaks against
LEAST_ALIKE = 0.06
COLUMNS = ("id", "number", "title", "text", "category", "area", "lon", "lat", "opened_at", "state", "type")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An open case that the caller may mean; how many reported it, and since when."""

    id: UUID
    number: str
    title: str
    area: str
    lon: float | None
    lat: float | None
    reporters: int
    since: datetime
    alike: Alike


@dataclass(frozen=True, slots=True)
class Solved:
    """A closed case that speaks of the like, and how it was solved; both masked."""

    id: UUID
    number: str
    title: str
    closed_at: datetime
    result: str
    score: float


def duplicates(actor: Actor, said: Said) -> tuple[Duplicate, ...]:
    """The likeliest of the open cases near in place or of the same kind; two statements."""
    where = _near(said)
    if where is None:
        return ()
    recent = Q(open=True, opened_at__gte=said.at - OPEN_BACK, opened_at__lte=said.at)
    found: Any = cases.visible_to(actor).filter(where, recent).order_by("-opened_at")
    rows = {row["id"]: row for row in found.values(*COLUMNS)[:MOST_OPEN]}
    near = alike(said, [(id_, _said(row)) for id_, row in rows.items()], most=SHOWN)
    reported = cases.reported([one.case for one in near]) if near else {}
    return tuple(_duplicate(rows[one.case], one, reported[one.case]) for one in near)


def _near(said: Said) -> Q | None:
    """Where to look: around the point, in the community, else among the same kind."""
    if said.lon is not None and said.lat is not None:
        around = Q(lat__range=(said.lat - FAR, said.lat + FAR), lon__range=(said.lon - FAR, said.lon + FAR))
        return around | _within(said.area) if len(said.area) >= COMMUNITY else around
    if len(said.area) >= COMMUNITY:
        return _within(said.area)
    if said.category:
        where = Q(category=said.category)
        return where & _within(said.area) if said.area else where
    return None


def _within(area: str) -> Q:
    """In the community, or in its street where no more is known."""
    low, high = span(area[:COMMUNITY])
    return Q(area__gte=low, area__lt=high) | Q(area=area[:STREET])


def _said(row: dict[str, Any]) -> Said:
    text = f"{row['title']}\n{row['text']}"
    return Said(text, row["opened_at"], row["category"], row["area"], row["lon"], row["lat"])


def _duplicate(row: dict[str, Any], found: Alike, reported: list[datetime]) -> Duplicate:
    return Duplicate(
        row["id"], format_number(row["number"]), mask(row["title"]), row["area"], row["lon"], row["lat"],
        len(reported), min([row["opened_at"], *reported]), found,
    )  # fmt: skip


def similar(actor: Actor, said: Said) -> tuple[Solved, ...]:
    """Closed cases of the same kind that say the likest, with how they were solved; two statements."""
    if not said.category:
        return ()
    recent = Q(open=False, merged_into=None, category=said.category, closed_at__gte=said.at - CLOSED_BACK)
    found: Any = cases.visible_to(actor).filter(recent).order_by("-opened_at")
    rows = list(found.values("id", "number", "title", "text", "closed_at")[:MOST_CLOSED])
    best = ranked(said.text, rows, most=SHOWN, least=LEAST_ALIKE)
    results = cases.results([row["id"] for row in best])
    return tuple(
        Solved(
            row["id"], format_number(row["number"]), mask(row["title"]), row["closed_at"],
            mask(results[row["id"]])[:300], row["score"],
        )
        for row in best
        if results.get(row["id"])
    )  # fmt: skip
