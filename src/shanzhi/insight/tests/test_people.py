"""What is counted of a person's work: fairly, with intervals; what is contested and left out no longer counts."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.errors import Conflict, Denied, Invalid, NotFound
from shanzhi.base.sampling import draw, frame, shared_but
from shanzhi.cases.tests.district import actor
from shanzhi.insight import contesting, people
from shanzhi.insight.figures import Value
from shanzhi.insight.measures import Points, Title, earned, quartiles, told
from shanzhi.insight.models import QualityPick, QualitySample, Training
from shanzhi.insight.periods import Period
from shanzhi.insight.tests.closed import done, month, of
from shanzhi.journal.queries import stream
from shanzhi.places.history import today

__all__ = ["done"]

shares = st.lists(st.floats(0, 1), min_size=1, max_size=30)
values = st.integers(1, 60).flatmap(lambda of: st.integers(0, of).map(lambda n: Value(n, of)))


@given(shares)
def test_half_of_them_lie_in_the_middle_half(found: list[float]) -> None:
    low, high = quartiles(found)
    assert min(found) <= low <= high <= max(found)
    assert sum(low <= one <= high for one in found) * 2 >= len(found)


@given(values, st.lists(values, max_size=12), st.integers(5, 30), st.integers(3, 8))
def test_a_share_is_compared_only_with_enough_who_did_enough(
    own: Value, others: list[Value], minimum: int, peers: int
) -> None:
    said = told(own, others, minimum=minimum, peers=peers)
    of = own.of or 0
    assert said.low is not None and said.high is not None
    assert said.low <= own.n / of <= said.high
    assert said.enough == (of >= minimum)
    assert (said.others is not None) == (sum((one.of or 0) >= minimum for one in others) >= peers)


def test_a_plain_count_has_neither_interval_nor_colleagues() -> None:
    assert told(Value(40), [Value(3)] * 20, minimum=5, peers=3).others is None
    assert told(Value(0, 0), [], minimum=5, peers=3).low is None


@given(st.integers(0, 500), st.integers(1, 365), st.floats(0.1, 10), st.floats(1, 100))
def test_points_never_pass_their_cap(n: int, days: int, each: float, cap: float) -> None:
    item = Points(code="x", title=Title(zh="一", en="x"), counts="handled", each=each, cap=cap)
    [one] = earned([item], {"handled": n}, days)
    assert 0 <= one.points <= cap * days / 30 + 1e-9
    assert one.capped == (n * each > cap * days / 30)
    assert earned([item], {}, days)[0].points == 0


@given(
    st.lists(st.tuples(st.uuids(), st.integers(1, 5)), max_size=30), st.lists(st.integers(1, 5), max_size=5)
)
def test_nobody_looks_at_what_he_did_himself(cases: list[tuple[UUID, int]], checkers: list[int]) -> None:
    found = shared_but(cases, checkers)
    assert all(doer != checker and checker in checkers for _, doer, checker in found)
    able = [case for case, doer in cases if set(checkers) - {doer}]
    assert [case for case, _, _ in found] == able


def test_a_worker_sees_his_own_numbers_and_the_cases_behind_them(done: list[UUID]) -> None:
    zhao = actor("zhaochuzhi")
    sheet = people.sheet(zhao, of("zhaochuzhi"), month())
    assert sheet.told["handled"].value == Value(3)
    assert sheet.told["rework"].value == Value(0, 3)
    assert not sheet.told["rework"].enough
    assert sheet.told["rework"].others is None
    assert set(people.behind(of("zhaochuzhi"), "handled", month(), spoilt=False)) == set(done)
    assert people.behind(of("zhaochuzhi"), "rework", month(), spoilt=True) == []
    assert [one.points for one in sheet.points if one.item.code == "handled"] == [6]
    li = people.sheet(actor("liwangge"), of("liwangge"), month())
    assert li.told["verified"].value == Value(3)


def test_nobody_sees_the_numbers_of_others_but_who_leads_them(done: list[UUID]) -> None:
    for username in ("liwangge", "qianchuzhi", "wangdama"):
        with pytest.raises(NotFound):
            people.sheet(actor(username), of("zhaochuzhi"), month())
    zhang = actor("zhangdudao")  # leads Yulin: 李网格, but not the bureau's people
    assert people.leads(zhang, of("liwangge"))
    assert not people.leads(zhang, of("zhaochuzhi"))
    assert not people.leads(zhang, of("zhangdudao"))
    assert people.leads(actor("sunpaiqian"), of("zhaochuzhi"))
    names = [row.name for row in people.rows(zhang, month())]
    assert "李网格" in names and "赵处置" not in names
    assert names == sorted(names)


def test_a_case_is_contested_answered_and_left_out_of_all_his_numbers(done: list[UUID]) -> None:
    zhao, boss = actor("zhaochuzhi"), actor("sunpaiqian")
    made = contesting.contest(zhao, "rework", month(), "报件人重复投诉", done[0])
    with pytest.raises(Conflict):
        contesting.contest(zhao, "rework", month(), "再说一次", done[0])
    assert [one.pk for one in people.waiting(boss)] == [made.pk]
    assert people.waiting(actor("zhangdudao")) == []
    with pytest.raises(NotFound):  # nobody answers himself
        contesting.answer(zhao, made.pk, left_out=True, words="同意")
    with pytest.raises(Invalid):
        contesting.answer(boss, made.pk, left_out=True, words=" ")
    contesting.answer(boss, made.pk, left_out=True, words="核实属实")
    with pytest.raises(Conflict):
        contesting.answer(boss, made.pk, left_out=False, words="反悔")
    sheet = people.sheet(zhao, of("zhaochuzhi"), month())
    assert sheet.told["handled"].value == Value(2)
    assert sheet.told["rework"].value == Value(0, 2)
    assert people.sheet(actor("liwangge"), of("liwangge"), month()).told["verified"].value == Value(3)
    kinds = [entry.kind for entry in stream(contesting._stream(of("zhaochuzhi")))]
    assert kinds == ["performance.contested", "performance.answered"]


def test_what_is_not_ones_own_is_not_contested(done: list[UUID]) -> None:
    for measure, case in (("rework", uuid4()), ("verified", done[0]), ("nonsense", None)):
        with pytest.raises(NotFound):
            contesting.contest(actor("zhaochuzhi"), measure, month(), "不对", case)
    with pytest.raises(Invalid):
        contesting.contest(actor("zhaochuzhi"), "rework", month(), "  ", done[0])


def test_a_sample_is_drawn_by_a_published_seed_and_counts_when_it_is_judged(done: list[UUID]) -> None:
    boss, zhang = actor("sunpaiqian"), of("zhangdudao")
    plan = contesting.Plan("十一月抽查", month(), "510107", 2)
    sample = contesting.draw_sample(boss, plan, [zhang, of("zhaochuzhi")])
    picks = list(QualityPick.objects.filter(sample=sample).order_by("number"))
    assert [one.case for one in picks] == draw(done, 2, sample.seed)
    assert QualitySample.objects.get().frame == frame(done)
    assert {one.checker for one in picks} == {zhang}  # 赵处置 handled them all
    assert people.quality(month()) == {}
    contesting.judge(actor("zhangdudao"), picks[0].pk, good=True, words="")
    with pytest.raises(Invalid):
        contesting.judge(actor("zhangdudao"), picks[1].pk, good=False, words="")
    with pytest.raises(NotFound):
        contesting.judge(boss, picks[1].pk, good=True, words="")
    contesting.judge(actor("zhangdudao"), picks[1].pk, good=False, words="照片不是现场")
    assert people.quality(month()) == {of("zhaochuzhi"): Value(1, 2)}
    assert people.behind(of("zhaochuzhi"), "quality", month(), spoilt=True) == [picks[1].case]
    made = contesting.contest(actor("zhaochuzhi"), "quality", month(), "照片是现场的", picks[1].case)
    contesting.answer(boss, made.pk, left_out=True, words="核对定位属实")
    assert people.quality(month()) == {of("zhaochuzhi"): Value(1, 1)}
    with pytest.raises(Denied):
        contesting.draw_sample(actor("zhangdudao"), plan, [zhang])


def test_training_is_taken_from_a_table_as_a_whole(district: None) -> None:
    boss, day = actor("sunpaiqian"), today().isoformat()
    head = "username,day,hours,title\n"
    rows = (f"liwangge,{day},2,消防", f"liwangge,{day},NaN,消防", f"nobody,{day},1,消防")
    bad = head + "\n".join((*rows, "liwangge,昨天,1,消防", f"liwangge,{day},1,"))
    assert [line for line, _ in contesting.take_training(boss, bad).faults] == [3, 4, 5, 6]
    assert not Training.objects.exists()
    good = f"{head}liwangge,{day},2.5,消防演练\nliwangge,{day},1,急救\n"
    assert contesting.take_training(boss, good).n == 2
    contesting.take_training(boss, good)  # sent again: nothing is counted twice
    assert people.training_hours(month(), [of("liwangge")]) == {of("liwangge"): 3.5}
    assert contesting.take_training(actor("liwangge"), good).faults
    earlier = Period(today() - timedelta(days=60), today() - timedelta(days=40))
    assert people.training_hours(earlier, [of("liwangge")]) == {}
