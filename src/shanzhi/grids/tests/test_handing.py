"""Leave begins: what lies with somebody goes to who stands in, or back to the team, once; with real transactions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation

from shanzhi.base.clock import now
from shanzhi.cases import actions, queries
from shanzhi.cases.jobs import notify
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import actor, brought_to, clean, later, step
from shanzhi.desk.sheet import Sheet
from shanzhi.dispatch.inforce import setting
from shanzhi.dispatch.reading import on_shift as hands
from shanzhi.dispatch.tests.town import on_shift
from shanzhi.grids.handing import hand_over
from shanzhi.grids.models import Handover
from shanzhi.journal.queries import stream
from shanzhi.notices.models import Notice
from shanzhi.orgs import posted
from shanzhi.places.history import today

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("committed_district")]
COMMUNITY = "510107005001"


def of(username: str) -> int:
    return actor(username).account or 0


def on_leave(
    username: str, substitute: str | None, *, days: int = 3, starts: int = 0, area: str = COMMUNITY
) -> int:
    """Posts somebody to the community around the cases (or elsewhere, or nowhere), and sends him on leave."""
    boss, day = actor("sunpaiqian"), today() + timedelta(days=starts)
    if area:
        posted.post(boss, of(username), area, today() - timedelta(days=10))
    stands_in = of(substitute) if substitute else None
    return int(posted.leave(boss, of(username), day, day + timedelta(days=days), stands_in).pk)


def handled(username: str = "zhaochuzhi") -> State:
    """A case that somebody is at."""
    return step(brought_to("dispatched").id, username, "accept")


def given(username: str = "zhaochuzhi") -> State:
    """A case that waits for somebody by name."""
    return step(brought_to("dispatched").id, "sunpaiqian", "assign", person=of(username))


def at_once(work: Any, times: int = 2) -> list[Any]:
    """The same done in several connections at the same moment."""
    together = Barrier(times)

    def one() -> Any:
        try:
            together.wait(20)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [each.result(60) for each in [pool.submit(one) for _ in range(times)]]


def moves(case: State) -> list[str]:
    return [e.data["facts"]["move"] for e in stream(case.id) if e.actor == "system"]


def test_two_workers_at_once_hand_everything_over_once_to_who_stands_in() -> None:
    cases = [handled(), given(), handled()]
    other = handled("qianchuzhi")
    leave = on_leave("zhaochuzhi", "qianchuzhi")
    assert sorted(at_once(lambda: hand_over(today(), now()))) == [0, 3]
    for case in cases:
        state = queries.state_of(case.id)
        assert (state["person"], state["state"]) == (of("qianchuzhi"), case["state"])
    assert [moves(case) for case in cases] == [["hand_over"], ["assign"], ["hand_over"]]
    assert moves(other) == []
    entry = stream(cases[0].id)[-1]
    with translation.override("zh-hans"):
        last = today() + timedelta(days=3)
        words = [text for _, text in Sheet.of(actor("sunpaiqian"), cases[0].id).timeline[0].words]
        assert f"原经办人休假至 {last.isoformat()}：由替班人接办" in words
    notify([entry])
    assert of("qianchuzhi") in Notice.objects.filter(entry=entry.id).values_list("account", flat=True)
    row = Handover.objects.get()
    assert (row.leave, row.substitutes, row.team, row.stayed) == (leave, 3, 0, 0)
    assert hand_over(today(), later(minutes=1)) == 0
    clean()


def test_without_a_substitute_it_goes_back_to_the_team_who_are_told() -> None:
    case, waits = handled(), given()
    on_leave("zhaochuzhi", None)
    assert hand_over(today(), now()) == 2
    for one in (case, waits):
        state = queries.state_of(one.id)
        assert (state["person"], state["state"], state["org"]) == (None, "dispatched", "urban-management")
    notify([stream(case.id)[-1]])
    told = set(Notice.objects.filter(entry=stream(case.id)[-1].id).values_list("account", flat=True))
    assert {of("zhaochuzhi"), of("qianchuzhi")} <= told
    clean()


def test_a_substitute_who_is_away_or_works_elsewhere_gets_nothing() -> None:
    case = handled()
    on_leave("qianchuzhi", None)
    on_leave("zhaochuzhi", "qianchuzhi")
    hand_over(today(), now())
    assert queries.state_of(case.id)["person"] is None
    other = given("qianchuzhi")
    assert queries.state_of(other.id)["person"] == of("qianchuzhi")  # given by hand meanwhile: it stays
    assert hand_over(today(), later(minutes=1)) == 0


@pytest.mark.parametrize(("area", "goes"), [("", True), ("510107005002", False)])
def test_who_is_posted_nowhere_has_a_substitute_everywhere_and_who_is_posted_elsewhere_not_here(
    area: str, goes: bool
) -> None:
    case = handled()
    on_leave("zhaochuzhi", "qianchuzhi", area=area)
    assert hand_over(today(), now()) == 1
    assert queries.state_of(case.id)["person"] == (of("qianchuzhi") if goes else None)


def test_a_substitute_of_another_office_cannot_have_it() -> None:
    case = handled()
    on_leave("zhaochuzhi", "fengyanghu")
    assert hand_over(today(), now()) == 1
    assert queries.state_of(case.id)["person"] is None


def test_before_its_day_and_after_it_nothing_goes_and_nothing_comes_back() -> None:
    case = handled()
    on_leave("zhaochuzhi", "qianchuzhi", starts=2)
    assert hand_over(today(), now()) == 0
    assert hand_over(today() + timedelta(days=2), later(days=2)) == 1
    for days in (3, 6, 9):
        assert hand_over(today() + timedelta(days=days), later(days=days)) == 0
    assert queries.state_of(case.id)["person"] == of("qianchuzhi")
    new = given()
    assert hand_over(today() + timedelta(days=4), later(days=4)) == 0
    assert queries.state_of(new.id)["person"] == of("zhaochuzhi")


def test_what_somebody_holds_just_then_is_handed_over_at_the_next_turn() -> None:
    held, free = handled(), handled()
    on_leave("zhaochuzhi", "qianchuzhi")

    def slow() -> None:
        try:
            with transaction.atomic():
                actions.note(actor("sunpaiqian"), held.id, "请尽快")
                started.wait(20)
                connection.cursor().execute("SELECT pg_sleep(0.6)")
        finally:
            connection.close()

    started = Barrier(2)
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(slow)
        started.wait(20)
        hand_over(today(), now())
        busy.result(30)
    hand_over(today(), later(minutes=1))
    assert [queries.state_of(one.id)["person"] for one in (held, free)] == [of("qianchuzhi")] * 2
    clean()


def test_what_no_move_lets_go_stays_and_is_counted() -> None:
    case = step(handled().id, "zhaochuzhi", "resolve")
    on_leave("zhaochuzhi", "qianchuzhi")
    assert hand_over(today(), now()) == 0
    assert queries.state_of(case.id)["person"] == of("zhaochuzhi")
    assert Handover.objects.get().stayed == 1


def test_who_is_on_leave_is_sent_nowhere_whatever_the_shifts_say() -> None:
    account = on_shift("zhaochuzhi", east=None)
    found = setting()
    assert found is not None
    assert [one.account for one in hands(now(), found)] == [account]
    on_leave("zhaochuzhi", None)
    assert hands(now(), found) == []
