"""Reading surveys: what was drawn, what is in one's window, and what came of it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shanzhi.base.errors import NotFound
from shanzhi.cases import queries as cases
from shanzhi.cases.queries import View
from shanzhi.cases.who import window
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.queries import scope
from shanzhi.surveys.models import Pick, Survey


@dataclass(frozen=True, slots=True)
class Result:
    """How many of those who answered say yes: third party and residents, over the same cases, and how often alike."""

    judged: int
    third_solved: tuple[int, int]
    third_satisfied: tuple[int, int]
    said_solved: tuple[int, int]
    said_satisfied: tuple[int, int]
    alike: tuple[int, int]


def reads(actor: Actor) -> bool:
    """Whether the actor sees surveys as a whole."""
    return bool(scope(actor, "audit.read") or scope(actor, "figures.view"))


def surveys(actor: Actor) -> list[dict[str, Any]]:
    """The surveys that concern the actor, the newest first, with how many are judged of how many."""
    picks = Pick.objects.all() if reads(actor) else Pick.objects.filter(evaluator=actor.account or 0)
    drawn, judged = Counter[int](), Counter[int]()
    for survey, at in picks.values_list("survey", "judged_at"):
        drawn[survey] += 1
        judged[survey] += at is not None
    found = Survey.objects.filter(pk__in=drawn).order_by("-pk")
    return [{"survey": one, "drawn": drawn[one.pk], "judged": judged[one.pk]} for one in found]


def survey(actor: Actor, id_: int) -> tuple[Survey, list[Pick]]:
    """A survey with its sample, or as much of it as is in the actor's window; raises NotFound."""
    found = Survey.objects.filter(pk=id_).first()
    picks = Pick.objects.filter(survey=id_).order_by("number")
    picks = picks if reads(actor) else picks.filter(evaluator=actor.account or 0)
    listed = list(picks)
    if found is None or not listed:
        raise NotFound()
    return found, listed


def look(actor: Actor, survey: int, number: int) -> View:
    """One case through the window of its evaluator; raises NotFound for everybody else."""
    pick = Pick.objects.filter(survey=survey, number=number, evaluator=actor.account or 0).first()
    if pick is None:
        raise NotFound()
    return cases.view(window(actor, pick.case), pick.case)


def result(picks: list[Pick]) -> Result:
    """What evaluators and residents say of the same cases; each one's latest word counts."""
    ratings = cases.rated([pick.case for pick in picks if pick.judged_at])
    latest = [_latest(found) for found in ratings.values()]
    answers = [(third.get("solved"), said.get("solved")) for third, said in latest]
    both = [(a, b) for a, b in answers if a is not None and b is not None]
    third, said = [one for one, _ in latest], [one for _, one in latest]
    return Result(
        len(latest),
        _solved(third),
        _satisfied(third),
        _solved(said),
        _satisfied(said),
        (sum(a == b for a, b in both), len(both)),
    )


def _latest(ratings: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    third = [one for one in ratings if one["source"] == "third_party"]
    said = [one for one in ratings if one["source"] != "third_party"]
    return (third[-1] if third else {}), (said[-1] if said else {})


def _solved(ratings: list[dict[str, Any]]) -> tuple[int, int]:
    answers = [one["solved"] for one in ratings if one.get("solved") is not None]
    return sum(answers), len(answers)


def _satisfied(ratings: list[dict[str, Any]]) -> tuple[int, int]:
    answers = [one["satisfied"] >= 4 for one in ratings if one.get("satisfied") is not None]
    return sum(answers), len(answers)


def cases_of(picks: list[Pick]) -> dict[UUID, Any]:
    """The cases of a sample as they stand, by id."""
    return dict(cases.states_of([pick.case for pick in picks]))
