"""Finding cases by their words, in the demo district."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.cases import actions, search
from shanzhi.cases.opening import Report
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import YULIN, actor, clean, later
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.language.words import kept
from shanzhi.orgs.actor import Actor


@pytest.fixture(autouse=True)
def _verified(district: None) -> Iterator[None]:
    yield
    clean()


def said(text: str, **values: Any) -> State:
    """A report of 王大妈 in Yulin, found by its words from then on."""
    who = actor("wangdama")
    given_: dict[str, Any] = {"type": "street-issue", "lon": YULIN[0], "lat": YULIN[1]}
    case = actions.open_case(who, Report(**(given_ | {"text": text, "account": who.account} | values)))
    read()
    return case


def read() -> None:
    search.keep(
        [entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry ORDER BY xact, id", [])]
    )


def test_a_case_is_found_by_any_of_its_words() -> None:
    case = said("玉林街口的下水道井盖坏了，晚上没有路灯", address="电信南街20号")
    said("楼下烧烤店油烟太大")
    for words in ("井盖", "路灯 井盖", "下水道", "电信南街", "井盖坏了怎么办"):
        assert search.best(actor("wulian"), words)[0] == case.id, words


def test_those_with_every_word_come_first_then_those_with_some() -> None:
    both, one, other = said("路灯和井盖都坏了"), said("路灯不亮"), said("井盖松动")
    assert search.best(actor("wulian"), "井盖 路灯")[0] == both.id
    assert set(search.best(actor("wulian"), "井盖 路灯")) == {both.id, one.id, other.id}


def test_a_case_is_found_by_the_name_of_its_category() -> None:
    case = said("楼下太呛人了", category="E0107")
    assert search.best(actor("wulian"), "油烟") == [case.id]


def test_nobody_finds_what_he_may_not_see() -> None:
    said("井盖松动")
    assert search.best(actor("zhouwangge"), "井盖") == []  # a grid worker of another street
    assert search.best(actor("admin"), "井盖") == []  # runs the machine, not the cases
    assert len(search.best(actor("wangdama"), "井盖")) == 1  # her own


def test_old_cases_are_found_after_the_new() -> None:
    old = said("井盖松动", at=later(days=-900))
    new = said("井盖松动")
    assert search.best(actor("shenji"), "井盖") == [new.id, old.id]


def test_reading_twice_changes_nothing() -> None:
    said("井盖松动")
    before = run("SELECT case_id, words::text FROM cases_search", [])
    read()
    assert run("SELECT case_id, words::text FROM cases_search", []) == before
    assert len(before) == 1


@pytest.mark.parametrize(
    "text", ["", "的", "！？", "'", "\\", "' | '@202611", "a:*b & !c", "\x00" * 3, "井" * 500]
)
def test_no_words_break_it(text: str) -> None:
    said("井盖松动")
    assert search.best(Actor.system(), text) == []


@given(st.text(max_size=60))
def test_no_text_holds_the_word_of_a_month(text: str) -> None:
    assert not [word for word in kept(text + "@202611") if word.startswith("@")]


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_the_windows_are_two_weeks_and_the_last_two_years_without_a_gap(today: date) -> None:
    found = list(search.windows(today))
    days = [word for window in found[: len(search.DAYS)] for word in window]
    assert days == [search.day_word(today - timedelta(days=i)) for i in range(sum(search.DAYS))]
    months = [word for window in found[len(search.DAYS) :] for word in window]
    assert found[-1] == ()
    assert months[0] == search.month_word(today)
    assert len(set(months)) == len(months) == sum(search.WINDOWS)
    assert months == sorted(months, reverse=True)
    assert (
        int(months[0][1:5]) * 12 + int(months[0][5:]) - int(months[-1][1:5]) * 12 - int(months[-1][5:]) == 23
    )


@pytest.mark.parametrize(("words", "least"), [(1, [1]), (2, [2, 1]), (3, [3, 2, 1]), (6, [6, 5, 4, 1])])
def test_words_are_given_up_one_by_one(words: int, least: list[int]) -> None:
    assert search.steps(words) == least
