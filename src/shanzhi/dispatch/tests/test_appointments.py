"""Appointments with residents, from the report to the plan: nobody is sent before, who is sent comes within, what was
missed is told once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import BEIJING, now
from shanzhi.base.errors import Denied, Invalid
from shanzhi.cases import actions, queries
from shanzhi.cases.jobs import notify
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import actor, brought_to, clean, opened, step
from shanzhi.cases.workflow import Inputs
from shanzhi.dispatch import agreed
from shanzhi.dispatch.actions.appointments import check, tell_missed
from shanzhi.dispatch.jobs import plan
from shanzhi.dispatch.models import Missed, Whereabouts
from shanzhi.dispatch.queries import route
from shanzhi.dispatch.queries.watch import watch
from shanzhi.dispatch.setting import Appointment
from shanzhi.dispatch.tests.town import ORG, on_shift, plan_of, words_of
from shanzhi.journal.queries import stream
from shanzhi.notices.models import Notice

pytestmark = pytest.mark.usefixtures("district", "even_day")
PARTS = {"morning": ("09:00", "12:00"), "afternoon": ("14:00", "18:00"), "night": ("20:00", "24:00")}
AGREED = Appointment(day="day", part="part", within=14, parts=PARTS)


def at(hour: int, minute: int = 0, days: int = 2) -> datetime:
    """A time of a day to come, in Beijing."""
    day = now().astimezone(BEIJING) + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def visit(part: str = "afternoon", days: int = 2) -> dict[str, str]:
    return {"visit_day": f"{at(0, days=days).date()}", "visit_part": part}


def waiting(part: str = "afternoon", **given: Any) -> State:
    return brought_to("dispatched", data=visit(part), **given)


def seen_again(account: int, when: datetime) -> None:
    """As if his telephone had been seen just now."""
    Whereabouts.objects.filter(pk=account).update(at=when)


def there(username: str, when: datetime, east: float = 2.0) -> int:
    """Somebody on shift around a time to come, so far east of where it is, seen then."""
    account = on_shift(username, east)
    from shanzhi.dispatch.models import Shift

    Shift.objects.filter(account=account).update(
        start=when - timedelta(hours=3), end=when + timedelta(hours=6)
    )
    seen_again(account, when)
    return account


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.sampled_from([*PARTS, "any", "", None, 3]),
    st.integers(-60_000, 60_000),
)
def test_a_time_agreed_lies_ahead_and_not_too_far_or_it_is_refused(day: Any, part: Any, minutes: int) -> None:
    moment = datetime(2027, 6, 1, 10, tzinfo=BEIJING) + timedelta(minutes=minutes)
    data = {"day": day.isoformat(), "part": part}
    found, wrong = agreed.window(AGREED, data), agreed.wrong(AGREED, data, moment)
    assert (found is not None) == (part in PARTS)
    if found is not None:
        assert found.start.astimezone(BEIJING).date() == day and found.start < found.end
        far = found.start > moment + timedelta(days=14)
        assert bool(wrong) == (found.end <= moment or far)
    else:
        assert bool(wrong) == (part in ("", None))


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "9999-12-31", "", None, 7])
def test_what_is_no_day_is_no_appointment(day: Any) -> None:
    assert agreed.window(AGREED, {"day": day, "part": "night"}) is None


def test_from_the_report_to_the_plan_nobody_is_sent_before_and_who_is_sent_arrives_within() -> None:
    case = waiting()
    account = there("zhaochuzhi", at(12))
    plan(at(12))
    assert queries.state_of(case.id)["person"] is None
    assert words_of(case.id) == f"Agreed for {at(0):%m-%d}, 14:00–18:00: nobody has to set out yet"
    for minute in range(0, 120, 5):  # all the way up to the hour: nobody stands at the door for long
        when = at(13) + timedelta(minutes=minute)
        seen_again(account, when)
        plan(when)
        if queries.state_of(case.id)["person"] is not None:
            break
    assert queries.state_of(case.id)["person"] == account
    assert when >= at(13, 35)
    row = plan_of(case.id)
    assert row.arrival is not None and at(14) <= row.arrival <= at(18)
    assert "within the time agreed, 14:00–18:00; nobody else can do it now" in words_of(case.id)
    with translation.override("zh-hans"):
        from shanzhi.dispatch.saying import said

        assert "在约定的 14:00–18:00 时段内到达" in said(row.why)
    [stop] = route(actor("zhaochuzhi"), when).stops
    assert stop.window is not None and (stop.window.start, stop.missed) == (at(14), False)
    assert stop.arrival is not None and at(14) <= stop.arrival <= at(18)
    clean()


def test_when_nobody_can_be_there_in_time_it_says_so_and_on_the_page_stands_the_time() -> None:
    case = waiting()
    there("zhaochuzhi", at(17, 55), east=9.0)
    plan(at(17, 55))
    assert words_of(case.id) == "Nobody who could do it can be there by 18:00, as was agreed"
    [job] = watch(actor("sunpaiqian"), ORG, at(17, 56)).jobs
    assert job.matter.window is not None and job.matter.window.facts["until"] == "18:00"


def test_what_lies_with_somebody_by_the_plan_goes_back_when_a_later_day_is_agreed() -> None:
    case = brought_to("dispatched")
    account = on_shift("zhaochuzhi")
    plan()
    assert queries.state_of(case.id)["person"] == account
    step(case.id, "wangdama", "appoint", fields=visit("morning"))
    plan(now() + timedelta(minutes=2))
    assert queries.state_of(case.id)["person"] is None
    back = stream(case.id)[-1]
    assert (back.data["facts"]["move"], back.actor) == ("release", "system")
    step(case.id, "sunpaiqian", "assign", person=account)
    plan(now() + timedelta(minutes=4))
    assert queries.state_of(case.id)["person"] == account  # what a person has given stays


def test_who_changes_it_and_what_is_refused() -> None:
    case = brought_to("dispatched", data=visit())
    for username in ("wangdama", "hejiexian", "sunpaiqian", "zhaochuzhi"):
        state = step(case.id, username, "appoint", fields=visit("evening", days=3))
    assert state["data"] == visit("evening", days=3)
    assert step(case.id, "wangdama", "appoint", fields={"visit_part": "any"})["data"] == {
        "visit_day": None,
        "visit_part": "any",
    }
    with pytest.raises(Denied):
        step(case.id, "liwangge", "appoint", fields=visit())
    refused: tuple[tuple[dict[str, str], str, str], ...] = (
        (visit(days=-1), "visit_day", "This time is over"),
        (visit(days=40), "visit_day", "days ahead"),
        ({"visit_part": "morning"}, "visit_day", "on which day"),
        ({"visit_day": "2026-02-30", "visit_part": "morning"}, "visit_day", "does not fit"),
        ({"visit_day": "2026-12-01", "visit_part": "midnight"}, "visit_part", "does not fit"),
        ({}, "visit_part", "needed"),
    )
    for fields, where, says in refused:
        with pytest.raises(Invalid) as error:
            step(case.id, "wangdama", "appoint", fields=fields)
        assert [(one.field, says in one.message) for one in error.value.errors] == [(where, True)], fields
    with pytest.raises(Invalid):
        opened(data=visit(days=-1))
    assert opened(data=visit())["data"] == visit()
    clean()


def test_a_day_on_which_nobody_works_is_refused_and_one_that_nobody_has_planned_is_not() -> None:
    from shanzhi.dispatch.models import Shift

    opened(data=visit("evening"))  # no shift is planned at all so far
    account = on_shift("zhaochuzhi", east=None)
    Shift.objects.filter(account=account).update(start=at(8), end=at(16))
    opened(data=visit("morning"))
    opened(data=visit("evening", days=3))
    with pytest.raises(Invalid) as error:
        opened(data=visit("evening"))
    [found] = error.value.errors
    assert (found.field, found.message) == (
        "visit_day",
        "Nobody who could come is on shift then: choose another time",
    )
    late = brought_to("dispatched", data=visit("evening", days=3))
    Shift.objects.filter(account=account).update(
        start=now() - timedelta(hours=1), end=now() + timedelta(hours=2)
    )
    plan()
    assert "when nobody is on shift so far" in words_of(late.id)


def test_a_missed_one_is_told_once_to_the_resident_the_owner_and_the_dispatcher() -> None:
    case = waiting()
    assert tell_missed(at(17, 59)) == 0
    assert tell_missed(at(18)) == 1
    assert tell_missed(at(18, 1)) == 0
    entry = stream(case.id)[-1]
    assert entry.data["facts"]["missed"] == {"day": f"{at(0):%m-%d}", "since": "14:00", "until": "18:00"}
    notify([entry])
    told = set(Notice.objects.filter(kind="case.missed").values_list("account", flat=True))
    assert {actor(name).account for name in ("wangdama", "zhaochuzhi", "sunpaiqian")} <= told
    there("zhaochuzhi", at(18, 30))
    plan(at(18, 30))
    assert queries.state_of(case.id)["person"] is None  # nobody rings a bell at a time that was not agreed
    assert "is over and nobody came: agree on another" in words_of(case.id)
    step(case.id, "hejiexian", "appoint", fields=visit("morning", days=3))
    assert tell_missed(at(18, 31)) == 0
    assert tell_missed(at(12, 1, days=3)) == 1
    assert Missed.objects.filter(case=case.id).count() == 2
    clean()


def test_who_is_at_work_within_the_time_has_not_missed_it() -> None:
    case = waiting()
    step(case.id, "zhaochuzhi", "accept")
    assert tell_missed(at(19)) == 0
    state = actions.move(
        actor("zhaochuzhi"),
        case.id,
        "not_met",
        inputs=Inputs(reason="家中无人", fields=visit("morning", days=3)),
    )
    assert (state["state"], state["data"]) == ("dispatched", visit("morning", days=3))


def test_types_that_are_not_dispatched_have_no_say() -> None:
    from shanzhi.cases.agreeing import Said

    assert check(Said("complaint", visit(days=-9), ORG, now())) == []
