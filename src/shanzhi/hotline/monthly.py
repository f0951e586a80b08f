"""What the monthly report says (月报): gathered once, kept as it was, set as a document by `papers`.

It names organisations and places, never people: the words of cases are masked and no reporter is named.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.base.masking import masked
from shanzhi.cases import queries as cases
from shanzhi.cases.state import State
from shanzhi.hotline import months, ranking
from shanzhi.hotline.fact import breached, heard
from shanzhi.hotline.queries import consultations, ranks
from shanzhi.hotline.queries.ranks import Month
from shanzhi.hotline.ranking import Counted
from shanzhi.hotline.setting import RATES, Formula
from shanzhi.hotline.words import RATES as RATE_WORDS
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import orgs
from shanzhi.places import queries as places
from shanzhi.rules.queries import categories

MOST_WORDS = 400
CHANNELS = {
    "hotline": "热线",
    "web": "网页",
    "field": "网格",
    "sensor": "感知",
    "desk": "受理台",
    "import": "导入",
}


def told(actor: Actor, day: date, language: str = "zh") -> dict[str, Any] | None:
    """Everything the report of a month says; none where no formula was in force."""
    wanted = ranks.month(actor, day)
    if wanted is None:
        return None
    last = ranks.month(actor, months.before(wanted.month))
    formula = wanted.formula
    volumes, earlier = ranks.volumes(wanted), ranks.volumes(last)["opened"] if last else None
    worst, best = ranks.extremes(wanted)
    return {
        "month": f"{wanted.month:%Y-%m}",
        "place": places.area(places.county()).name,
        "made": f"{timezone.localtime(now()):%Y-%m-%d %H:%M}",
        "sample": formula.sample,
        "formula": _formula(formula, language),
        "opened": volumes["opened"],
        "opened_before": earlier,
        "days": [[f"{d.day}", volumes["days"].get(str(d), 0)] for d in _days(wanted.month)],
        "channels": _named(volumes["channels"], _channel),
        "categories": _named(volumes["categories"], lambda code: _category(code, language)),
        "consultations": _consultations(wanted, last),
        "whole": _whole(wanted, last),
        "tables": [
            {"group": group, "title": title, "rows": _rows(wanted, last, group)}
            for group, title in (
                ("street", _("Streets")), ("org", _("Organisations")), ("community", _("Communities")),
            )
        ],
        "excluded": [
            {"title": g.title.said(language), "n": n, "basis": g.basis}
            for ground, n in ranks.excluded(wanted).items()
            if (g := formula.exclusions.get(ground)) is not None
        ],
        "worst": _cases(worst, language),
        "best": _cases(best, language),
    }  # fmt: skip


def _days(month: date) -> Iterable[date]:
    end = months.after(month)
    return (date.fromordinal(n) for n in range(month.toordinal(), end.toordinal()))


def _named(rows: list[tuple[str, int]], name: Any) -> list[list[Any]]:
    return [[name(key), n] for key, n in rows]


def _channel(code: str) -> str:
    return CHANNELS.get(code, "其他系统")


def _category(code: str, language: str) -> str:
    found = categories().get(code)
    return found.name(language) if found else code or _("Without a category")


def _consultations(wanted: Month, last: Month | None) -> dict[str, Any]:
    """The calls that were answered at once, beside the month before, and what was asked most."""
    found = consultations.answered(wanted)
    before = consultations.answered(last) if last else None
    return {
        "n": found.consultations,
        "calls": found.calls,
        "before": before.consultations if before and before.calls else None,
        "asked": [[question, n] for question, n in found.asked],
    }


def _formula(formula: Formula, language: str) -> dict[str, Any]:
    """The formula as it is published: title, source, weights, the minimum."""
    return {
        "title": formula.title.said(language),
        "version": formula.version,
        "source": formula.source,
        "minimum": formula.minimum,
        "weights": [[_(RATE_WORDS[rate]), formula.rates[rate].weight] for rate in RATES],
        "text": text(formula),
    }


def text(formula: Formula) -> str:
    """The formula in one line."""
    parts = (f"{formula.rates[rate].weight:g} × {_(RATE_WORDS[rate])}" for rate in RATES)
    return f"{_('Score')} = 100 × ({' + '.join(parts)})"


def _whole(wanted: Month, last: Month | None) -> dict[str, Any]:
    """The district as one, with the month before."""
    here = ranking.together(ranks.counted(wanted, "org"))
    there = ranking.together(ranks.counted(last, "org")) if last else None
    if there is not None and there.answers < wanted.formula.minimum:
        there = None  # too few to compare with
    return {
        "cases": here.cases,
        "excluded": here.excluded,
        "pending": here.pending,
        "score": _score(wanted.formula, here),
        "before": _score(last.formula, there) if last and there else None,
        "rates": [
            [_(RATE_WORDS[rate]), *_share(here, rate), there.shares[rate].value if there else None]
            for rate in RATES
        ],
    }


def _score(formula: Formula, counted: Counted) -> float | None:
    value = ranking.score(formula, counted)[0]
    return None if value is None else round(value, 2)


def _share(counted: Counted, rate: Any) -> list[Any]:
    share = counted.shares[rate]
    return [share.n, share.of, share.value]


def _rows(wanted: Month, last: Month | None, group: Any) -> list[dict[str, Any]]:
    """The ranking as a table, each beside its score and place of the month before."""
    before = {row.counted.key: row for row in ranks.ranked(last, group)} if last else {}
    known = orgs()
    rows = []
    for row in ranks.ranked(wanted, group):
        if row.score is None and not row.counted.excluded:
            continue  # nobody has answered about them
        one, old = row.counted, before.get(row.counted.key)
        rows.append(
            {
                "place": row.place,
                "name": known.get(one.key, one.key) if group == "org" else _area(one.key),
                "score": None if row.score is None else round(row.score, 2),
                "low": round(row.low, 1),
                "high": round(row.high, 1),
                "cases": one.cases,
                "excluded": one.excluded,
                "rates": [_share(one, rate) for rate in RATES],
                "before": round(old.score, 2) if old and old.score is not None and old.place else None,
                "place_before": old.place if old else None,
            }
        )
    return rows if group != "community" else [row for row in rows if row["place"]][:20]


def _area(code: str) -> str:
    return " · ".join(places.path(code)[1:]) or code


def _cases(ids: list[UUID], language: str) -> list[dict[str, Any]]:
    """Cases in words: what was reported, what was done, what the reporter says; masked, without names."""
    states = cases.states_of(ids)
    return [_case(states[id_], language) for id_ in ids if id_ in states]


def _case(state: State, language: str) -> dict[str, Any]:
    rating = heard(state)
    said = {True: _("yes"), False: _("no"), None: "—"}
    return {
        "number": format_number(state["number"]),
        "title": masked(state["title"]),
        "category": _category(state["category"], language),
        "area": _area(state["area"][:12]),
        "org": orgs().get(state["org"], state["org"]),
        "opened": f"{timezone.localtime(state['opened_at']):%Y-%m-%d}",
        "closed": f"{timezone.localtime(state['closed_at']):%Y-%m-%d}" if state["closed_at"] else "",
        "late": breached(state),
        "reworks": state["reworks"],
        "text": _short(state["text"]),
        "result": _short(_result(state)),
        "contacted": said[rating.contacted] if rating else "—",
        "solved": said[rating.solved] if rating else "—",
        "satisfied": rating.satisfied if rating else None,
        "words": _short(rating.words) if rating else "",
    }


def _result(state: State) -> str:
    """The last result that was written, by whoever answered."""
    view = cases.view(Actor.system(), state.id)
    results = [e.data.get("facts", {}).get("result") for e in view.timeline if e.kind == "case.moved"]
    return next((str(one) for one in reversed(results) if one), "")


def _short(words: str) -> str:
    clean = " ".join(masked(words).split())
    return clean if len(clean) <= MOST_WORDS else clean[:MOST_WORDS] + "…"
