"""The score is what the formula says, a place is given where there is enough to say, and nothing is hidden."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shanzhi.hotline import months
from shanzhi.hotline.ranking import Counted, Share, ranked, score, together
from shanzhi.hotline.setting import RATES, Formula, Setting

WEIGHTS = {"response": 0.2, "resolution": 0.4, "satisfaction": 0.4}
BODY = {
    "version": 1,
    "from": "2026-01-01",
    "title": {"zh": "办法", "en": "Formula"},
    "source": "样例",
    "types": ["complaint"],
    "rates": {name: {"weight": weight} for name, weight in WEIGHTS.items()},
    "minimum": 10,
}
FORMULA = Formula.model_validate(BODY)
shares = st.integers(0, 300).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))
counts = st.builds(
    Counted,
    st.text("abc", min_size=1, max_size=4),
    st.integers(0, 300),
    st.integers(0, 9),
    st.integers(0, 9),
    st.fixed_dictionaries({name: shares for name in RATES}),
)


def counted(key: str, *yes: int, of: int = 100) -> Counted:
    return Counted(key, of, 0, 0, {name: Share(n, of) for name, n in zip(RATES, yes, strict=True)})


def test_the_score_is_the_weighted_sum_out_of_a_hundred() -> None:
    value, low, high = score(FORMULA, counted("a", 90, 80, 50))
    assert value == pytest.approx(100 * (0.2 * 0.9 + 0.4 * 0.8 + 0.4 * 0.5))
    assert value is not None
    assert low < value < high


def test_where_a_question_has_no_answer_there_is_no_score() -> None:
    silent = Counted(
        "a", 5, 0, 0, {"response": Share(1, 1), "resolution": Share(0, 0), "satisfaction": Share(1, 1)}
    )
    assert score(FORMULA, silent)[0] is None
    assert ranked(FORMULA, [silent])[0].place is None


def test_few_answers_give_no_place_however_good() -> None:
    rows = ranked(FORMULA, [counted("few", 9, 9, 9, of=9), counted("many", 50, 50, 50)])
    assert [(row.counted.key, row.place) for row in rows] == [("many", 1), ("few", None)]


def test_equal_scores_share_a_place_and_the_next_is_passed_over() -> None:
    rows = ranked(FORMULA, [counted("b", 80, 80, 80), counted("a", 80, 80, 80), counted("c", 10, 10, 10)])
    assert [(row.counted.key, row.place) for row in rows] == [("a", 1), ("b", 1), ("c", 3)]


@given(counts)
def test_the_score_lies_within_its_bounds_and_these_within_0_and_100(one: Counted) -> None:
    value, low, high = score(FORMULA, one)
    assert -1e-9 <= low <= high <= 100 + 1e-9
    assert value is None or low - 1e-9 <= value <= high + 1e-9


@given(st.lists(counts, unique_by=lambda one: one.key, max_size=12))
def test_everybody_is_listed_once_and_places_follow_the_scores(rows: list[Counted]) -> None:
    found = ranked(FORMULA, rows)
    assert sorted(row.counted.key for row in found) == sorted(one.key for one in rows)
    placed = [row for row in found if row.place is not None]
    assert placed == found[: len(placed)]
    for above, below in zip(placed, placed[1:], strict=False):
        assert round(above.score or 0, 2) >= round(below.score or 0, 2)
        assert (above.place or 0) <= (below.place or 0)


@given(st.lists(counts, max_size=8))
def test_all_together_is_the_sum(rows: list[Counted]) -> None:
    whole = together(rows)
    assert whole.cases == sum(one.cases for one in rows)
    assert whole.shares["response"].of == sum(one.shares["response"].of for one in rows)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rates": {name: {"weight": 0.5} for name in RATES}}, "add up"),
        ({"rates": {"response": {"weight": 1}}}, "the rates are"),
        ({"minimum": 0}, "greater"),
        ({"luck": 1}, "Extra"),
    ],
)
def test_a_formula_that_is_none_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Formula.model_validate(BODY | change)


def test_the_formula_of_a_month_is_the_one_that_was_in_force() -> None:
    later = FORMULA.model_copy(update={"version": 2, "since": date(2026, 6, 1)})
    setting = Setting(ranking=(FORMULA, later))
    assert setting.formula(date(2025, 12, 1)) is None
    assert setting.formula(date(2026, 5, 1)) == FORMULA
    assert setting.formula(date(2026, 6, 1)) == later
    with pytest.raises(ValidationError, match="versions of the formula rise"):
        Setting(ranking=(later, FORMULA))


@given(st.dates(date(2000, 2, 1), date(2099, 11, 30)))
def test_months_follow_each_other(day: date) -> None:
    month = months.first(day)
    assert months.after(months.before(month)) == month == months.before(months.after(month))
    assert months.before(month) < month <= day < months.after(month)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-03", (2026, 3)),
        ("", (2026, 11)),
        ("2027-01", (2026, 11)),
        ("x", (2026, 11)),
        ("1999-12", (2026, 11)),
    ],
)
def test_a_month_in_an_address(text: str, month: tuple[int, int]) -> None:
    assert months.chosen(text, date(2026, 11, 25)) == date(*month, 1)
