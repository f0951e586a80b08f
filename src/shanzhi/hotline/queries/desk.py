"""What the desk proposes while an operator types what a caller says: each field with where it came from and how
sure it is. Nothing is written; every list starts from what the operator may see."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shanzhi.base.clock import BEIJING
from shanzhi.base.errors import NotFound
from shanzhi.base.geo import Point
from shanzhi.cases import types
from shanzhi.cases.opening import Report, Ruling
from shanzhi.cases.ruling import rule_on
from shanzhi.hotline import alarms
from shanzhi.hotline.answers import Found
from shanzhi.hotline.queries import answers, around
from shanzhi.hotline.queries.around import Duplicate, Said, Solved
from shanzhi.language.features import Text
from shanzhi.language.understanding import Understanding
from shanzhi.language.words import normal
from shanzhi.learning.queries import understand_many
from shanzhi.orgs.actor import Actor
from shanzhi.places import queries as places

By = Literal["person", "model", "rule", "words", "map", ""]
FEWEST = 4  # characters before anything is proposed: before, everything is noise
LONGEST = 20_000
SURE = 0.25  # of a category before it is filled in; below it is only offered
LEVELS = ("normal", "urgent", "critical")
GRID, COMMUNITY = 15, 12


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands on the form: the words, and what the operator has set himself (empty: not set)."""

    text: str
    type: str = "complaint"
    category: str | None = None
    urgency: str = ""
    area: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A value, who says so (a person, a model, a rule, the words, the map), how sure, and why in words."""

    value: str = ""
    by: By = ""
    sure: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: the finest area known, the words of it, and a point unless only the middle of an area is known."""

    area: Filled = Filled()
    address: Filled = Filled()
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """All that is proposed. `alarming` are the words that a person must heed at once."""

    draft: Draft
    understood: Understanding
    category: Filled
    urgency: Filled
    place: Place
    ruling: Ruling | None
    duplicates: tuple[Duplicate, ...] = ()
    similar: tuple[Solved, ...] = ()
    answers: tuple[Found, ...] = ()
    alarming: tuple[str, ...] = ()


def suggested(actor: Actor, draft: Draft, at: datetime, *, lists: bool = True) -> Suggestion:
    """What is proposed for what was typed so far. Never raises, whatever the text is.

    Without `lists` only the fields are filled: no cases and no answers are looked for.
    """
    text = draft.text[:LONGEST]
    [understood] = understand_many([Text(text)], at=at)  # the fast way: the careful one takes twice as long
    enough = len(text.strip()) >= FEWEST
    category = _category(draft, understood) if enough else Filled(draft.category or "", "person")
    place = _place(draft, understood if enough else None)
    ruling = _ruling(draft, text, category, place, at) if text.strip() else None
    urgency, alarming = _urgency(draft, understood, ruling), _alarming(text, understood)
    found = Suggestion(draft, understood, category, urgency, place, ruling, alarming=alarming)
    if not (lists and enough):
        return found
    said = Said(text, at, category.value, place.area.value, place.lon, place.lat)
    return replace(
        found,
        duplicates=around.duplicates(actor, said),
        similar=around.similar(actor, said),
        answers=tuple(answers.ask(text, at.astimezone(BEIJING).date())),
    )


def _alarming(text: str, understood: Understanding) -> tuple[str, ...]:
    """The words that tell of danger to life; where only the rule of the pack knows them, what it calls them."""
    words = tuple(dict.fromkeys(danger.words for danger in understood.dangers))
    return words or tuple(sorted(alarms.found(text)))


def _category(draft: Draft, understood: Understanding) -> Filled:
    best = understood.category
    if draft.category is not None:
        sure = understood.probabilities.get(draft.category)
        return Filled(draft.category, "person", sure)
    if best is None or best.probability < SURE:
        return Filled("", "model" if best else "", best.probability if best else None)
    return Filled(best.label, "model", best.probability)


def _place(draft: Draft, understood: Understanding | None) -> Place:
    found = understood.address if understood else None
    place = Place()
    if found is not None:
        lon, lat = (None, None) if _is_middle(found.area, found.lon) else (found.lon, found.lat)
        words = normal(draft.text)[found.start : found.end]
        address = words if len(words) <= 60 else " ".join(found.words)
        area = _grid(found.area, lon, lat)
        by: By = "map" if area != found.area else "words"
        place = Place(Filled(area, by, found.sure), Filled(address, "words", found.sure), lon, lat)
    if draft.area is not None and draft.area != place.area.value:
        place = Place(Filled(draft.area, "person"), place.address)
    if draft.address is not None:
        place = replace(place, address=Filled(draft.address, "person"))
    return place


def _is_middle(area: str, lon: float | None) -> bool:
    """Whether a point is only the middle of a larger area: it says no more than the area does."""
    known = places.areas().get(area)
    return len(area) < GRID and known is not None and known.lon == lon


def _grid(area: str, lon: float | None, lat: float | None) -> str:
    """The grid around a point, if it lies in the area that the words name."""
    if lon is None or lat is None or len(area) >= GRID:
        return area
    grid = places.grid_of(Point(lon, lat)) or ""
    return grid if grid.startswith(area) else area


def _ruling(draft: Draft, text: str, category: Filled, place: Place, at: datetime) -> Ruling | None:
    """What the rules will say when this is taken down."""
    try:
        type_ = types.current(draft.type)
        area = place.area.value or places.county()
    except NotFound:
        return None
    report = Report(draft.type, text, category=category.value, urgency=draft.urgency, channel="hotline")
    return rule_on(type_, report, area, at)


def _urgency(draft: Draft, understood: Understanding, ruling: Ruling | None) -> Filled:
    """The higher of what the rule and the models say; a person's word goes before both."""
    if draft.urgency:
        return Filled(draft.urgency, "person")
    said = understood.urgency
    level = ruling.urgency if ruling else "normal"
    if _rank(said.level) > _rank(level) and said.by != "rule":
        by: By = "model" if said.by == "model" else "words"
        return Filled(said.level, by, said.probability if said.by == "model" else None, said.reason)
    return Filled(level, "rule", None, said.reason if said.by == "rule" else "")


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 0
