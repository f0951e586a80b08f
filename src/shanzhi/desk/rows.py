"""The rows of a list in words, and as HTML: each in one go, where a template would look up four hundred variables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from html import escape
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.cases import types
from shanzhi.desk.filters import SOON
from shanzhi.orgs.queries import orgs
from shanzhi.web import names

ROW = """<tr data-case="{id}">
  <td class="box"><input type="checkbox" name="case" value="{id}" aria-label="{choose} {number}"></td>
  <td><a href="{cases}{id}">{title}</a><br><small><span class="code">{number}</span> · {kind}</small></td>
  <td data-label="{state_word}"><span class="badge{good}" data-part="state">{state}</span>{marks}</td>
  <td data-label="{with_word}" data-part="org">{org}</td>
  <td data-label="{place_word}">{area}</td>
  <td data-label="{due_word}">{due}</td>
</tr>"""
NOBODY = UUID(int=0)
DUE = (
    """<span class="lamp {lamp}" data-ticks><time datetime="{at}">{said}</time> """
    """<span data-left>{late}</span></span>"""
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row, in words."""

    row: dict[str, Any]
    number: str
    type: str
    state: str
    category: str
    area: str
    org: str
    lamp: str


def lines(found: list[dict[str, Any]]) -> Iterator[Line]:
    known, at, tongue = orgs(), now(), names.language()
    for row in found:
        type_ = types.version(row["type"], row["type_version"])
        yield Line(
            row,
            format_number(row["number"]),
            names.titled(type_.title, tongue=tongue),
            names.titled(type_.states[row["state"]].title, tongue=tongue),
            names.category(row["category"], tongue=tongue),
            names.area(row["area"], tongue=tongue),
            known.get(row["org"], row["org"]),
            lamp(row["due_at"], at) if row["open"] else "",
        )


def lamp(due: datetime | None, at: datetime) -> str:
    """Red when it is overdue, yellow within its last day, green before."""
    if due is None:
        return ""
    return "red" if due < at else "yellow" if due - at < SOON else "green"


def drawn(lines: Iterable[Line]) -> SafeString:
    """All rows; whatever comes from cases is escaped."""
    words = _escaped(
        cases=_address(),
        choose=_("Choose"),
        state_word=_("State"),
        with_word=_("With"),
        place_word=_("Place"),
        due_word=_("Due"),
        late=_("late"),
    )
    zone = timezone.get_current_timezone()
    return mark_safe("".join(_row(line, words, zone) for line in lines))


@lru_cache(maxsize=1)
def _address() -> str:
    """What stands before the id in the address of a case."""
    return reverse("case", args=[NOBODY]).removesuffix(str(NOBODY))


def _escaped(**values: object) -> dict[str, str]:
    return {name: escape(str(value)) for name, value in values.items()}


def _row(line: Line, words: dict[str, str], zone: tzinfo) -> str:
    row = line.row
    told = _escaped(
        id=row["id"],
        number=line.number,
        title=row["title"],
        kind=line.category or line.type,
        good="" if row["open"] else " good",
        state=line.state,
        org=line.org,
        area=line.area,
    )
    marks = format_html_join("", ' <span class="badge {}">{}</span>', _marks(row))
    return ROW.format(**words, **told, marks=marks, due=_due(line, words["late"], zone))


def _marks(row: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if row["suspended_until"]:
        yield "warn", _("suspended")
    if row["level"]:
        yield "bad", f"{_('supervised')} {row['level']}"
    if row["urgency"] == "urgent":
        yield "warn", _("Urgent")


def _due(line: Line, late: str, zone: tzinfo) -> str:
    """Nothing in it comes from a case but its time."""
    if not line.lamp:
        return ""
    at = line.row["due_at"].astimezone(zone)
    return DUE.format(
        lamp=line.lamp, at=at.isoformat(), said=f"{at:%m-%d %H:%M}", late=late if line.lamp == "red" else ""
    )
