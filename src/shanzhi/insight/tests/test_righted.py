"""A whole number that was contested: the cases named are left out, or it is put right and both are shown."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.errors import Invalid
from shanzhi.cases.tests.district import actor
from shanzhi.insight import contesting, people
from shanzhi.insight.contesting import Right
from shanzhi.insight.figures import Value
from shanzhi.insight.models import Contest, LeftOut
from shanzhi.insight.periods import Period
from shanzhi.insight.tests.closed import done, month, of
from shanzhi.journal.queries import stream
from shanzhi.places.history import today

__all__ = ["done"]

DAY = today()
PERIODS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
    lambda found: Period(DAY - timedelta(days=max(found)), DAY - timedelta(days=min(found)))
)


@given(
    PERIODS, PERIODS, st.integers(0, 50), st.integers(0, 50), st.integers(-60, 60),
    st.one_of(st.none(), st.integers(-60, 60)),
)  # fmt: skip
def test_what_is_put_right_is_added_only_where_its_whole_time_is_counted_and_stays_a_number(
    shown: Period, meant: Period, n: int, more: int, n_more: int, of_more: int | None
) -> None:
    value = Value(n, None if of_more is None else n + more)
    one = Contest(account=1, measure="m", first=meant.first, last=meant.last, n_more=n_more, of_more=of_more)
    found = people.righted({1: {"m": value}}, [one], shown)[1]["m"]
    if not (shown.first <= meant.first and meant.last <= shown.last):
        assert found == value
    assert found.n >= 0
    assert found.of is None or 0 <= found.n <= found.of


def sheet(period: Period | None = None) -> people.Sheet:
    return people.sheet(actor("zhaochuzhi"), of("zhaochuzhi"), period or month())


def test_the_cases_named_are_left_out_of_all_his_numbers(done: list[UUID]) -> None:
    boss = actor("sunpaiqian")
    made = contesting.contest(actor("zhaochuzhi"), "handled_on_time", month(), "系统停机两天")
    for named, right in (((), None), (done[:1], Right(1, 1)), ((uuid4(),), None)):
        with pytest.raises(Invalid):
            contesting.answer(boss, made.pk, left_out=True, words="同意", named=named, right=right)
    assert not LeftOut.objects.exists()
    contesting.answer(boss, made.pk, left_out=True, words="停机属实", named=[done[0], done[1], done[0]])
    found = sheet()
    assert (found.told["handled"].value, found.out) == (Value(1), {made.pk: 2})
    assert people.behind(of("zhaochuzhi"), "handled", month(), spoilt=False) == [done[2]]
    entry = stream(contesting._stream(of("zhaochuzhi")))[-1]
    assert entry.data["named"] == [str(done[0]), str(done[1])]


def test_a_number_put_right_counts_and_what_was_counted_stands_beside_it(done: list[UUID]) -> None:
    boss = actor("sunpaiqian")
    made = contesting.contest(actor("zhaochuzhi"), "handled", month(), "有两件记在同事名下")
    with pytest.raises(Invalid):  # as it is counted already
        contesting.answer(boss, made.pk, left_out=True, words="同意", right=Right(3))
    contesting.answer(boss, made.pk, left_out=True, words="台账核实", right=Right(5))
    found = sheet()
    assert (found.told["handled"].value, found.counted["handled"]) == (Value(5), Value(3))
    assert [(one.n_more, one.answer) for one in found.right] == [(2, "台账核实")]
    assert [one.points for one in found.points if one.item.code == "handled"] == [10]
    [row] = [one for one in people.rows(boss, month()) if one.account == of("zhaochuzhi")]
    assert (row.told["handled"].value, row.right) == (Value(5), frozenset({"handled"}))
    shorter = sheet(Period(today() - timedelta(days=3), today()))
    assert shorter.told["handled"].value == Value(
        3
    )  # only said: how much of it falls into these days nobody knows
    assert len(shorter.right) == 1
    before = Period(today() - timedelta(days=90), today() - timedelta(days=60))
    assert sheet(before).right == []


@pytest.mark.parametrize("right", [Right(4, 3), Right(-1, 3), Right(2, None), Right(2_000_000, 2_000_000)])
def test_what_is_no_share_puts_nothing_right(done: list[UUID], right: Right) -> None:
    made = contesting.contest(actor("zhaochuzhi"), "rework", month(), "不对")
    with pytest.raises(Invalid):
        contesting.answer(actor("sunpaiqian"), made.pk, left_out=True, words="同意", right=right)


def test_a_share_put_right_and_one_that_stays(done: list[UUID]) -> None:
    boss, zhao = actor("sunpaiqian"), actor("zhaochuzhi")
    share = contesting.contest(zhao, "handled_on_time", month(), "时限算错")
    contesting.answer(boss, share.pk, left_out=True, words="节假日未扣除", right=Right(2, 4))
    assert sheet().told["handled_on_time"].value == Value(2, 4)
    quality = contesting.contest(zhao, "quality", month(), "没有抽到我")
    contesting.answer(boss, quality.pk, left_out=True, words="补录两件", right=Right(2, 2))
    assert sheet().told["quality"].value == Value(2, 2)
    other = contesting.contest(zhao, "handled", month(), "太少")
    contesting.answer(boss, other.pk, left_out=False, words="请指明案件")
    assert sheet().told["handled"].value == Value(3)
