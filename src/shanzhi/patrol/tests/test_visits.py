"""Visits planned by staff, and those that come round by themselves: by right, once each, seen when overdue."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.cases import actions as cases
from shanzhi.cases.queries import state_of
from shanzhi.cases.tests.district import actor, step
from shanzhi.cases.workflow import Inputs
from shanzhi.journal.queries import stream
from shanzhi.orgs.actor import Actor
from shanzhi.orgs.models import Account, Leave, Posting
from shanzhi.patrol import actions, jobs, queries
from shanzhi.patrol.actions import Home, Plan, Said
from shanzhi.patrol.models import Regular, Visit
from shanzhi.residents.actions import contact

pytestmark = pytest.mark.usefixtures("district")
GRID, OTHER = "510107005001001", "510107001001001"
KIND = "elderly-alone"


def today() -> date:
    return now().astimezone(BEIJING).date()


def somebody(n: int = 1) -> UUID:
    return contact(Actor.system(), name=f"王独居{n}", phone=f"1700000{n:04d}", address="玉林北路1号")


def planned(who: str = "zhangdudao", person: UUID | None = None, **given: object) -> UUID:
    plan = Plan(**({"kind": KIND, "due": today()} | given))  # type: ignore[arg-type]
    return actions.plan_visit(actor(who), plan, Home(person or somebody(), "玉林北路1号", area=GRID)).id


def kinds_of(person: UUID) -> list[str]:
    return [entry.kind for entry in stream(person)]


def test_who_is_looked_up_for_a_visit_is_masked_and_each_look_is_written_down() -> None:
    person = somebody()
    [found] = actions.find(actor("zhangdudao"), "17000000001")
    assert found.id == person and found.name == "王***" and "17000000001" not in str(found)
    assert kinds_of(person) == ["person.looked"]
    for nobody in ("liwangge", "hejiexian", "zhaochuzhi"):
        with pytest.raises(Denied):
            actions.find(actor(nobody), "17000000001")


def test_the_address_of_the_record_is_used_where_none_is_given_and_that_is_written_down() -> None:
    person, zhang = somebody(), actor("zhangdudao")
    home = actions.home_of(zhang, person, GRID)
    assert home.address == "玉林北路1号" and kinds_of(person) == ["person.looked"]
    with pytest.raises(Invalid):
        actions.home_of(zhang, contact(Actor.system(), name="无址", phone="17000000099"), GRID)
    assert actions.home_of(zhang, person, GRID, "别处2号").address == "别处2号"
    assert kinds_of(person) == ["person.looked"]


@pytest.mark.parametrize("who", ["zhangdudao", "hanyulin", "sunpaiqian"])
def test_leaders_and_street_officers_plan_visits_where_they_work(who: str) -> None:
    person = somebody()
    case = planned(who, person)
    state = state_of(case)
    assert state["open"] and state["area"] == GRID and not state["public"]
    told = list(stream(person))[-1]
    assert (
        told.kind == "person.visit_planned" and told.data["purpose"] == queries.setting().visits[KIND].purpose
    )
    assert [one["case"] for one in queries.visits(actor("liwangge"), ["510107005"], now())] == [str(case)]


def test_nobody_plans_elsewhere_nor_for_a_wrong_day_kind_or_worker() -> None:
    zhang, home = actor("zhangdudao"), Home(somebody(), "某处", area=GRID)
    for who in ("liwangge", "zhaochuzhi", "wangdama"):
        with pytest.raises(Denied):
            actions.plan_visit(actor(who), Plan(KIND, today()), home)
    with pytest.raises(Denied):
        actions.plan_visit(zhang, Plan(KIND, today()), Home(home.person, "某处", area=OTHER))
    stranger = actor("zhouwangge").account
    wrong = Plan("none", today() - timedelta(days=1), stranger)
    with pytest.raises(Invalid) as caught:
        actions.plan_visit(zhang, wrong, home)
    assert {one.field for one in caught.value.errors} == {"kind", "due", "worker"}


def test_one_visit_of_a_kind_waits_for_somebody_at_a_time() -> None:
    person = somebody()
    first = planned(person=person)
    with pytest.raises(Conflict):
        planned(person=person)
    planned(person=person, kind="rental")
    cases.move(actor("hanyulin"), first, "drop", inputs=Inputs(reason="搬走"))
    planned(person=person)  # called off at the desk, whether or not the reader has been there


def test_a_visit_planned_for_a_colleague_is_his_until_he_is_on_leave() -> None:
    zhou = Account.objects.get(username="zhouwangge")
    li = Account.objects.get(username="liwangge")
    posting = {"role": "grid_worker", "area": "510107005001"}
    Posting.objects.create(account=zhou, first=today() - timedelta(days=9), **posting)
    planned(worker=zhou.pk)
    area = ["510107005001"]
    assert len(queries.visits(actor("zhouwangge"), area, now())) == 1
    assert queries.visits(actor("liwangge"), area, now()) == []
    Leave.objects.create(account=zhou, first=today(), last=today(), substitute=li)
    assert len(queries.visits(actor("liwangge"), area, now())) == 1


def made(case: UUID, at: datetime) -> None:
    actions.visited(actor("liwangge"), case, Said(True, {"alone": True}), at=at)


def waiting(person: UUID) -> list[date]:
    return list(Visit.objects.filter(person=person, closed_at=None).values_list("due", flat=True))


def test_who_is_on_the_list_is_visited_again_and_nobody_else() -> None:
    person, other = somebody(1), somebody(2)
    made(planned(person=person, regular=True), now())
    made(planned(person=other), now())
    assert "person.visits_begun" in kinds_of(person) and "person.visits_begun" not in kinds_of(other)
    assert actions.open_due(at=now() + timedelta(days=4)) == 0
    assert actions.open_due(at=now() + timedelta(days=5)) == 1
    assert actions.open_due(at=now() + timedelta(days=30)) == 0  # one waits
    assert waiting(person) == [today() + timedelta(days=7)] and waiting(other) == []
    again = Visit.objects.get(person=person, closed_at=None)
    assert state_of(again.case)["address"] == "玉林北路1号" and again.area == GRID


def test_nobody_at_home_leaves_it_waiting_and_a_visit_called_off_counts_as_the_last() -> None:
    person = somebody()
    case = planned(person=person, regular=True)
    actions.visited(actor("liwangge"), case, Said(False, {}))
    assert actions.open_due(at=now() + timedelta(days=30)) == 0 and len(waiting(person)) == 1
    step(case, "zhangdudao", "drop", reason="住院")
    for entry in [entry for entry in stream(case) if entry.kind == "case.moved"]:
        jobs.ended([entry])
    assert waiting(person) == [] and Regular.objects.get().last == today()
    assert actions.open_due(at=now() + timedelta(days=7)) == 1


def test_a_visit_recorded_at_the_desk_counts_as_made() -> None:
    case = planned(regular=True)
    step(case, "liwangge", "visit", result="一切都好")
    jobs.ended(list(stream(case)))
    row = Visit.objects.get()
    assert row.met and row.done_at == row.closed_at is not None


def test_who_is_taken_off_the_list_is_visited_no_more() -> None:
    person = somebody()
    made(planned(person=person, regular=True), now())
    row = Regular.objects.get()
    with pytest.raises(NotFound):
        actions.stop_regular(actor("liwangge"), row.pk, "想")
    with pytest.raises(Invalid):
        actions.stop_regular(actor("zhangdudao"), row.pk, " ")
    actions.stop_regular(actor("zhangdudao"), row.pk, "搬到女儿家")
    assert actions.open_due(at=now() + timedelta(days=30)) == 0
    told = list(stream(person))[-1]
    assert told.kind == "person.visits_ended" and told.data["reason"] == "搬到女儿家"


def test_what_is_overdue_is_seen_by_whoever_plans_there() -> None:
    person = somebody()
    case = planned(person=person, regular=True)
    Visit.objects.filter(pk=case).update(due=today() - timedelta(days=3))
    found = queries.planned(actor("hanyulin"), today())
    assert [(one["name"], one["days"]) for one in found.overdue] == [("王***", 3)]
    assert found.n_overdue == 1 and found.n_regular == 1 and not found.waiting
    assert "玉林北路" not in str(found)
    assert queries.planned(actor("liwangge"), today()).overdue == []


def test_a_kind_that_the_pack_has_no_more_opens_nothing_and_breaks_nothing() -> None:
    person = somebody()
    case = planned(person=person, regular=True)
    Visit.objects.update(kind="gone")
    Regular.objects.update(kind="gone")
    made(case, now())
    assert actions.open_due(at=now() + timedelta(days=90)) == 0
    [row] = queries.planned(actor("zhangdudao"), today()).regular
    assert row["every"] == "" and row["next"] is None
