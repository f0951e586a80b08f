"""A survey: drawn by the auditor, seen through windows, judged, and shown beside what residents say."""

from datetime import timedelta
from typing import Any

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.base.sampling import draw, frame
from shanzhi.cases import actions as cases
from shanzhi.cases import queries as case_queries
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.tests.district import actor, brought_to
from shanzhi.surveys import actions, queries
from shanzhi.surveys.actions import Plan
from shanzhi.surveys.models import Survey

pytestmark = pytest.mark.usefixtures("district")
TODAY = (now() + timedelta(hours=8)).date()


def plan(size: int = 2, **given: Any) -> Plan:
    return Plan("11月回访", TODAY - timedelta(days=1), TODAY + timedelta(days=1), size, **given)


def drawn(closed: int = 3, size: int = 2) -> Survey:
    for _ in range(closed):
        brought_to("closed")
    pinggu = actor("pinggu").account
    assert pinggu
    return actions.plan(actor("shenji"), plan(size), [pinggu])


def test_anybody_with_the_list_can_draw_it_again() -> None:
    survey = drawn()
    _survey, picks = queries.survey(actor("shenji"), survey.pk)
    everything = case_queries.closed_between(
        actor("shenji"), now() - timedelta(days=2), now() + timedelta(days=2)
    )
    assert [pick.case for pick in picks] == draw(everything, 2, survey.seed)
    assert (survey.population, survey.frame) == (3, frame(everything))


def test_an_evaluator_sees_what_was_drawn_and_nothing_else() -> None:
    survey, pinggu = drawn(), actor("pinggu")
    _survey, picks = queries.survey(pinggu, survey.pk)
    assert case_queries.listed(pinggu) == []
    assert queries.look(pinggu, survey.pk, 1).state.id == picks[0].case
    with pytest.raises(NotFound):
        case_queries.view(pinggu, picks[0].case)
    for who, number in (("pinggu", 3), ("shenji", 1), ("wulian", 1)):
        with pytest.raises(NotFound):
            queries.look(actor(who), survey.pk, number)
    with pytest.raises(NotFound):
        queries.survey(actor("wulian"), survey.pk)


def test_what_the_third_party_says_stands_beside_what_the_resident_says() -> None:
    survey, pinggu = drawn(), actor("pinggu")
    _survey, picks = queries.survey(pinggu, survey.pk)
    cases.evaluate(actor("wangdama"), picks[0].case, Answers(True, True, 5), source="reporter")
    actions.judge(pinggu, survey.pk, 1, Answers(None, False, 2, "井盖仍然松动"))
    actions.judge(pinggu, survey.pk, 2, Answers(None, True, 4))
    found = queries.result(queries.survey(actor("shenji"), survey.pk)[1])
    assert (found.judged, found.third_solved, found.third_satisfied) == (2, (1, 2), (1, 2))
    assert (found.said_solved, found.said_satisfied, found.alike) == ((1, 1), (1, 1), (0, 1))
    [listed] = queries.surveys(pinggu)
    assert (listed["drawn"], listed["judged"]) == (2, 2)


def test_nobody_judges_outside_his_window_or_after_the_end() -> None:
    survey = drawn()
    with pytest.raises(NotFound):
        actions.judge(actor("shenji"), survey.pk, 1, Answers(solved=True))
    with pytest.raises(Denied):
        actions.close(actor("wulian"), survey.pk)
    actions.close(actor("shenji"), survey.pk)
    with pytest.raises(Conflict):
        actions.judge(actor("pinggu"), survey.pk, 1, Answers(solved=True))


@pytest.mark.parametrize(
    ("size", "people", "days"), [(0, [1], 0), (5_000, [1], 0), (2, [], 0), (2, [1], -9), (2, [1], 400)]
)
def test_what_cannot_be_drawn_is_refused(size: int, people: list[int], days: int) -> None:
    first = TODAY - timedelta(days=500)
    wanted = Plan("x", first, first + timedelta(days=days), size)
    with pytest.raises(Invalid):
        actions.plan(actor("shenji"), wanted, people)


def test_only_auditors_draw() -> None:
    for who in ("pinggu", "sunpaiqian", "wangdama"):
        with pytest.raises(Denied):
            actions.plan(actor(who), plan(), [1])
