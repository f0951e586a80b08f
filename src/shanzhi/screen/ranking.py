"""The ranking of a month (三率): streets, communities and organisations; each rate opens into its cases."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shanzhi.base.errors import NotFound, gettext_noop
from shanzhi.cases import queries as cases
from shanzhi.hotline import months, papers, ranking
from shanzhi.hotline.actions import reporting
from shanzhi.hotline.monthly import text
from shanzhi.hotline.queries import consultations, ranks
from shanzhi.hotline.queries.ranks import Group, Month, Side
from shanzhi.hotline.ranking import Row
from shanzhi.hotline.setting import RATES, RateName
from shanzhi.hotline.words import ASKED
from shanzhi.hotline.words import RATES as RATE_WORDS
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.auth import actor_from
from shanzhi.orgs.queries import orgs
from shanzhi.places import queries as places
from shanzhi.screen.asking import today
from shanzhi.screen.listing import lines
from shanzhi.web import names

GROUPS = {
    "street": gettext_noop("Streets"),
    "community": gettext_noop("Communities"),
    "org": gettext_noop("Organisations"),
}
SIDES = {
    "against": gettext_noop("Cases that speak against it"),
    "for": gettext_noop("Cases that speak for it"),
    "all": gettext_noop("All that were answered"),
    "excluded": gettext_noop("Left out after review"),
    "pending": gettext_noop("Wait for a review"),
}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which month, compared how, within which area."""

    actor: Actor
    wanted: Month | None
    last: Month | None
    group: Group
    area: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """What does not fit is as if it was not given. Raises NotSignedIn or Denied."""
        actor = actor_from(request)
        day = months.chosen(request.GET.get("month", ""), today())
        area = request.GET.get("area", "")
        area = area if places.areas().get(area) is not None else ""
        group = request.GET.get("by", "")
        return cls(
            actor,
            ranks.month(actor, day, area),
            ranks.month(actor, months.before(day), area),
            cast(Group, group) if group in GROUPS else "street",
            area,
        )

    def query(self, **more: str) -> str:
        month = f"{self.wanted.month:%Y-%m}" if self.wanted else ""
        given = {"month": month, "by": self.group, "area": self.area} | more
        return urlencode({key: value for key, value in given.items() if value})

    @property
    def neighbours(self) -> dict[str, str]:
        """The addresses of the month before and, where there is one, the month after."""
        assert self.wanted is not None
        here, ahead = self.wanted.month, months.after(self.wanted.month)
        found = {"before": self.query(month=f"{months.before(here):%Y-%m}")}
        return found | (
            {"after": self.query(month=f"{ahead:%Y-%m}")} if ahead <= months.first(today()) else {}
        )


def ranked(request: HttpRequest) -> HttpResponse:
    """The table, the district as one above it, and the formula below it."""
    asked = Asked.of(request)
    if asked.wanted is None:
        return render(request, "screen/ranking.html", {"asked": asked, "here": "ranking"})
    counted = ranks.counted(asked.wanted, asked.group)
    rows = ranking.ranked(asked.wanted.formula, counted)
    before = {row.counted.key: row for row in ranks.ranked(asked.last, asked.group)} if asked.last else {}
    formula = asked.wanted.formula
    context = {
        "asked": asked,
        "month": asked.wanted.month,
        "rows": [_line(asked, row, before.get(row.counted.key)) for row in rows],
        "whole": _whole(asked),
        "answered": consultations.answered(asked.wanted),
        "groups": [(code, _(title), code == asked.group) for code, title in GROUPS.items()],
        "rates": [(_(RATE_WORDS[rate]), formula.rates[rate].weight, _(ASKED[rate])) for rate in RATES],
        "formula": formula,
        "formula_text": text(formula),
        "formula_title": formula.title.said(names.language()),
        "excluded": [
            (ground.title.said(names.language()), n)
            for code, n in ranks.excluded(asked.wanted).items()
            if (ground := formula.exclusions.get(code)) is not None
        ],
        "months": asked.neighbours,
        "query": asked.query(),
        "reports": reporting.made(asked.actor)[:6],
        "may_make": reporting.covers_all(asked.actor),
        "here": "ranking",
    }
    return render(request, "screen/ranking.html", context)


def _line(asked: Asked, row: Row, before: Row | None) -> dict[str, Any]:
    """One of those compared, in words; `moved` is how many places up it came."""
    one = row.counted
    old = before if before is not None and before.place is not None else None
    change = (
        round(row.score - old.score, 2) if old and old.score is not None and row.score is not None else None
    )
    return {
        "row": row,
        "name": named(asked.group, one.key),
        "score": "—" if row.score is None else f"{row.score:.2f}",
        "low": round(row.low, 1),
        "wide": round(row.high - row.low, 1),
        "at": round(row.score or 0.0, 1),
        "change": None if change is None else f"{change:+.2f}",
        "better": None if not change else change > 0,
        "moved": old.place - row.place if old and old.place and row.place else None,
        "shares": [_share(asked, one.key, rate, one.shares[rate]) for rate in RATES],
        "excluded_query": asked.query(key=one.key, rate="response", side="excluded"),
    }


def _share(asked: Asked, key: str, rate: RateName, share: ranking.Share) -> dict[str, Any]:
    low, high = share.bounds
    return {
        "rate": _(RATE_WORDS[rate]),
        "text": "—" if share.value is None else f"{share.value:.1%}",
        "of": f"{share.n} / {share.of}",
        "bounds": f"{low:.0%}–{high:.0%}" if share.of else "",
        "query": asked.query(key=key, rate=rate, side="against" if share.n < share.of else "all"),
    }


def _whole(asked: Asked) -> dict[str, Any]:
    """All that the asker sees as one, beside the month before."""
    assert asked.wanted is not None
    here = ranking.together(ranks.counted(asked.wanted, "org"))
    there = ranking.together(ranks.counted(asked.last, "org")) if asked.last else None
    score = ranking.score(asked.wanted.formula, here)[0]
    old = None
    if asked.last and there and min(here.answers, there.answers) >= asked.wanted.formula.minimum:
        old = ranking.score(asked.last.formula, there)[0]
    return {
        "score": "—" if score is None else f"{score:.2f}",
        "change": f"{score - old:+.2f}" if score is not None and old is not None else "",
        "cases": here.cases,
        "excluded": here.excluded,
        "pending": here.pending,
        "shares": [
            _share(asked, "", rate, here.shares[rate])
            | {"before": _before(there, rate) if old is not None else ""}
            for rate in RATES
        ],
    }


def _before(there: ranking.Counted | None, rate: RateName) -> str:
    value = there.shares[rate].value if there else None
    return "" if value is None else f"{value:.1%}"


def named(group: str, key: str) -> str:
    return orgs().get(key, key) if group == "org" else names.area(key)


def ranking_cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a rate of one of those compared; raises NotFound for a rate nobody counts."""
    asked = Asked.of(request)
    rate, side = request.GET.get("rate", ""), request.GET.get("side", "against")
    if asked.wanted is None or rate not in RATES or side not in SIDES:
        raise NotFound()
    key, page = request.GET.get("key", ""), _page(request.GET.get("page", ""))
    found = ranks.behind(
        asked.wanted,
        asked.group,
        key,
        rate,
        cast(Side, side),
        limit=PAGE + 1,
        offset=(page - 1) * PAGE,
    )
    given = {"key": key, "rate": rate, "side": side}
    rows = list(lines(cases.of_ids(asked.actor, found[:PAGE])))
    context = {
        "asked": asked,
        "month": asked.wanted.month,
        "name": named(asked.group, key) if key else _("All"),
        "rate": _(RATE_WORDS[rate]),
        "sides": [
            (_(title), asked.query(**(given | {"side": code})), code == side) for code, title in SIDES.items()
        ],
        "rows": rows,
        "hidden": len(found[:PAGE]) - len(rows),
        "before": asked.query(**given, page=str(page - 1)) if page > 1 else "",
        "after": asked.query(**given, page=str(page + 1)) if len(found) > PAGE else "",
        "query": asked.query(),
        "here": "ranking",
    }
    return render(request, "screen/ranking_cases.html", context)


def _page(text_: str) -> int:
    return max(1, int(text_)) if text_.isascii() and text_.isdecimal() and len(text_) < 6 else 1


def monthly(request: HttpRequest, kind: str) -> HttpResponse:
    """The report of a month, as it was kept or as it stands now within what the asker sees."""
    if kind not in ("docx", "pdf"):
        raise NotFound()
    actor = actor_from(request)
    day = months.chosen(request.GET.get("month", ""), today())
    language = names.language()
    report = reporting.report_of(actor, day, language)
    content = papers.docx(report, language) if kind == "docx" else papers.pdf(report, language)
    answer = HttpResponse(content, content_type=papers.DOCX if kind == "docx" else "application/pdf")
    way = "attachment" if kind == "docx" else "inline"
    answer["Content-Disposition"] = f'{way}; filename="monthly-{day:%Y-%m}.{kind}"'
    return answer


@require_POST
def make_report(request: HttpRequest) -> HttpResponse:
    """Makes the report of a month and keeps it as it is now."""
    day = months.chosen(request.POST.get("month", ""), today())
    reporting.make(actor_from(request), day)
    messages.success(request, _("The report of %(month)s is made and kept.") % {"month": f"{day:%Y-%m}"})
    return redirect(f"{reverse('ranking')}?month={day:%Y-%m}")
