"""The weekly report as a PDF: numbers, days, streets and what has waited longest. Set by Typst."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import typst
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.cases import queries as cases
from shanzhi.insight import queries
from shanzhi.insight.figures import NOW
from shanzhi.insight.periods import Period
from shanzhi.places import queries as places
from shanzhi.screen.asking import Asked, today
from shanzhi.screen.listing import lines
from shanzhi.screen.overview import cards, charts
from shanzhi.web import names

TEMPLATE = Path(__file__).parent / "weekly.typ"


def weekly(request: HttpRequest) -> HttpResponse:
    """The report of the week that holds `day`, or of the last whole week."""
    asked = Asked.of(request)
    period = week_of(request.GET.get("day", ""), today())
    asked = Asked(asked.actor, asked.within, period, asked.given)
    answer = HttpResponse(typeset(told(asked)), content_type="application/pdf")
    name = f"weekly-{period.first:%G-W%V}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def week_of(text: str, last: date) -> Period:
    """Monday to Sunday around a day; the last whole week when there is none, or it lies ahead."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = last - timedelta(days=7)
    if day > last or day.year < 2000:
        day = last - timedelta(days=7)
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def told(asked: Asked) -> dict[str, Any]:
    """Everything the report says, in the language of the reader."""
    drawn = charts(asked)
    current = queries.current(asked.within)
    waiting = lines(cases.of_ids(asked.actor, queries.longest(asked.within, 12)))
    return {
        "lang": names.language(),
        "title": _("Weekly report"),
        "place": places.area(asked.given.get("area") or places.county()).name,
        "period": f"{asked.period.first:%Y-%m-%d} – {asked.period.last:%Y-%m-%d}",
        "made": f"{timezone.localtime(now()):%Y-%m-%d %H:%M}",
        "now": [[_(figure.title), current[figure.code].n] for figure in NOW],
        "figures": [
            {
                "title": _(card.figure.title),
                "text": card.text,
                "of": card.value.of,
                "n": card.value.n,
                "before": card.before.text if card.before else "",
                "good": card.before.good if card.before else None,
                "says": _(card.figure.says),
            }
            for card in cards(asked)
        ],
        "days": [[bar.day[5:], bar.reported, bar.closed] for bar in drawn["days"].bars],
        "streets": [
            {"name": row["name"], "handled": _share(row["cells"][4]), "solved": _share(row["cells"][6])}
            for row in drawn["streets"]
        ],
        "waiting": [[one["number"], one["title"], one["org"], one["area"], one["days"]] for one in waiting],
        "words": {
            "now": _("Now"), "figures": _("Figures"), "days": _("Reported and closed"), "streets": _("By street"),
            "waiting": _("Waiting longest"), "reported": _("Reported"), "closed": _("Closed"),
            "before": _("Week before"),
            "handled": _("Handled on time"), "solved": _("Solution rate"), "made": _("Made"), "over": _("of"),
            "counted": _("How it is counted"), "number": _("Number"), "title": _("Title"), "org": _("With"),
            "area": _("Place"), "waits": _("Days"), "figure": _("Figure"), "street": _("Street"),
        },
    }  # fmt: skip


def _share(cell: dict[str, Any]) -> str:
    n, of = cell["n"], cell["of"]
    return f"{n / of:.0%} ({n}/{of})" if of else "—"


def typeset(report: dict[str, Any]) -> bytes:
    """The PDF. Chinese needs a Chinese font on the machine (Debian: fonts-noto-cjk)."""
    made = typst.compile(TEMPLATE, format="pdf", sys_inputs={"report": orjson.dumps(report).decode()})
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made
