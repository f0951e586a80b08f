"""Lists of the desk: filters that stand in the address, words and numbers."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict

from shanzhi.base.clock import now
from shanzhi.base.ids import format_number
from shanzhi.cases import actions, search
from shanzhi.cases.models import Case
from shanzhi.cases.opening import Report
from shanzhi.desk.filters import Filter
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.orgs.queries import actors
from shanzhi.web.tests.demo import signed_in


def said(text: str, **given: Any) -> Any:
    [wang] = actors(usernames=["wangdama"])
    values = {"type": "street-issue", "area": "510107005", "account": wang.account} | given
    case = actions.open_case(wang, Report(text=text, **values))
    search.keep(
        [entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry ORDER BY xact, id", [])]
    )
    return case


def titles(query: str, username: str = "wulian") -> list[str]:
    page = signed_in(username).get(f"/desk/?{query}")
    assert page.status_code == 200
    return [line.row["title"] for line in page.context["rows"]]


def test_the_best_answer_stands_first(wuhou: None) -> None:
    said("路灯不亮，在菜市场门口")
    said("井盖和路灯都坏了")
    said("井盖松动")
    assert titles("tab=all&words=井盖 路灯")[0] == "井盖和路灯都坏了"
    assert len(titles("tab=all&words=井盖 路灯")) == 3
    assert titles("tab=all&words=油烟") == []


def test_a_number_finds_its_case(wuhou: None) -> None:
    case = said("井盖松动")
    said("路灯不亮")
    assert titles(f"tab=all&words={format_number(case['number'])}") == ["井盖松动"]


def test_words_and_filters_together(wuhou: None) -> None:
    said("井盖松动", category="C0101")
    said("油烟太大，就在井盖旁边", category="E0107")
    assert titles("tab=all&words=井盖&category=E0107") == ["油烟太大，就在井盖旁边"]
    assert titles("tab=all&words=井盖&order=old") == ["井盖松动", "油烟太大，就在井盖旁边"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("area=510107", 2),
        ("area=510107005", 2),
        ("area=510107009", 0),
        ("open=open", 2),
        ("open=closed", 0),
        ("type=street-issue", 2),
        ("state=closed", 0),
        ("org=centre", 2),
        ("due=late", 1),
        ("due=soon", 0),
        ("due=rest", 0),
        ("since=2020-01-01&until=2020-02-01", 0),
        ("since=2020-01-01", 2),
        ("order=due", 2),
        ("since=yesterday", 2),  # what does not fit is as if it was not given
        ("area=' OR 1=1", 2),
        ("words=%00", 2),
        ("page=99", 0),
        ("page=%C2%B2", 2),
    ],
)
def test_each_filter(wuhou: None, query: str, found: int) -> None:
    late = said("井盖松动")
    said("路灯不亮")
    Case.objects.update(due_at=now() + timedelta(days=9))
    Case.objects.filter(pk=late.id).update(due_at=now() - timedelta(hours=1))
    assert len(titles(f"tab=all&{query}")) == found


def test_filters_do_not_widen_what_one_may_see(wuhou: None) -> None:
    said("井盖松动")
    for query in ("words=井盖", "area=510107", "type=street-issue"):
        assert titles(f"tab=all&{query}", "zhouwangge") == []  # a grid worker of another street


def test_what_is_behind_more_is_counted(wuhou: None) -> None:
    filters = Filter(QueryDict("words=x&org=centre&area=510107005&open=no"))
    assert filters.more_chosen == 2
