"""Public cases as anybody may read them: what, where, how far, with whom. Nothing of who reported it."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.base.codes import span
from shanzhi.base.errors import NotFound
from shanzhi.base.geo import Point
from shanzhi.base.ids import format_number
from shanzhi.base.masking import masked
from shanzhi.cases import queries, types
from shanzhi.cases.telling import promised
from shanzhi.files import queries as files
from shanzhi.orgs import queries as orgs
from shanzhi.orgs.actor import Actor
from shanzhi.portal.ending import ENDINGS, ending, handings
from shanzhi.portal.matter import state_title
from shanzhi.portal.reopening import move_of
from shanzhi.web import names
from shanzhi.web.around import box, closest, shown_place

PUBLIC = Q(public=True)
MOST_AROUND = 500


def published(filters: Q, *, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
    """Public cases, the newest first, in words."""
    return told(_rows(filters, limit, offset))


def one(case: UUID) -> dict[str, Any]:
    """One public case; raises NotFound for one that is not public."""
    for row in published(Q(pk=case), limit=1):
        return row
    raise NotFound()


def where(case: UUID) -> tuple[Point | None, str]:
    """Where a public case lies, as exactly as anybody may see it, and its area; raises NotFound."""
    for row in _rows(Q(pk=case), 1):
        place = shown_place(row["lon"], row["lat"])
        return (Point(*place) if place else None), row["area"]
    raise NotFound()


def near(point: Point, radius_m: float, *, filters: Q | None = None, limit: int = 10) -> list[dict[str, Any]]:
    """Public cases within a radius, the nearest first."""
    edge = box(point, radius_m)
    inside = Q(lon__range=(edge.west, edge.east), lat__range=(edge.south, edge.north))
    return told(closest(_rows(inside & (filters or Q()), MOST_AROUND), point, radius_m)[:limit])


def within(area: str) -> Q:
    """Cases in an area."""
    low, high = span(area)
    return Q(area__gte=low, area__lt=high)


def _rows(filters: Q, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    # asked in the platform's name, because these are for everybody; PUBLIC is what guards them
    return queries.listed(Actor.system(), filters=PUBLIC & filters, limit=limit, offset=offset)


def told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in words, without what tells of persons."""
    known, at = orgs.orgs(), now()
    said = queries.rated([row["id"] for row in rows if not row["open"]])
    return [
        _told(row, known, said.get(row["id"], []), bool(row["open"] and row["due_at"] and row["due_at"] < at))
        for row in rows
    ]


def _told(
    row: dict[str, Any], known: dict[str, str], said: list[dict[str, Any]], late: bool
) -> dict[str, Any]:
    type_ = types.version(row["type"], row["type_version"])
    end = ending(type_, row["state"], row["open"], [one["solved"] for one in said])
    state = state_title(row["type"], row["type_version"], row["state"])
    return {
        "ending": end,
        "badge": _(ENDINGS[end][0]) if end in ("solved", "unsolved") else state,
        "colour": ENDINGS[end][1] if end else "",
        "id": row["id"],
        "number": format_number(row["number"]),
        "title": masked(row["title"]),
        "state": state,
        "open": row["open"],
        "late": late,
        "category": names.category(row["category"]),
        "area": names.area(row["area"]),
        "org": known.get(row["org"], ""),
        "opened_at": row["opened_at"],
        "closed_at": row["closed_at"],
        "due_at": row["due_at"],
        "place": shown_place(row["lon"], row["lat"]),
        "metres": row.get("metres"),
    }


def whole(case: UUID) -> dict[str, Any]:
    """Everything on the page of a public case; raises NotFound for one that is not public."""
    row = one(case)
    view = queries.view(Actor.system(), case)
    due = promised(view.state)
    given = list(handings(view.timeline, view.state, view.type))
    known = orgs.orgs({key for one in given for key in (one.by, one.to) if key})
    return row | {
        "due_at": due,
        "broken": bool(row["open"] and due and due < now()),
        "handings": [
            {
                "at": one.at,
                "what": one.what,
                "by": known.get(one.by, ""),
                "to": known.get(one.to, ""),
                "reason": masked(one.reason),
            }
            for one in given
        ],
        "photos": _photos(case),
        "reopen": bool(move_of(view.state)),
        "reporters": sum(r.active for r in view.state.reporters.values()),
    }


def _photos(case: UUID) -> dict[str, list[str]]:
    """The addresses of the public copies of its pictures, before and after."""
    found: dict[str, list[str]] = {"before": [], "after": []}
    for file in files.of_cases([case])[case]:
        if file.public_sha256:
            found["after" if file.kind == "after" else "before"].append(f"/files/{file.pk}")
    return found


def collection(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """As GeoJSON (RFC 7946): a feature for each case that has a place."""
    shown = ("number", "title", "state", "open", "late", "category", "area", "org", "ending")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": str(row["id"]),
                "geometry": {"type": "Point", "coordinates": row["place"]},
                "properties": {name: row[name] for name in shown}
                | {"url": f"/nearby/{row['id']}", "opened_at": row["opened_at"].isoformat()},
            }
            for row in rows
            if row["place"]
        ],
    }
