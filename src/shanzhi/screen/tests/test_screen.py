"""The screen: who may see it sees what is his; each figure opens into exactly the cases behind it."""

from datetime import date

import pytest
from django.utils import timezone

from shanzhi.base.clock import now
from shanzhi.cases.tests.district import brought_to, opened, step
from shanzhi.desk.tests.clicking import statements
from shanzhi.insight.jobs import refresh
from shanzhi.insight.periods import Period
from shanzhi.screen.weekly import week_of
from shanzhi.web.tests.demo import signed_in


@pytest.fixture
def life(wuhou: None) -> list[str]:
    """A closed case, one that came back, and a new one."""
    closed, back, new = brought_to("closed"), brought_to("handling"), opened()
    step(back.id, "zhaochuzhi", "return", reason="不属于本单位职责")
    refresh([closed.id, back.id, new.id])
    return [str(case.id) for case in (closed, back, new)]


def test_the_screen_says_each_figure_and_over_how_many(life: list[str]) -> None:
    page = signed_in("shenji").get("/screen/")
    by_code = {card.figure.code: card for _stage, cards in page.context["stages"] for card in cards}
    assert (by_code["reported"].text, by_code["dispatch_accurate"].text) == ("3", "50.0%")
    current = {card.figure.code: card.text for card in page.context["now"]}
    assert (current["open"], current["overdue"]) == ("2", "0")
    assert "1 / 2" in page.content.decode()


def test_a_figure_opens_into_the_cases_behind_it(life: list[str]) -> None:
    page = signed_in("shenji").get("/screen/cases?figure=dispatch_accurate")
    assert [str(row["id"]) for row in page.context["rows"]] == [life[1]]
    assert [
        str(row["id"]) for row in signed_in("shenji").get("/screen/cases?figure=open").context["rows"]
    ] == life[1:]
    assert signed_in("shenji").get("/screen/cases?figure=luck").status_code == 404


def test_a_street_leader_sees_his_street(life: list[str]) -> None:
    page = signed_in("zhangdudao").get("/screen/")
    assert {row["code"] for row in page.context["charts"]["streets"]} == {"510107005"}
    other = signed_in("zhangdudao").get("/screen/cases?figure=reported&area=510107001")
    assert other.context["rows"] == []


@pytest.mark.parametrize(
    ("who", "status"), [("wangdama", 403), ("zhaochuzhi", 403), ("sunpaiqian", 200), ("admin", 200)]
)
@pytest.mark.parametrize(
    "path", ["/screen/", "/screen/wall", "/screen/cases?figure=open", "/screen/leagues", "/screen/weekly.pdf"]
)
def test_only_who_may_see_figures_comes_in(wuhou: None, who: str, status: int, path: str) -> None:
    assert signed_in(who).get(path).status_code == status


def test_the_screen_needs_few_statements(life: list[str]) -> None:
    signed_in("shenji").get("/screen/")  # names and rules are read once in a process
    assert statements(signed_in("shenji"), "/screen/") <= 10
    assert statements(signed_in("shenji"), "/screen/wall") <= 10
    assert statements(signed_in("shenji"), "/screen/leagues?by=handled_by") <= 3


def test_leagues_give_no_place_for_few_cases(life: list[str]) -> None:
    page = signed_in("shenji").get("/screen/leagues?by=org&figure=closed")
    assert page.context["rows"]
    assert {one["row"].place for one in page.context["rows"]} == {None}
    assert signed_in("shenji").get("/screen/leagues?by=x&figure=y").context["group"] == "street"


def test_what_does_not_fit_in_an_address_is_left_out(life: list[str]) -> None:
    page = signed_in("shenji").get("/screen/?area=999&org=nobody&type=x&days=-1&first=x&page=zz")
    assert page.context["asked"].given.keys() <= {"days", "first"}


def test_the_weekly_report_is_a_pdf_of_the_last_whole_week(life: list[str]) -> None:
    answer = signed_in("shenji").get("/screen/weekly.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert timezone.localtime(now()).date() > week_of("", timezone.localtime(now()).date()).last


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", date(2026, 11, 16)),
        ("2026-11-24", date(2026, 11, 23)),
        ("2027-01-01", date(2026, 11, 16)),
        ("x", date(2026, 11, 16)),
    ],
)
def test_a_week_begins_on_monday(text: str, first: date) -> None:
    found = week_of(text, date(2026, 11, 24))
    assert found == Period(first, first + (found.last - found.first))
    assert (found.first.weekday(), found.days) == (0, 7)
