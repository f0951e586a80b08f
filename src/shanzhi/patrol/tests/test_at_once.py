"""Several workers at once open one visit, and of two who plan the same one wins; over real connections."""

from datetime import timedelta
from uuid import UUID

import pytest

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict
from shanzhi.cases.models import Case
from shanzhi.cases.tests.district import actor, clean
from shanzhi.cases.tests.together import at_once
from shanzhi.orgs.actor import Actor
from shanzhi.patrol import actions
from shanzhi.patrol.actions import Home, Plan, Said
from shanzhi.patrol.models import Visit
from shanzhi.residents.actions import contact

pytestmark = pytest.mark.usefixtures("committed_district")
KIND, GRID, WORKERS = "elderly-alone", "510107005001001", 4


def planned(person: UUID, *, regular: bool = False) -> UUID:
    plan = Plan(KIND, now().astimezone(BEIJING).date(), regular=regular)
    return actions.plan_visit(actor("zhangdudao"), plan, Home(person, "玉林北路1号", area=GRID)).id


def test_several_workers_at_once_open_each_visit_once() -> None:
    people = [contact(Actor.system(), name=f"王{n}", phone=f"1700000{n:04d}") for n in range(6)]
    for person in people:
        actions.visited(actor("liwangge"), planned(person, regular=True), Said(True, {}))
    later = now() + timedelta(days=7)
    outcomes = at_once([lambda: actions.open_due(at=later)] * WORKERS)
    assert sum(outcomes) == len(people)
    waiting = Visit.objects.filter(closed_at=None)
    assert sorted(waiting.values_list("person", flat=True)) == sorted(people)
    assert actions.open_due(at=later) == 0
    clean()


def test_of_several_who_plan_the_same_visit_at_once_one_wins() -> None:
    person = contact(Actor.system(), name="王", phone="17000000001")
    outcomes = at_once([lambda: planned(person)] * WORKERS)
    assert sum(isinstance(one, UUID) for one in outcomes) == 1
    assert sum(isinstance(one, Conflict) for one in outcomes) == WORKERS - 1
    assert Case.objects.filter(type="visit").count() == 1
    clean()
