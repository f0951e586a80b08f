"""Clocks count what they should, whatever is done to them in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import Calendar, Span
from shanzhi.cases import clocks
from shanzhi.cases.clocks import Clock

CALENDAR = Calendar.default()
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Beijing


def clock(span: str = "24h", *, at: datetime = MONDAY, warn_at: tuple[float, ...] = (0.5, 0.8)) -> Clock:
    return clocks.started(
        "handle", "handle", Span.parse(span), at, CALENDAR, warn_at=warn_at, on_breach="escalate"
    )


@pytest.mark.parametrize(
    ("span", "due"),
    [
        ("24h", "2026-11-24T01:00Z"),
        ("7d", "2026-11-30T01:00Z"),
        ("1wd", "2026-11-23T09:00Z"),  # to the end of the same working day
        ("2wh", "2026-11-23T03:00Z"),
        ("5wd", "2026-11-27T09:00Z"),
    ],
)
def test_natural_and_working_spans(span: str, due: str) -> None:
    assert clock(span).due == datetime.fromisoformat(due)


def test_working_time_passes_over_the_national_holiday_and_counts_the_weekend_worked_for_it() -> None:
    eve = datetime(2025, 9, 30, 8, 0, tzinfo=UTC)  # 16:00, one working hour before eight days off
    assert clock("2wh", at=eve).due == datetime(2025, 10, 9, 2, 0, tzinfo=UTC)
    sunday = datetime(2025, 9, 28, 1, 0, tzinfo=UTC)  # worked in exchange
    assert clock("2wh", at=sunday).due == datetime(2025, 9, 28, 3, 0, tzinfo=UTC)


def test_a_due_time_in_a_year_without_a_notice_is_provisional() -> None:
    assert clock("5wd", at=datetime(2026, 12, 30, 1, 0, tzinfo=UTC)).provisional
    assert not clock("24h", at=datetime(2026, 12, 31, 1, 0, tzinfo=UTC)).provisional


def test_it_warns_at_its_marks_and_breaches_once() -> None:
    running = clock("10h")
    assert running.next_at == MONDAY + timedelta(hours=5)
    half = clocks.ticked(running, MONDAY + timedelta(hours=5), CALENDAR)
    assert (half.lamp, half.next_at) == (0.5, MONDAY + timedelta(hours=8))
    late = clocks.ticked(half, MONDAY + timedelta(hours=30), CALENDAR)
    assert (late.lamp, late.breached_at, late.next_at) == (1.0, MONDAY + timedelta(hours=10), None)
    assert clocks.ticked(late, MONDAY + timedelta(hours=40), CALENDAR) == late


def test_a_clock_stopped_late_has_breached_even_if_nobody_ticked_it() -> None:
    stopped = clocks.stopped(clock("10h"), MONDAY + timedelta(hours=11), CALENDAR)
    assert stopped.breached_at == MONDAY + timedelta(hours=10)


def test_pausing_stops_the_count_and_an_extension_warns_anew() -> None:
    running = clocks.ticked(clock("10h"), MONDAY + timedelta(hours=8), CALENDAR)
    paused = clocks.paused(running, MONDAY + timedelta(hours=9), CALENDAR, reason="suspend")
    assert (paused.due, paused.next_at, paused.spent) == (None, None, 9 * 3600)
    resumed = clocks.resumed(paused, MONDAY + timedelta(days=9), CALENDAR)
    assert resumed.due == MONDAY + timedelta(days=9, hours=1)
    longer = clocks.extended(resumed, 10 * 3600, MONDAY + timedelta(days=9), CALENDAR)
    assert longer.due == MONDAY + timedelta(days=9, hours=11)
    assert (longer.lamp, longer.next_at) == (0.0, MONDAY + timedelta(days=9, hours=1))


@given(seconds=st.integers(0, 400_000), other=st.sampled_from(["90m", "24h", "7d", "8wh", "5wd", "20wd"]))
def test_another_limit_is_counted_from_the_beginning_and_back_again(seconds: int, other: str) -> None:
    one = clock("5wd")
    at = MONDAY + timedelta(seconds=seconds)
    span = Span.parse(other)
    changed = clocks.respanned(one, span, at, CALENDAR)
    assert changed.due == CALENDAR.add(MONDAY, span.seconds, span.working).at
    assert clocks.spent(changed, at, CALENDAR) == CALENDAR.between(MONDAY, at, span.working)
    back = clocks.respanned(changed, Span.parse("5wd"), at, CALENDAR)
    assert (back.due, back.span, back.spent) == (one.due, one.span, one.spent)
    rested = clocks.paused(one, at, CALENDAR, reason="x")
    assert clocks.respanned(rested, span, at, CALENDAR).due is None


STEPS = st.lists(
    st.tuples(st.sampled_from(["pause", "resume", "stop", "tick"]), st.integers(0, 200_000)), max_size=12
)


@given(span=st.sampled_from(["90m", "24h", "7d", "8wh", "5wd"]), steps=STEPS)
def test_what_is_spent_is_the_time_it_ran_and_nothing_else(span: str, steps: list[tuple[str, int]]) -> None:
    one, at, ran, running = clock(span), MONDAY, 0, True
    for name, seconds in steps:
        later = at + timedelta(seconds=seconds)
        if running:
            ran += CALENDAR.between(at, later, one.working)
        at = later
        match name:
            case "pause":
                one, running = clocks.paused(one, at, CALENDAR, reason="test"), False
            case "stop":
                one, running = clocks.stopped(one, at, CALENDAR), False
            case "resume":
                one, running = clocks.resumed(one, at, CALENDAR), True
            case "tick":
                one = clocks.ticked(one, at, CALENDAR)
        assert clocks.spent(one, at, CALENDAR) == ran
        assert (one.due is not None) == (one.status == "running")
        if one.breached_at is not None:
            assert ran >= one.span


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_clock_of_natural_time_knows_when_it_began(first: int, second: int) -> None:
    """Running, stopped and running again; only its rest is left out."""
    running = clock()
    assert clocks.began(running) == MONDAY
    stopped = clocks.stopped(running, MONDAY + timedelta(seconds=first), CALENDAR)
    assert clocks.began(stopped) == MONDAY
    again = clocks.resumed(stopped, MONDAY + timedelta(seconds=first + second), CALENDAR)
    assert clocks.began(again) == MONDAY + timedelta(seconds=second)
    assert clocks.began(clocks.paused(running, MONDAY, CALENDAR, reason="x")) is None


@given(
    st.sampled_from(["10h", "3d", "5wd", "2wh"]),
    st.integers(0, 200),
    st.integers(0, 300),
)
def test_an_interval_that_does_not_count_moves_the_end_as_a_pause_would_and_can_be_taken_back(
    span: str, before: int, rest: int
) -> None:
    at = MONDAY + timedelta(minutes=before)
    running = clocks.ticked(clock(span), at, CALENDAR)
    if running.due is None or running.due <= at:
        return
    until = at + timedelta(minutes=rest)
    seconds = CALENDAR.between(at, until, running.working)
    rested = clocks.rested(running, seconds, CALENDAR)
    paused = clocks.resumed(clocks.paused(running, at, CALENDAR, reason="agreed"), until, CALENDAR)
    assert rested.due == paused.due and rested.next_at == paused.next_at
    assert [round(mark * rested.span) for mark in rested.warn_at] == [
        round(mark * running.span) + seconds for mark in running.warn_at
    ]
    back = clocks.rested(rested, -seconds, CALENDAR)
    assert (back.due, back.span) == (running.due, running.span)
    assert back.warn_at == pytest.approx(running.warn_at)
    assert clocks.rested(clocks.stopped(running, at, CALENDAR), seconds, CALENDAR).due is None


def test_what_has_warned_before_an_interval_warns_again_only_at_what_is_still_ahead() -> None:
    at = MONDAY + timedelta(hours=6)
    half = clocks.ticked(clock("10h"), at, CALENDAR)
    rested = clocks.rested(half, 48 * 3600, CALENDAR)
    assert rested.due == MONDAY + timedelta(hours=58) and rested.next_at == MONDAY + timedelta(hours=56)
