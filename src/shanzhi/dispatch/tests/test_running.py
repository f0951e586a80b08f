"""The plan of a minute in the demo district: who is given what, what is left and why."""

from datetime import timedelta

import pytest
from django.utils import translation

from shanzhi.base.clock import now
from shanzhi.cases import queries
from shanzhi.cases.jobs import notify
from shanzhi.cases.tests.district import actor, clean, later, step
from shanzhi.dispatch import inforce
from shanzhi.dispatch.jobs import keep, plan
from shanzhi.dispatch.models import Planned, Run, SettingRow, Shift, Worked
from shanzhi.dispatch.queries import route
from shanzhi.dispatch.queries.watch import watch
from shanzhi.dispatch.running import STRANGER, run
from shanzhi.dispatch.saying import said
from shanzhi.dispatch.solving import Pairs
from shanzhi.dispatch.tests.town import ORG, moved, moved_back, on_shift, plan_of, waiting, words_of
from shanzhi.journal.queries import stream
from shanzhi.notices.models import Notice
from shanzhi.orgs.models import GrantRow

pytestmark = pytest.mark.usefixtures("district", "even_day")


def test_a_case_goes_to_the_nearer_of_two_and_says_why_in_both_languages() -> None:
    near, far = on_shift("zhaochuzhi", 0.5), on_shift("qianchuzhi", 2.0)
    case = waiting()
    assert plan() == 1
    state = queries.state_of(case.id)
    assert (state["person"], state["state"]) == (near, "dispatched")
    entry = stream(case.id)[-1]
    assert (entry.actor, entry.data["facts"]["move"]) == ("system", "assign")
    with translation.override("zh-hans"):
        assert said(entry.data["facts"]["why"]) == "约3分钟可到，熟悉这一片，手上有0件任务；次优人选需10分钟"
    with translation.override("en"):
        assert (
            said(entry.data["facts"]["why"])
            == "3 minutes away, knows the area, 0 open tasks; next best 10 minutes"
        )
    assert (plan_of(case.id).account, plan_of(case.id).assigned) == (near, True)
    assert far != near
    clean()


def test_what_lies_with_somebody_is_a_route_with_times() -> None:
    on_shift("zhaochuzhi", 0.5)
    case = waiting()
    plan()
    found = route(actor("zhaochuzhi"), now())
    [stop] = found.stops
    assert (stop.case, stop.begun, found.source) == (case.id, False, "fresh")
    assert stop.travel == pytest.approx(2.6, abs=0.3)
    assert stop.why
    assert stop.arrival is not None
    assert timedelta(minutes=2) < stop.arrival - now() < timedelta(minutes=4)


def test_what_was_given_by_hand_stays_and_is_planned_around() -> None:
    by_hand = on_shift("qianchuzhi", 2.0)
    on_shift("zhaochuzhi", 0.5)
    case = waiting()
    step(case.id, "sunpaiqian", "assign", person=by_hand)
    plan()
    assert queries.state_of(case.id)["person"] == by_hand
    assert plan_of(case.id).account == by_hand
    assert not plan_of(case.id).assigned


def test_the_plan_stays_while_another_is_only_a_little_nearer_and_changes_when_it_pays() -> None:
    first = on_shift("zhaochuzhi", 0.9)
    case = waiting()
    plan()
    on_shift("qianchuzhi", 0.5)
    assert plan(later(minutes=2)) == 1
    assert queries.state_of(case.id)["person"] == first
    Shift.objects.filter(account=first).update(start=now() - timedelta(hours=1))
    moved(first, 5.0)
    plan(later(minutes=4))
    assert queries.state_of(case.id)["person"] != first
    clean()


def test_who_has_begun_keeps_his_task_and_is_free_when_it_is_expected_to_be_done() -> None:
    busy = on_shift("zhaochuzhi", 0.2)
    first, second = waiting(), None
    plan()
    step(first.id, "zhaochuzhi", "accept")
    second = waiting()
    plan(later(minutes=2))
    assert queries.state_of(first.id)["person"] == busy
    assert queries.state_of(second.id)["person"] is None  # thought of already, given when he is free
    assert plan_of(second.id).account == busy
    assert not plan_of(second.id).assigned
    found = route(actor("zhaochuzhi"), later(minutes=2))
    assert [(stop.case, stop.begun) for stop in found.stops] == [(first.id, True)]
    assert found.source == "task"


def test_nobody_on_shift_no_plan_and_the_last_to_go_home_leaves_what_was_given_to_him() -> None:
    case = waiting()
    assert plan() == 0
    account = on_shift("zhaochuzhi")
    plan()
    assert queries.state_of(case.id)["person"] == account
    other = on_shift("qianchuzhi", skills=["pump"])
    Shift.objects.filter(account=account).update(end=now())
    plan(later(minutes=2))
    assert queries.state_of(case.id)["person"] == other
    Shift.objects.filter(account=other).update(end=later(minutes=3))
    on_shift("qianchuzhi", east=None, start=later(minutes=3), end=later(hours=2), area="")
    plan(later(minutes=4))
    assert queries.state_of(case.id)["person"] == other  # on his next shift it is his still


def test_what_was_given_by_hand_to_somebody_who_is_not_on_shift_waits_and_says_so() -> None:
    on_shift("zhaochuzhi")
    case = waiting()
    step(case.id, "sunpaiqian", "assign", person=actor("qianchuzhi").account)
    plan()
    assert words_of(case.id) == "The person it was given to is not on shift"
    assert queries.state_of(case.id)["person"] == actor("qianchuzhi").account


def test_who_is_on_a_shift_of_a_team_without_working_for_it_is_given_nothing_and_the_page_says_so() -> None:
    stranger = on_shift("fengyanghu", 0.1)  # of another street, and the nearest
    mine = on_shift("zhaochuzhi", 2.0)
    case = waiting()
    plan()
    assert queries.state_of(case.id)["person"] == mine
    assert [one.account for one in Planned.objects.filter(case=case.id)] == [mine]
    assert Run.objects.get(org=ORG).skipped == 0
    found = watch(actor("sunpaiqian"), ORG, now())
    assert found.strangers == ("冯养护",) and stranger not in [one.hand.account for one in found.people]


def test_what_lies_with_somebody_who_leaves_the_team_goes_to_who_works_there_and_his_by_hand_says_so() -> (
    None
):
    leaver = on_shift("zhaochuzhi", 0.5)
    by_plan, by_hand = waiting(), waiting()
    plan()
    held = [one for one in (by_plan, by_hand) if queries.state_of(one.id)["person"] == leaver]
    [kept] = [one for one in (by_plan, by_hand) if one not in held]
    step(kept.id, "sunpaiqian", "assign", person=leaver)
    GrantRow.objects.filter(account=leaver, org=ORG).delete()
    plan(later(minutes=2))
    assert queries.state_of(held[0].id)["person"] is None
    back = stream(held[0].id)[-1].data["facts"]
    assert (back["move"], back["why"][0]["message"]) == ("release", STRANGER)
    assert queries.state_of(kept.id)["person"] == leaver  # a person decides about what a person has given
    assert words_of(kept.id) == STRANGER
    clean()


def test_a_place_that_is_hours_old_counts_no_more_and_the_middle_of_the_area_stands_in() -> None:
    account = on_shift("zhaochuzhi", 1.0)
    assert route(actor("zhaochuzhi"), now()).source == "fresh"
    moved_back(account, timedelta(minutes=30))
    assert route(actor("zhaochuzhi"), now()).source == "old"
    moved_back(account, timedelta(hours=3))
    assert route(actor("zhaochuzhi"), now()).source == "area"
    Shift.objects.filter(account=account).update(area="")
    assert route(actor("zhaochuzhi"), now()).source == "nowhere"
    case = waiting()
    plan()
    assert words_of(case.id) == "Nobody is on shift whose place is known"


def test_a_solver_that_finds_nothing_leaves_the_last_plan_and_says_since_when() -> None:
    account = on_shift("zhaochuzhi")
    case = waiting()
    run(ORG, now())

    def fails(_: object) -> Pairs:
        raise ValueError("matrix contains invalid numeric entries")

    other = waiting()
    assert run(ORG, later(minutes=1), solver=fails)
    found = Run.objects.get(org=ORG)
    assert found.failed_at is not None and found.planned_at is not None
    assert found.failed_at > found.planned_at
    assert plan_of(case.id).account == account
    assert queries.state_of(other.id)["person"] is None
    run(ORG, later(minutes=2))
    assert Run.objects.get(org=ORG).failed_at is None


def test_only_proposed_where_the_district_wants_that() -> None:
    row = SettingRow.objects.get()
    SettingRow.objects.update(body={**row.body, "mode": "propose"})
    inforce._setting.cache_clear()
    account = on_shift("zhaochuzhi")
    case = waiting()
    plan()
    assert queries.state_of(case.id)["person"] is None
    assert (plan_of(case.id).account, plan_of(case.id).assigned) == (account, False)
    inforce._setting.cache_clear()


def test_two_people_go_together_or_not_at_all() -> None:
    one = on_shift("zhaochuzhi", 0.5)
    case = waiting(category="E0401", text="路面塌陷")
    step(case.id, "sunpaiqian", "transfer", org=ORG, reason="由执法局处置")
    plan()
    assert words_of(case.id) == "It needs more people than can come now"
    two = on_shift("qianchuzhi", 0.7)
    plan(later(minutes=2))
    assert {row.account for row in Planned.objects.filter(case=case.id)} == {one, two}
    [entry] = [e for e in stream(case.id) if e.data["facts"].get("move") == "assign"]
    notify([entry])
    assert set(
        Notice.objects.filter(kind="case.assigned", entry=entry.id).values_list("account", flat=True)
    ) >= {one, two}
    for name in ("zhaochuzhi", "qianchuzhi"):
        assert [stop.case for stop in route(actor(name), later(minutes=2)).stops] == [case.id]


def test_what_is_finished_counts_for_a_fair_share() -> None:
    account = on_shift("zhaochuzhi")
    case = waiting()
    plan()
    step(case.id, "zhaochuzhi", "accept")
    step(case.id, "zhaochuzhi", "resolve")
    keep(stream(case.id))
    row = Worked.objects.get(account=account)
    assert (row.tasks, row.minutes) == (1, 20.0)


def test_when_the_last_goes_home_what_was_given_to_him_goes_back_to_the_team() -> None:
    account = on_shift("zhaochuzhi")
    case, begun = waiting(), waiting()
    plan()
    mine = [one for one in (case, begun) if queries.state_of(one.id)["person"] == account]
    Shift.objects.filter(account=account).update(end=now())
    assert plan(later(minutes=2)) == 1
    assert [queries.state_of(one.id)["person"] for one in mine] == [None]
    assert words_of(mine[0].id) == "Nobody is on shift whose place is known"
    assert plan(later(minutes=4)) == 0
    clean()
