"""Clocks that do not count until the time that a resident wishes: by his wish only, within bounds, and told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import BEIJING, Calendar, Span, now
from shanzhi.cases import clocks, queries
from shanzhi.cases.clocks import Clock
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import actor, brought_to, clean, step
from shanzhi.desk.sheet import Sheet
from shanzhi.dispatch import rests
from shanzhi.dispatch.agreed import Window
from shanzhi.dispatch.rests import Interval
from shanzhi.dispatch.setting import Rests
from shanzhi.journal.queries import stream

pytestmark = pytest.mark.usefixtures("district", "even_day")
CALENDAR = Calendar.default()
RULE = Rests(clocks=("handle", "case"), most="7d", times=2)
START = datetime(2026, 11, 23, 1, 0, tzinfo=BEIJING)


def at(hour: int, days: int) -> datetime:
    day = now().astimezone(BEIJING) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def visit(days: int, part: str = "morning") -> dict[str, str]:
    return {"visit_day": f"{at(0, days).date()}", "visit_part": part}


def due(case: State) -> datetime:
    found = queries.state_of(case.id).clocks["handle"].due
    assert found is not None
    return found


def told(case: State) -> list[dict[str, Any]]:
    return [found for entry in stream(case.id) if (found := entry.data["facts"].get("rests"))]


def dispatched(**given: Any) -> State:
    """Fumes: twelve hours to handle them."""
    case = brought_to("dispatched", **given)
    assert case.clocks["handle"].due is not None
    return case


def test_a_time_after_the_limit_that_the_resident_wishes_does_not_count_and_is_shown() -> None:
    case = dispatched()
    before = due(case)
    step(case.id, "wangdama", "appoint", fields=visit(3))
    left = before - now()
    assert abs(due(case) - (at(9, 3) + left)) < timedelta(minutes=1)
    assert due(case) > at(9, 3) and queries.state_of(case.id)["due_at"] == due(case)
    [one] = told(case)
    assert (one["clocks"], one["wished"], one["capped"]) == (["handle"], True, False)
    assert datetime.fromisoformat(one["until"]) == at(9, 3)
    with translation.override("en"):
        sheet = Sheet.of(actor("sunpaiqian"), case.id)
        [row] = [each for each in sheet.clocks if each["clock"].name == "handle"]
        assert row["status"] == f"does not count until {at(9, 3):%m-%d %H:%M}"
        said = [text for label, text in sheet.timeline[0].words if label == "Clock"]
        assert said == [f"does not count until {at(9, 3):%m-%d %H:%M}: a later time was the resident's wish"]
    clean()


def test_a_time_before_the_limit_changes_nothing() -> None:
    case = dispatched(category="E0101")
    before = queries.state_of(case.id).clocks["case"].due
    step(case.id, "wangdama", "appoint", fields=visit(2))
    assert queries.state_of(case.id).clocks["case"].due == before  # fifteen days: it is not late for that one


def test_who_works_on_it_gives_himself_no_time_and_takes_none_away_that_the_resident_has_given() -> None:
    case = dispatched()
    before = due(case)
    step(case.id, "zhaochuzhi", "appoint", fields=visit(3))
    assert due(case) == before and told(case) == []
    step(case.id, "wangdama", "appoint", fields=visit(3))
    rested = due(case)
    step(case.id, "zhaochuzhi", "appoint", fields=visit(5))
    assert due(case) == rested
    step(case.id, "zhaochuzhi", "appoint", fields=visit(2))
    assert abs(due(case) - rested + (at(9, 3) - at(9, 2))) < timedelta(minutes=1)
    step(case.id, "zhaochuzhi", "appoint", fields={"visit_part": "any"})
    assert abs(due(case) - before) < timedelta(minutes=1)
    clean()


def test_what_was_chosen_at_the_report_counts_when_the_clock_begins_and_the_operator_speaks_for_him() -> None:
    case = dispatched(data=visit(4))
    assert due(case) > at(9, 4) and [one["wished"] for one in told(case)] == [True]
    other = dispatched()
    step(other.id, "hejiexian", "appoint", fields=visit(2))
    assert due(other) > at(9, 2)
    clean()


def test_twice_and_seven_days_in_all_and_it_says_when_that_is_over() -> None:
    case = dispatched()
    step(case.id, "wangdama", "appoint", fields=visit(2))
    step(case.id, "wangdama", "appoint", fields=visit(12))
    most = now() + timedelta(days=7)
    assert abs(datetime.fromisoformat(told(case)[-1]["until"]) - most) < timedelta(minutes=1)
    assert told(case)[-1]["capped"] and due(case) < at(9, 12)
    rested = due(case)
    step(case.id, "wangdama", "appoint", fields=visit(13))
    assert due(case) == rested and told(case)[-1]["capped"]  # a third time gives nothing more
    clean()


CLOCKS = st.sampled_from(["12h", "3d", "5wd"])
HOURS = st.integers(1, 24 * 14)


@given(CLOCKS, st.lists(st.tuples(HOURS, st.booleans(), st.integers(0, 30)), min_size=1, max_size=5))
def test_never_more_than_the_pack_allows_and_only_by_residents(
    span: str, wishes: list[tuple[int, bool, int]]
) -> None:
    clock = clocks.started(
        "handle", "handle", Span.parse(span), START, CALENDAR, warn_at=(0.8,), on_breach="tell"
    )
    running: dict[str, Clock] = {"handle": clock}
    ledger, moment = list[Interval](), START
    for hours, own, wait in wishes:
        moment += timedelta(hours=wait)
        window = Window(moment + timedelta(hours=hours), moment + timedelta(hours=hours + 3), "", "")
        before = running["handle"]
        made = rests.resting(RULE, window, own, running, ledger, moment, CALENDAR)
        if made is None:
            continue
        interval, changed = made
        ledger.append(interval)
        running |= changed
        after = running["handle"]
        assert (before.due or START) > moment or after == before  # what is overdue stays overdue
        assert own or (after.due or START) <= (before.due or START)
        assert interval.until <= max(window.start, moment) or not own
        back = rests.told([{"rests": one.facts} for one in ledger])
        assert back == ledger
    assert rests.spent(ledger, moment + timedelta(days=99)) <= timedelta(days=7, seconds=1)
    assert sum(one.wished for one in ledger) <= RULE.times
    if not any(own for _hours, own, _wait in wishes):
        assert ledger == []
