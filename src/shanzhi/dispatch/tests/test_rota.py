"""Shifts as values: two at once, too little rest, a week copied, hours without anybody, tables with mistakes."""

import csv
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import BEIJING
from shanzhi.dispatch.queries.shifts import gaps
from shanzhi.dispatch.rota import Duty, copied, coverage, findings, read

MONDAY = datetime(2026, 11, 30, tzinfo=BEIJING)
REST, LONGEST = timedelta(hours=11), timedelta(hours=12)


def duty(start: float, hours: float = 8, who: int = 1) -> Duty:
    begin = MONDAY + timedelta(hours=start)
    return Duty(who, "o", begin, begin + timedelta(hours=hours), "foot")


def found(fresh: list[Duty], *known: Duty) -> list[str]:
    return [one.kind for one in findings(fresh, known, REST, LONGEST)]


def test_two_at_once_are_refused_and_little_rest_is_warned_of() -> None:
    assert found([duty(8)], duty(15)) == ["twice"]
    assert found([duty(8)], duty(16)) == ["rest"]
    assert found([duty(8)], duty(8 + 8 + 11)) == []
    assert found([duty(8)], duty(9, who=2)) == []
    assert found([duty(8, 13)]) == ["long"]
    assert found([duty(8, 0)]) == ["order"]
    assert found([], duty(8), duty(9)) == []  # what is there already is nobody's fault now
    assert found([duty(20)], duty(0, 24), duty(1, 2)) == ["twice"]  # the long one lasts beyond the short one


duties = st.builds(duty, st.integers(0, 100), st.integers(1, 12), st.integers(1, 3))


@given(st.lists(duties, max_size=8))
def test_two_at_once_are_found_wherever_there_are_any(all_: list[Duty]) -> None:
    clash = any(
        a.account == b.account and a.start < b.end and b.start < a.end
        for n, a in enumerate(all_)
        for b in all_[:n]
    )
    assert ("twice" in found(all_)) == clash
    assert found(copied(all_, timedelta(days=7)), *all_).count("twice") >= found(all_).count("twice")


@given(st.lists(duties, max_size=8))
def test_cover_counts_each_whole_hour(all_: list[Duty]) -> None:
    covered = coverage(all_, MONDAY, 168)
    assert sum(covered) == sum((one.end - one.start).seconds // 3600 for one in all_)
    assert all(covered[hour] == 0 for first, last in gaps(covered) for hour in range(first, last))


def test_a_part_of_an_hour_is_no_cover() -> None:
    half = Duty(1, "o", MONDAY + timedelta(minutes=30), MONDAY + timedelta(hours=3), "foot")
    assert coverage([half], MONDAY, 4) == [0, 1, 1, 0]


def test_a_table_is_read_line_by_line() -> None:
    head = "\ufeffaccount,org,start,end,mode,skills,capacity\n"
    lines = read(
        head
        + "li,o,2026-11-30 08:00,2026-11-30 16:00,ebike,pump、law,2\n"
        + "nobody,o,2026-11-30 08:00,2026-11-30 16:00,ebike,,\n"
        + "li,o,tomorrow,2026-11-30 16:00,ebike,,\n"
        + "li,o,2026-11-30 08:00,2026-11-30 16:00,horse,,\n"
        + "li,o,0001-01-01 08:00,9999-12-31 16:00,ebike,,\n"
        + "li,o,2026-11-30 08:00,2026-11-30 16:00,,,many\n",
        {"li": 7},
        ["foot", "ebike"],
    )
    assert [(one.number, one.complaint) for one in lines] == [
        (2, ""), (3, "account"), (4, "time"), (5, "mode"), (6, "time"), (7, "capacity")
    ]  # fmt: skip
    first = lines[0].duty
    assert first is not None
    assert (first.account, first.start, first.skills, first.capacity) == (
        7, MONDAY + timedelta(hours=8), ("pump", "law"), 2
    )  # fmt: skip
    usual = csv.field_size_limit(131_072)  # others in this process may have asked for more
    try:
        with pytest.raises(ValueError, match="field larger"):
            read(f"{head}{'x' * 200_000},o,,,,,", {}, ["foot"])
    finally:
        csv.field_size_limit(usual)
    with pytest.raises(ValueError, match="end, org, start"):
        read("account\nli\n", {}, ["foot"])
