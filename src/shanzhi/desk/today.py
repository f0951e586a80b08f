"""What I did today, or on another day: for the diary, the handover and the question "did I do that?"."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.cases import queries, types
from shanzhi.desk.access import at_work
from shanzhi.desk.models import Done
from shanzhi.desk.story import WHAT
from shanzhi.web import names

MOST = 500


def today(request: HttpRequest) -> HttpResponse:
    """The day's doings, the last first, and how many of each kind; three statements."""
    actor = at_work(request)
    day, last = chosen_day(request.GET.get("day", "")), timezone.localtime(now()).date()
    begin = timezone.make_aware(datetime.combine(day, time.min))
    done: list[Any] = list(
        Done.objects.filter(account=actor.account or 0, at__gte=begin, at__lt=begin + timedelta(days=1))
        .order_by("-at")
        .values("at", "case", "kind", "move")[:MOST]
    )
    cases = {row["id"]: row for row in queries.of_ids(actor, {one["case"] for one in done})}
    rows = [_row(one, cases.get(one["case"])) for one in done]
    context = {
        "rows": rows,
        "counts": counted(rows),
        "cases": len(cases),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < last else None,
        "last": last,
        "here": "today",
    }
    return render(request, "desk/today.html", context)


def chosen_day(text: str) -> date:
    """The day that is asked for, if it is one and not in the future; else today."""
    last = timezone.localtime(now()).date()
    try:
        return max(min(date.fromisoformat(text), last), date(2000, 1, 1))
    except ValueError:
        return last


def _row(done: dict[str, Any], case: dict[str, Any] | None) -> dict[str, Any]:
    """What was done, in words; a case that one may no longer see is only a time and a deed."""
    return {
        "at": done["at"],
        "what": _what(done, case),
        "id": case["id"] if case else None,
        "number": format_number(case["number"]) if case else "",
        "title": case["title"] if case else "",
    }


def _what(done: dict[str, Any], case: dict[str, Any] | None) -> str:
    if done["move"] and case:
        move = types.version(case["type"], case["type_version"]).moves.get(done["move"])
        return names.titled(move.title) if move else done["move"]
    return names.word(WHAT, done["kind"])


def counted(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """How often each thing was done, the most frequent first."""
    groups = [(what, len(list(group))) for what, group in groupby(sorted(row["what"] for row in rows))]
    return sorted(groups, key=lambda group: -group[1])
