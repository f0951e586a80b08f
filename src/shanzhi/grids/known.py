"""What is known of a grid in numbers: taken over from tables, told with source and day, or not known."""

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import uuid5

from django.db import transaction

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import gettext_noop
from shanzhi.grids import queries
from shanzhi.grids.actions import SPACE
from shanzhi.grids.models import Known
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.places import queries as places

WHAT = {
    "households": gettext_noop("Households"),
    "people": gettext_noop("People"),
    "homes": gettext_noop("Homes"),
    "shops": gettext_noop("Shops"),
    "risk_points": gettext_noop("Risk points"),
}
COLUMNS = ("grid", "what", "n", "as_of", "source")
MOST_LINES = 20_000


@dataclass
class Taken:
    """How many numbers a table brings, or why it is refused, all of it."""

    n: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def take(actor: Actor, text: str) -> Taken:
    """Numbers from a table (grid, what, n, as_of, source), all of them or none; complaints by line."""
    reader = csv.DictReader(io.StringIO(text.replace("\0", "")))
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        return Taken(faults=[(1, gettext_noop("The columns are: grid, what, n, as_of, source"))])
    found, rows = Taken(), list[Known]()
    for row in reader:
        if reader.line_num > MOST_LINES:
            found.faults.append((reader.line_num, gettext_noop("At most 20,000 lines")))
            break
        given = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if message := _fault(actor, given):
            found.faults.append((reader.line_num, message))
        else:
            rows.append(_row(actor, given))
    if not found.faults and rows:
        Known.objects.bulk_create(rows, batch_size=2000)
        append(actor.ref, uuid5(SPACE, "known"), "grids.counted", {"n": len(rows)})
        found.n = len(rows)
    return found


def _row(actor: Actor, given: dict[str, str]) -> Known:
    return Known(
        grid=given["grid"],
        what=given["what"],
        n=int(given["n"]),
        as_of=date.fromisoformat(given["as_of"]),
        source=given["source"],
        recorded_by=actor.ref,
        recorded_at=now(),
    )


def _fault(actor: Actor, given: dict[str, str]) -> str:
    place = places.areas().get(given["grid"])
    if place is None or place.level != "grid" or not queries.may_edit(actor, given["grid"]):
        return gettext_noop("There is no such grid, or it is not yours")
    if given["what"] not in WHAT:
        return gettext_noop("Counted are: households, people, homes, shops, risk_points")
    if not (given["n"].isascii() and given["n"].isdecimal() and len(given["n"]) < 8):
        return gettext_noop("A number is written without signs: 412")
    try:
        date.fromisoformat(given["as_of"])
    except ValueError:
        return gettext_noop("A day is written 2026-11-25")
    if not 1 <= len(given["source"]) <= 200:
        return gettext_noop("Say the source in at most 200 letters")
    return ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a grid: as of when, from where; `stale`: counted before it got the ground that it has."""

    n: int
    as_of: date
    source: str
    stale: bool


def people(codes: Sequence[str]) -> dict[str, int]:
    """The people of those grids that were counted since they were redrawn last."""
    wanted = set(codes)
    shared = os.path.commonprefix(list(wanted)) if wanted else ""
    return {
        code: found["people"].n
        for code, found in (numbers(shared).items() if wanted else ())
        if code in wanted and "people" in found and not found["people"].stale
    }


def numbers(area: str) -> dict[str, dict[str, Number]]:
    """The latest numbers of the grids within an area, by code and kind; one statement."""
    rows = Known.objects.filter(grid__startswith=area).order_by("grid", "what", "-as_of", "-pk")
    found: dict[str, dict[str, Number]] = {}
    latest = rows.distinct("grid", "what").values_list("grid", "what", "n", "as_of", "source")
    for grid, what, n, as_of, source in latest:
        over = datetime.combine(as_of + timedelta(days=1), time.min, BEIJING)
        stale = places.redrawn_since(grid, over) is not None
        found.setdefault(grid, {})[what] = Number(n, as_of, source, stale)
    return found
