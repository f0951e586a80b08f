"""Drawing a survey, judging a case through its window, closing it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, Denied, FieldError, Invalid, NotFound, gettext_noop
from shanzhi.base.sampling import draw, frame, shared
from shanzhi.cases import actions as cases
from shanzhi.cases import queries
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.who import window
from shanzhi.journal.actions import append
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import require
from shanzhi.surveys.models import Pick, Survey

SPACE = UUID("5b0f2a4e-7d0c-5f0a-9a51-9d2f6d1c0007")
MOST = 2_000
NOBODY = gettext_noop("Choose at least one evaluator")
NOTHING = gettext_noop("No case was closed there in this time")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn: so many cases of those closed in a period, within an area, of a type."""

    title: str
    first: date
    last: date
    size: int
    area: str = ""
    type: str = ""


@transaction.atomic
def plan(actor: Actor, wanted: Plan, evaluators: Sequence[int]) -> Survey:
    """Draws the sample. Its seed is the system's, so that nobody chooses whom he asks; it is published.

    Raises Denied, Invalid for a plan that cannot be drawn.
    """
    require(actor, "audit.read")
    wrong = [
        FieldError(name, message)
        for name, message, is_wrong in (
            ("evaluators", NOBODY, not evaluators),
            ("last", gettext_noop("A period ends after it begins"), wanted.last < wanted.first),
            ("size", gettext_noop("From 1 to 2,000 cases"), not 1 <= wanted.size <= MOST),
        )
        if is_wrong
    ]
    if wrong:
        raise Invalid(errors=wrong)
    days = (wanted.first, wanted.last + timedelta(days=1))
    begin, end = (datetime.combine(day, time.min, BEIJING) for day in days)
    population = queries.closed_between(actor, begin, end, area=wanted.area, type_=wanted.type)
    if not population:
        raise Invalid(errors=[FieldError("first", NOTHING)])
    return _drawn(actor, wanted, population, evaluators)


def _drawn(actor: Actor, wanted: Plan, population: list[UUID], evaluators: Sequence[int]) -> Survey:
    seed = secrets.token_hex(16)
    survey = Survey.objects.create(
        title=wanted.title,
        first=wanted.first,
        last=wanted.last,
        area=wanted.area,
        type=wanted.type,
        size=wanted.size,
        seed=seed,
        population=len(population),
        frame=frame(population),
        drawn_by=actor.ref,
        drawn_at=now(),
    )
    sample = shared(draw(population, wanted.size, seed), list(evaluators))
    Pick.objects.bulk_create(
        Pick(survey=survey, number=n, case=case, evaluator=who) for n, (case, who) in enumerate(sample, 1)
    )
    facts = {
        "survey": survey.pk,
        "seed": seed,
        "population": len(population),
        "frame": survey.frame,
        "size": len(sample),
    }
    append(actor.ref, _stream(survey), "survey.drawn", facts)
    return survey


@transaction.atomic
def judge(actor: Actor, survey: int, number: int, answers: Answers) -> None:
    """What an evaluator found. Raises NotFound for a case outside his window, Conflict for a closed survey."""
    pick = (
        Pick.objects.select_for_update(of=("self",))
        .select_related("survey")
        .filter(survey=survey, number=number, evaluator=actor.account or 0)
        .first()
    )
    if pick is None:
        raise NotFound()
    if pick.survey.closed_at is not None:
        raise Conflict(gettext_noop("The survey is closed"))
    cases.evaluate(window(actor, pick.case), pick.case, answers, source="third_party")
    pick.judged_at = now()
    pick.save(update_fields=["judged_at"])


@transaction.atomic
def close(actor: Actor, survey: int) -> None:
    """Nothing more is judged. Raises Denied."""
    require(actor, "audit.read")
    found = Survey.objects.filter(pk=survey, closed_at=None).first()
    if found is None:
        return
    if found.drawn_by != actor.ref:
        raise Denied()
    found.closed_at = now()
    found.save(update_fields=["closed_at"])
    append(actor.ref, _stream(found), "survey.closed", {"survey": found.pk})


def _stream(survey: Survey) -> UUID:
    return uuid5(SPACE, str(survey.pk))
