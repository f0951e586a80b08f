"""Several at once, with real transactions: the dispatcher's hand wins, and no two runs of one organisation meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from shanzhi.base.clock import BEIJING, now
from shanzhi.cases import queries
from shanzhi.cases.tests.district import actor, clean, later, step
from shanzhi.dispatch.actions import assign
from shanzhi.dispatch.actions.appointments import tell_missed
from shanzhi.dispatch.models import Missed, Run
from shanzhi.dispatch.running import run
from shanzhi.dispatch.solving import Pairs, solve
from shanzhi.dispatch.tests.town import ORG, on_shift, waiting, words_of
from shanzhi.journal.queries import stream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("committed_district")]


def elsewhere(work: object) -> object:
    """Done in a connection of its own."""
    try:
        return work()  # type: ignore[operator]
    finally:
        connection.close()


def test_what_the_dispatcher_gives_while_a_plan_is_made_is_not_overwritten() -> None:
    near, far = on_shift("zhaochuzhi", 0.2), on_shift("qianchuzhi", 3.0)
    case = waiting()
    reading, given = Event(), Event()

    def slow(worth: object) -> Pairs:
        reading.set()
        assert given.wait(20)
        return solve(worth)  # type: ignore[arg-type]

    with ThreadPoolExecutor(2) as pool:
        planning = pool.submit(elsewhere, lambda: run(ORG, now(), solver=slow))
        assert reading.wait(20)
        assert pool.submit(elsewhere, lambda: run(ORG, now())).result(20) is False  # one at a time
        assign(actor("sunpaiqian"), case.id, far)
        given.set()
        assert planning.result(30)
    assert queries.state_of(case.id)["person"] == far
    assert stream(case.id)[-1].actor != "system"
    found = Run.objects.get(org=ORG)
    assert (found.given, found.skipped) == (0, 1)
    assert words_of(case.id) == "It changed while the plan was made: it is looked at again in a minute"
    assert near != far
    clean()


def test_a_case_that_somebody_holds_is_waited_for_and_then_passed_over() -> None:
    on_shift("zhaochuzhi", 0.2)
    far = on_shift("qianchuzhi", 3.0)
    case = waiting()
    held = Event()

    def by_hand() -> None:
        with transaction.atomic():
            assign(actor("sunpaiqian"), case.id, far)
            held.set()
            connection.cursor().execute("SELECT pg_sleep(0.5)")

    with ThreadPoolExecutor(1) as pool:
        hand = pool.submit(elsewhere, by_hand)
        assert held.wait(20)
        assert run(ORG, later(minutes=1))
        hand.result(20)
    assert queries.state_of(case.id)["person"] == far
    assert Run.objects.get(org=ORG).skipped == 1


def test_two_workers_at_once_tell_of_a_missed_appointment_once() -> None:
    day = (now().astimezone(BEIJING) + timedelta(days=1)).date()
    case = waiting(data={"visit_day": day.isoformat(), "visit_part": "morning"})
    together = Barrier(2)

    def look() -> int:
        together.wait(20)
        return tell_missed(now() + timedelta(days=2))

    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(elsewhere, look) for _ in range(2)]
        assert sorted(str(one.result(30)) for one in found) == ["0", "1"]
    assert [entry.kind for entry in stream(case.id)].count("case.amended") == 1
    clean()


def test_what_the_resident_changes_just_then_is_not_called_missed() -> None:
    day = (now().astimezone(BEIJING) + timedelta(days=1)).date()
    case = waiting(data={"visit_day": day.isoformat(), "visit_part": "morning"})
    held = Event()
    later_on = {"visit_day": (day + timedelta(days=3)).isoformat(), "visit_part": "morning"}

    def changes() -> None:
        with transaction.atomic():
            step(case.id, "wangdama", "appoint", fields=later_on)
            held.set()
            connection.cursor().execute("SELECT pg_sleep(0.5)")

    with ThreadPoolExecutor(1) as pool:
        hand = pool.submit(elsewhere, changes)
        assert held.wait(20)
        assert tell_missed(now() + timedelta(days=2)) == 0
        hand.result(20)
    assert not Missed.objects.exists()
    assert queries.state_of(case.id)["data"] == later_on
