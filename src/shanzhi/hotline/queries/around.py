"""What others have said: open cases that may be the same matter, and closed ones that were solved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from shanzhi.base.codes import span
from shanzhi.base.geo import Point, distance_m
from shanzhi.base.ids import format_number
from shanzhi.cases import queries as cases
from shanzhi.language.entities import mask
from shanzhi.language.features import first_sentence
from shanzhi.language.similar import Index, Kept, Near, kept, near
from shanzhi.learning.queries import examples
from shanzhi.orgs.actor import Actor
from shanzhi.packs.queries import version

OPEN_BACK = timedelta(days=14)
CLOSED_BACK = timedelta(days=400)
MOST_OPEN, MOST_CLOSED = 150, 60
SHOWN = 3
STREET, COMMUNITY = 9, 12
FAR_M, FAR = 600, 0.006  # metres and degrees: beyond, it is another place
ONCE = datetime(2000, 1, 1, tzinfo=UTC)
LIKE = (
    0.06  # from which likeness on a case that is closed is shown: it is of the same kind, not the same matter
)
COLUMNS = ("id", "number", "title", "text", "category", "area", "lon", "lat", "opened_at", "state", "type")


@dataclass(frozen=True, slots=True)
class Said:
    """A matter as somebody put it: the words, and what is known of kind, place and time."""

    text: str
    at: datetime
    category: str = ""
    area: str = ""
    lon: float | None = None
    lat: float | None = None

    def kept(self) -> Kept:
        """Ready to be compared; a call has no title, so that its first sentence is one."""
        return kept(first_sentence(self.text), self.text, self.area, self.at)

    def anywhere(self) -> "Said":
        """The words alone: whenever and wherever it was."""
        return Said(self.text, ONCE)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An open case that the caller may mean: how likely, what both say, how far; how many reported it, since when."""

    id: UUID
    number: str
    title: str
    area: str
    lon: float | None
    lat: float | None
    reporters: int
    since: datetime
    score: float
    words: tuple[str, ...]
    metres: int | None


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
    rows = {
        row["id"]: row for row in found.values(*COLUMNS)[:MOST_OPEN] if (_metres(row, said) or 0) <= FAR_M
    }
    meant = near(said.kept(), _index(rows.values()), most=SHOWN)
    best = [(rows[UUID(str(one.id))], one) for one in meant]
    reported = cases.reported([row["id"] for row, _ in best]) if best else {}
    return tuple(_duplicate(row, one, said, reported[row["id"]]) for row, one in best)


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


def _index(rows: Iterable[dict[str, Any]], *, anywhere: bool = False) -> Index:
    """Cases to be compared with; `anywhere`: by their words alone."""
    found = _heard(version("examples")).emptied()
    for row in rows:
        place, at = ("", ONCE) if anywhere else (row["area"], row["opened_at"])
        found.add(row["id"], _kept(row["title"], row["text"], place, at))
    return found


_kept = lru_cache(maxsize=4_096)(kept)  # while one types the same cases are compared again and again


@lru_cache(maxsize=1)
def _heard(_: int) -> Index:
    """How rare words are, from the pack's examples: the cases around are too few to say it."""
    return Index.among(_kept(one.text.title, one.text.text, "", ONCE).grams for one in examples())


def _duplicate(row: dict[str, Any], found: Near, said: Said, reported: list[datetime]) -> Duplicate:
    return Duplicate(
        row["id"], format_number(row["number"]), mask(row["title"]), row["area"], row["lon"], row["lat"],
        len(reported), min([row["opened_at"], *reported]), found.score, found.why, _metres(row, said),
    )  # fmt: skip


def _metres(row: dict[str, Any], said: Said) -> int | None:
    if None in (row["lon"], row["lat"], said.lon, said.lat):
        return None
    return round(distance_m(Point(row["lon"], row["lat"]), Point(said.lon or 0.0, said.lat or 0.0)))


def similar(actor: Actor, said: Said) -> tuple[Solved, ...]:
    """Closed cases of the same kind that say the likest, with how they were solved; two statements."""
    if not said.category:
        return ()
    recent = Q(open=False, merged_into=None, category=said.category, closed_at__gte=said.at - CLOSED_BACK)
    found: Any = cases.visible_to(actor).filter(recent).order_by("-opened_at")
    rows = {row["id"]: row for row in found.values(*COLUMNS, "closed_at")[:MOST_CLOSED]}
    best = near(said.anywhere().kept(), _index(rows.values(), anywhere=True), least=LIKE, most=SHOWN)
    likest = [(rows[UUID(str(one.id))], one.score) for one in best]
    results = cases.results([row["id"] for row, _ in likest])
    return tuple(
        Solved(
            row["id"], format_number(row["number"]), mask(row["title"]), row["closed_at"],
            mask(results[row["id"]])[:300], score,
        )
        for row, score in likest
        if results.get(row["id"])
    )  # fmt: skip
