"""Points visited as often as their risk asks, and rounds over them in the demo district."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied
from shanzhi.cases.tests.district import actor
from shanzhi.dispatch.actions.rounds import plan_rounds
from shanzhi.dispatch.queries import own_round
from shanzhi.dispatch.queries.rounds import points_of, rounds_of
from shanzhi.dispatch.queries.shifts import first_of
from shanzhi.dispatch.tests.town import on_shift
from shanzhi.dispatch.visits import Point, due, of_day

DAY = date(2026, 11, 30)
YULIN = "street-yulin"


@given(st.text(max_size=20), st.integers(1, 28), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_over_any_seven_days_each_point_has_its_visits_evenly(key: str, weekly: int, first: date) -> None:
    point = Point(key, key, 104.0, 30.6, weekly, 5)
    week = [due(point, first + timedelta(days=n)) for n in range(7)]
    assert sum(week) == weekly
    assert max(week) - min(week) <= 1


def test_the_load_is_about_the_same_each_day() -> None:
    points = [Point(f"p{n}", "", 104.0, 30.6, 3, 5) for n in range(200)]
    load = [len(of_day(points, DAY + timedelta(days=n))) for n in range(7)]
    assert sum(load) == 600
    assert max(load) < 1.35 * min(load)


@pytest.mark.usefixtures("district")
def test_rounds_visit_every_point_that_is_due_within_the_share_of_the_shift() -> None:
    day = (now() + timedelta(days=1)).date()
    start = first_of(day) + timedelta(hours=8)
    account = on_shift("hanyulin", None, org=YULIN, start=start, end=start + timedelta(hours=8))
    wanted = of_day(points_of(YULIN), day)
    row = plan_rounds(actor("sunpaiqian"), YULIN, day, seconds=0.3)
    mine = own_round(actor("hanyulin"), day)
    assert len(mine) + len(row.missed) == len(wanted) > 0
    assert [one["account"] for one in row.rounds] == [account]
    assert [visit["at"] for visit in mine] == sorted(visit["at"] for visit in mine)
    assert all(start.isoformat() <= visit["at"] for visit in mine)
    assert own_round(actor("zhaochuzhi"), day) == []
    with pytest.raises(Denied):
        plan_rounds(actor("hanyulin"), YULIN, day)
    with pytest.raises(Denied):
        rounds_of(actor("hanyulin"), YULIN, day)


@pytest.mark.usefixtures("district")
def test_without_shifts_every_visit_is_left_out_and_says_why() -> None:
    day = (now() + timedelta(days=3)).date()
    row = plan_rounds(actor("sunpaiqian"), YULIN, day, seconds=0.1)
    assert {one["why"] for one in row.missed} == {"nobody"}
    assert plan_rounds(actor("sunpaiqian"), YULIN, day, seconds=0.1).rounds == []
