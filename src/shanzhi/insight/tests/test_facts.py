"""Facts and figures: each story is counted as somebody who reads the journal would count it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from shanzhi.base.clock import now
from shanzhi.base.errors import Denied, NotSignedIn
from shanzhi.cases import actions
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.tests.district import actor, brought_to, opened, step
from shanzhi.insight import jobs, queries
from shanzhi.insight.figures import ALL, FIGURES, POSTS, Value
from shanzhi.insight.models import DayHeat, DaySum, Fact
from shanzhi.insight.periods import last_days
from shanzhi.insight.sums import COUNTS, FILL, FILL_HEAT, KEY
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.orgs.actor import Actor

pytestmark = pytest.mark.usefixtures("district")
WEEK = last_days(now().date() + timedelta(days=1), 7)


def read() -> None:
    jobs.keep([entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry ORDER BY xact, id", [])])


def fact(case: UUID) -> Fact:
    read()
    return Fact.objects.get(pk=case)


def counted(username: str = "shenji", **equal: str) -> dict[str, Value]:
    read()
    return queries.figures(queries.where(actor(username), **equal), WEEK)


def test_a_case_that_went_through_the_loop() -> None:
    case = brought_to("closed")
    found = fact(case.id)
    refs = {
        name: f"account:{actor(name).account}"
        for name in ("wangdama", "wulian", "sunpaiqian", "zhaochuzhi", "liwangge")
    }
    assert (found.stage, found.valid, found.owners, found.reworks, found.bounces) == ("ended", True, 1, 0, 0)
    assert (found.collected_by, found.registered_by) == (refs["wangdama"], refs["wulian"])
    assert (found.dispatched_by, found.handled_by) == (refs["sunpaiqian"], refs["zhaochuzhi"])
    assert found.verified_by == refs["liwangge"]
    assert found.registered_at and found.dispatched_at and found.handled_at and found.verified_at
    assert found.registered_at <= found.dispatched_at <= found.handled_at <= found.verified_at
    clocks = (found.register_on_time, found.dispatch_on_time, found.handle_on_time, found.verify_on_time)
    assert clocks == (True, True, True, True)
    assert found.respond_on_time is None  # a street issue has no such clock


def test_what_is_not_decided_yet_is_in_no_share() -> None:
    opened()
    found = counted()
    assert found["reported"] == Value(1)
    for code in ("valid", "register_on_time", "dispatch_accurate", "solved", "closed_in_time"):
        assert found[code] == Value(0, 0), code
        assert found[code].share is None


def test_a_refusal_is_no_valid_report_and_was_looked_at_in_time() -> None:
    case = opened()
    step(case.id, "wulian", "refuse", reason="不属于受理范围")
    assert counted()["valid"] == Value(0, 1)
    assert counted()["register_on_time"] == Value(1, 1)


def test_a_move_after_the_clock_has_run_out_was_not_on_time() -> None:
    case = opened(at=now() - timedelta(days=2))
    step(case.id, "wulian", "register")
    assert fact(case.id).register_on_time is False


def test_who_gets_it_second_and_what_comes_back() -> None:
    case = brought_to("handling")
    step(case.id, "zhaochuzhi", "return", reason="不属于本单位职责")
    step(case.id, "sunpaiqian", "dispatch", org="ecology")
    assert fact(case.id).owners == 2
    found = counted()
    assert found["dispatch_accurate"] == Value(0, 1)
    assert found["ping_pong"] == Value(0, 1)


def test_rework_and_what_the_resident_says() -> None:
    case = brought_to("answered")
    step(case.id, "wangdama", "rework", reason="油烟还是很大")
    assert counted()["rework"] == Value(1, 1)
    done = brought_to("closed")
    answers = Answers(contacted=True, solved=False, satisfied=2)
    actions.evaluate(actor("wangdama"), done.id, answers, source="reporter")
    found = counted()
    assert [found[code] for code in ("contacted", "solved", "satisfied")] == [
        Value(1, 1),
        Value(0, 1),
        Value(0, 1),
    ]
    assert found["judged"] == Value(0, 0)


def test_figures_are_of_what_one_may_see() -> None:
    opened()
    assert counted("zhangdudao")["reported"] == Value(1)
    assert counted("shenji", area="510107001")["reported"] == Value(0)
    assert counted("shenji", org="centre")["reported"] == Value(1)
    for who, error in ((actor("wangdama"), Denied), (Actor.anonymous(), NotSignedIn)):
        with pytest.raises(error):
            queries.where(who)


def test_the_parts_add_up_to_the_whole() -> None:
    brought_to("closed")
    opened(type="complaint", category="A0101")
    whole = counted()
    within = queries.where(actor("shenji"))
    for group in ("street", "community", "org", "type", "category", "channel"):
        parts = queries.by(within, WEEK, group, [one.code for one in FIGURES])
        for code, value in whole.items():
            assert sum(part[code].n for part in parts.values()) == value.n, (group, code)
    posts = queries.by(within, WEEK, "handled_by", list(POSTS["handled_by"][1]))
    assert list(posts) == [f"account:{actor('zhaochuzhi').account}"]


def test_the_list_behind_a_figure_is_as_long_as_the_figure_says() -> None:
    brought_to("closed")
    case = brought_to("handling")
    step(case.id, "zhaochuzhi", "return", reason="不属于本单位职责")
    read()
    within = queries.where(actor("shenji"))
    values = queries.figures(within, WEEK) | queries.current(within)
    for code, value in values.items():
        figure = ALL[code]
        expected = value.n if not figure.whole or figure.better == "less" else (value.of or 0) - value.n
        assert len(queries.behind(within, WEEK, figure, limit=100)) == expected, code


def test_days_and_places_add_up_too() -> None:
    brought_to("closed")
    opened()
    read()
    within = queries.where(actor("shenji"))
    days = queries.series(within, WEEK)
    assert len(days) == 7
    assert (sum(day[1] for day in days), sum(day[2] for day in days)) == (2, 1)
    assert sum(queries.heat(within, WEEK).values()) == 2
    assert len(queries.longest(within)) == 1


def test_made_again_from_nothing_the_facts_are_the_same() -> None:
    brought_to("closed")
    brought_to("handling")
    read()
    before = list(Fact.objects.order_by("pk").values())
    Fact.objects.all().delete()
    read()
    assert list(Fact.objects.order_by("pk").values()) == before


def test_cases_are_not_counted_by_just_anything() -> None:
    within: Any = queries.where(actor("shenji"), **{"1; DROP TABLE insight_fact": "x"})
    with pytest.raises(ValueError, match="not counted by"):
        queries.figures(within, WEEK)


def test_the_sums_are_those_of_the_facts() -> None:
    """Kept step by step they are what one gets who drops the table and reads again."""
    brought_to("closed")
    case = brought_to("handling")
    read()
    step(case.id, "zhaochuzhi", "return", reason="不属于本单位职责")
    step(case.id, "sunpaiqian", "dispatch", org="ecology")
    read()
    opened(type="complaint", category="A0101", at=now() - timedelta(days=2))
    read()
    read()
    numbers = ("reported", "closings", *COUNTS)
    sums = DaySum.objects.exclude(reported=0, closings=0).order_by("day", "street", "org", "type")
    kept = list(sums.values(*KEY, *numbers))
    heat = list(DayHeat.objects.exclude(n=0).order_by("day", "area").values("day", "area", "n"))
    with connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute(FILL_HEAT)
    assert heat == list(DayHeat.objects.order_by("day", "area").values("day", "area", "n"))
    assert kept == list(sums.values(*KEY, *numbers))
    assert sum(row["reported"] for row in kept) == 3


def test_what_is_too_fine_for_the_sums_is_counted_from_the_facts() -> None:
    brought_to("closed")
    opened()
    coarse, fine = counted(), counted(area="510107005001")
    assert coarse == fine == counted(category="E0107")
    within = [queries.where(actor("shenji"), area=area) for area in ("", "510107005001")]
    assert [one.source() is queries.SUMS for one in within] == [True, False]
    assert len({tuple(queries.series(one, WEEK)) for one in within}) == 1
    assert queries.heat(within[0], WEEK) == queries.heat(
        queries.where(actor("shenji"), category="E0107"), WEEK
    )
