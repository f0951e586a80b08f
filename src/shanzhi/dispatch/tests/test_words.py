"""The dispatcher's word, hands and shifts in the demo district: kept, within his reach, undone."""

from datetime import timedelta

import pytest

from shanzhi.base.clock import now
from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.base.geo import Point
from shanzhi.base.ids import new_id
from shanzhi.cases import queries
from shanzhi.cases.tests.district import YULIN, actor, clean, later, step
from shanzhi.dispatch.actions import assign, forget_places, lift, say, seen
from shanzhi.dispatch.actions.shifts import copy_week, plan, remove
from shanzhi.dispatch.models import Shift, Whereabouts
from shanzhi.dispatch.queries.shifts import first_of, week
from shanzhi.dispatch.rota import Duty
from shanzhi.dispatch.running import run
from shanzhi.dispatch.tests.town import ORG, on_shift, plan_of, waiting, words_of

pytestmark = pytest.mark.usefixtures("district")
SUN = "sunpaiqian"


def test_a_pin_is_kept_and_told_and_ends_when_it_is_lifted() -> None:
    on_shift("zhaochuzhi", 0.2)
    far = on_shift("qianchuzhi", 3.0)
    case = waiting()
    word = say(actor(SUN), "pin", case.id, far, why="熟悉店主")
    with pytest.raises(Conflict):
        say(actor(SUN), "pin", case.id, far, why="再说一次")
    run(ORG, now())
    assert queries.state_of(case.id)["person"] == far
    assert words_of(case.id).startswith("chosen by the dispatcher, ")
    lift(actor(SUN), word.pk)
    run(ORG, later(minutes=1))
    assert queries.state_of(case.id)["person"] != far


def test_who_is_forbidden_does_not_go_and_the_reason_is_said_when_nobody_is_left() -> None:
    one = on_shift("zhaochuzhi", 0.2)
    case = waiting()
    say(actor(SUN), "forbid", case.id, one, why="与当事人有亲属关系")
    run(ORG, now())
    assert queries.state_of(case.id)["person"] is None
    assert words_of(case.id) == "The dispatcher has ruled out everybody who could do it"


def test_a_word_needs_its_reason_its_time_and_somebody_who_works_there() -> None:
    account, case = on_shift("zhaochuzhi"), waiting()
    for wrong in ({"why": " "}, {"until": later(days=8)}, {"until": later(hours=-1)}):
        with pytest.raises(Invalid):
            say(actor(SUN), "pin", case.id, account, **({"why": "熟悉"} | wrong))  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        say(actor(SUN), "pin", case.id, actor("fengyanghu").account or 0, why="熟悉")
    for other in ("wulian", "fengyanghu", "wangdama"):
        with pytest.raises((Denied, NotFound)):
            say(actor(other), "pin", case.id, account, why="熟悉")
    with pytest.raises(NotFound):
        lift(actor(SUN), new_id())


def test_by_hand_beats_the_plan_and_goes_back_to_it() -> None:
    near, far = on_shift("zhaochuzhi", 0.2), on_shift("qianchuzhi", 3.0)
    case = waiting()
    run(ORG, now())
    assign(actor(SUN), case.id, far)
    run(ORG, later(minutes=1))
    assert (queries.state_of(case.id)["person"], plan_of(case.id).assigned) == (far, False)
    assign(actor(SUN), case.id, None)
    run(ORG, later(minutes=2))
    assert queries.state_of(case.id)["person"] == near
    step(case.id, "zhaochuzhi", "accept")
    with pytest.raises(Conflict):
        assign(actor(SUN), case.id, far)
    clean()


def test_places_are_kept_on_shift_only_and_forgotten_after_it() -> None:
    zhao = actor("zhaochuzhi")
    with pytest.raises(Conflict):
        seen(zhao, Point(*YULIN), 20, now())
    account = on_shift("zhaochuzhi", 0.5)
    assert seen(zhao, Point(*YULIN), 5_000, now()) == "inexact"
    assert seen(zhao, Point(YULIN[0] + 0.05, YULIN[1]), 20, now()) == "doubted"
    assert seen(zhao, Point(YULIN[0] + 0.05, YULIN[1]), 20, later(days=1)) == "kept"
    assert seen(zhao, Point(*YULIN), 20, later(days=-1)) == "older"
    with pytest.raises(Invalid):
        seen(zhao, Point(500, 30), 20, now())
    assert forget_places(later(hours=7)) == 0  # the hour in which they are kept beyond the shift
    assert forget_places(later(hours=9)) == 1
    assert not Whereabouts.objects.filter(pk=account).exists()


def duty(username: str, day: int, hour: int, hours: int = 8, **more: object) -> Duty:
    monday = (now() + timedelta(days=8)).date()
    start = first_of(monday - timedelta(days=monday.weekday())) + timedelta(days=day, hours=hour)
    return Duty(actor(username).account or 0, ORG, start, start + timedelta(hours=hours), "ebike", **more)  # type: ignore[arg-type]


def test_a_week_is_planned_all_or_nothing_and_copied_once() -> None:
    sun, first = actor(SUN), duty("zhaochuzhi", 0, 8, skills=("pump",))
    assert plan(sun, [first, duty("qianchuzhi", 0, 16)]) == []
    with pytest.raises(Invalid) as refused:
        plan(sun, [duty("zhaochuzhi", 1, 8), duty("zhaochuzhi", 0, 15)])
    assert refused.value.errors[0].message == "Two shifts of one person at once"
    assert Shift.objects.count() == 2
    assert [one.kind for one in plan(sun, [duty("zhaochuzhi", 0, 20)])] == ["rest"]
    monday = first.start.date()
    assert copy_week(sun, ORG, monday + timedelta(days=7))[0] == 3
    assert copy_week(sun, ORG, monday + timedelta(days=7))[0] == 0
    rows, covered = week(sun, ORG, monday + timedelta(days=7))
    assert [row.skills for row in rows] == [["pump"], [], []]
    assert (covered[8], covered[20], covered[7]) == (1, 2, 0)


def test_who_does_not_plan_for_an_organisation_neither_sees_nor_changes_its_shifts() -> None:
    one = duty("zhaochuzhi", 0, 8)
    for username in ("fengyanghu", "wulian", "wangdama"):
        with pytest.raises(Denied):
            plan(actor(username), [one])
        with pytest.raises(Denied):
            week(actor(username), ORG, one.start.date())
    plan(actor("zhaochuzhi"), [one])  # a handler plans for his own organisation: his role may give out cases
    row = Shift.objects.get()
    with pytest.raises(Denied):
        remove(actor("fengyanghu"), row.pk)
    remove(actor(SUN), row.pk)
    assert not Shift.objects.exists()
    wrong = [duty("fengyanghu", 0, 8), duty("zhaochuzhi", 1, 8, skills=("magic",))]
    with pytest.raises(Invalid) as refused:
        plan(actor(SUN), wrong)
    assert {error.field for error in refused.value.errors} == {"account", "skills"}


def test_a_shift_that_runs_ends_now_and_one_that_is_over_stays() -> None:
    account = on_shift("zhaochuzhi")
    row = Shift.objects.get(account=account)
    remove(actor(SUN), row.pk)
    assert Shift.objects.get().end <= now()
    with pytest.raises(Conflict):
        remove(actor(SUN), row.pk)
