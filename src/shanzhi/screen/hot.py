"""What many say at once, what next week will bring, and how well replies were written."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.base.errors import NotFound, gettext_noop
from shanzhi.cases import queries as cases
from shanzhi.orgs.queries import orgs
from shanzhi.screen.asking import Asked
from shanzhi.screen.listing import lines
from shanzhi.screen.regrouping import RegroupForm, regrouped
from shanzhi.topics import queries
from shanzhi.topics.actions import may_change
from shanzhi.topics.queries import Expected, Topic
from shanzhi.web import names
from shanzhi.web.forms import posted
from shanzhi.web.report import area_choices

SHOWN = 20
LEVELS = {"street": gettext_noop("Streets"), "community": gettext_noop("Communities")}
QUESTIONS = ("answers", "complete", "basis", "readable")


def hot(request: HttpRequest) -> HttpResponse:
    """The topics of the period, the hottest first, and the coming week; two statements."""
    asked = Asked.of(request)
    area, at = asked.given.get("area", ""), ends(asked)
    found = queries.hot(asked.actor, days=asked.period.days, at=at, area=area, most=SHOWN)
    level = request.GET.get("level", "")
    level = level if level in queries.LEVELS else "street"
    coming = queries.expected(asked.actor, at=at, level=level, area=area)
    context = {
        "asked": asked,
        "topics": [topic_line(one) for one in found],
        "expected": [expected_line(one) for one in coming if one.found][:SHOWN],
        "short": sum(one.found is None for one in coming),
        "seasonal": any(one.found and one.found.seasonal for one in coming),
        "areas": area_choices()[1:],
        "levels": [(code, _(title), code == level) for code, title in LEVELS.items()],
        "query": asked.query(),
        "here": "hot",
    }
    return render(request, "screen/hot.html", context)


def topic(request: HttpRequest, id_: UUID) -> HttpResponse:
    """The cases of one topic, to be put right by who may; raises NotFound where the asker may see none."""
    asked, status = Asked.of(request), 200
    form = _regroup(request, asked, id_) if may_change(asked.actor) else None
    if form is not None and form.is_bound:
        made = regrouped(request, asked, id_, form)
        if made is not None:
            messages.success(request, _("Done."))
            return redirect(f"{reverse('topic', args=[made])}?{asked.query()}")
        status = 422
    rows = list(lines(cases.of_ids(asked.actor, queries.topic(asked.actor, id_))))
    if not rows:
        raise NotFound()
    context = {"asked": asked, "rows": rows, "form": form, "query": asked.query(), "here": "hot"}
    return render(request, "screen/topic.html", context, status=status)


def _regroup(request: HttpRequest, asked: Asked, id_: UUID) -> RegroupForm:
    """The form that joins this topic with another hot one, or splits a case off."""
    found = queries.hot(asked.actor, days=asked.period.days, at=ends(asked))
    others = [one for one in found if one.id != id_]
    return RegroupForm(posted(request), others=others)


def replies(request: HttpRequest) -> HttpResponse:
    """The mean marks of replies by organisation and month."""
    asked, known = Asked.of(request), orgs()
    first = _start(asked)
    found = queries.replies(asked.actor, first=first, last=ends(asked), area=asked.given.get("area", ""))
    rows = [row | {"name": known.get(row["org"], row["org"]), "marks": marks(row)} for row in found]
    context = {"asked": asked, "rows": rows, "query": asked.query(), "here": "replies"}
    return render(request, "screen/replies.html", context)


def marks(row: dict[str, Any]) -> list[str]:
    """The means of the four questions, of all (out of 100), and the share in time."""
    four = [float(row[name]) for name in QUESTIONS]
    whole = f"{sum(four) / len(four) / 2 * 100:.0f}"
    in_time = "—" if row["in_time"] is None else f"{float(row['in_time']) * 100:.0f} %"
    return [*(f"{value:.1f}" for value in four), whole, in_time]


def topic_line(one: Topic) -> dict[str, Any]:
    """A topic in words."""
    return {
        "id": one.id,
        "title": one.title,
        "places": " / ".join(names.area(code) for code in one.areas[:2]) or _("unknown"),
        "reports": one.heat.reports,
        "people": one.heat.people,
        "open": sum(case["open"] for case in one.cases),
        "before": one.heat.before,
        "growth": f"{one.heat.growth * 100:+.0f} %",
        "heat": f"{one.heat.index:.1f}",
        "how": f"{one.heat.fresh:.1f} × {one.heat.spread:.2f} × {1 + max(0.0, one.heat.growth):.2f}",
        "first": one.first,
        "last": one.last,
    }


def expected_line(one: Expected) -> dict[str, Any]:
    """What is expected of a category in an area, in words."""
    return {
        "area": names.area(one.area),
        "category": names.category(one.category) or _("unknown"),
        "counts": one.counts,
        "found": one.found,
        "mean": f"{one.found.mean:.1f}" if one.found else "",
        "rises": one.rises,
    }


def ends(asked: Asked) -> datetime:
    """The end of the period, but not in the future."""
    day = timezone.make_aware(datetime.combine(asked.period.last + timedelta(days=1), datetime.min.time()))
    return min(now(), day)


def _start(asked: Asked) -> datetime:
    return timezone.make_aware(datetime.combine(asked.period.first, datetime.min.time()))
