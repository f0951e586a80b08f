"""How good a result is, shown while it is written: a part of the case page that stands in nobody's way."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache

from shanzhi.base.clock import now
from shanzhi.base.errors import NotFound
from shanzhi.cases import queries
from shanzhi.desk.access import at_work
from shanzhi.language.reply import Mark, scored

LONGEST = 20_000
QUESTIONS = {
    "answers": gettext_noop("Answers the question"),
    "complete": gettext_noop("Complete"),
    "basis": gettext_noop("Cites its basis"),
    "readable": gettext_noop("Readable"),
}
LEVELS = {
    "good": (gettext_noop("good"), "good"),
    "fair": (gettext_noop("fair"), "warn"),
    "weak": (gettext_noop("weak"), "bad"),
}


@never_cache
def reply(request: HttpRequest, id_: UUID) -> HttpResponse:
    """The score of what stands in the field `result` now; raises NotFound for whoever may not see the case."""
    actor, state = at_work(request), queries.state_of(id_)
    if not queries.may_see(actor, state):
        raise NotFound()
    words = request.POST.get(f"{request.POST.get('form', '')}-result", "").strip()[:LONGEST]
    score = scored(state["title"], state["text"], words, due=state["due_at"], at=now()) if words else None
    context = {"score": score, "marks": [line(mark) for mark in score.marks] if score else []}
    return render(request, "desk/_reply.html", context)


def line(mark: Mark) -> dict[str, Any]:
    """A question with its level and the reasons in words."""
    level, look = LEVELS[mark.level]
    reasons = [(_(reason.text) % reason.facts, reason.good) for reason in mark.reasons]
    return {"title": _(QUESTIONS[mark.name]), "level": _(level), "look": look, "reasons": reasons}
