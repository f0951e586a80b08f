"""The ranking's pages and its documents: a leader clicks from a rate to its cases, the report opens in Word."""

from io import BytesIO

import docx
import pytest

from shanzhi.cases import actions
from shanzhi.cases.evaluation import Answers
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import actor, opened, step
from shanzhi.desk.tests.clicking import statements
from shanzhi.hotline.actions.keeping import refresh
from shanzhi.web.tests.demo import signed_in


@pytest.fixture
def ratings(wuhou: None) -> list[State]:
    """Two complaints of Yulin, closed: the first is rated 1, the second 5."""
    found = []
    for stars in (1, 5):
        case = opened(type="complaint", category="E0504", text=f"店外经营，找13812345678（{stars}）")
        step(case.id, "sunpaiqian", "dispatch")
        step(case.id, "hanyulin", "accept")
        step(case.id, "hanyulin", "answer", result="已劝离，见13912345678")
        step(case.id, "wulian", "confirm")
        actions.evaluate(actor("hejiexian"), case.id, Answers(stars > 1, stars > 2, stars), source="call")
        found.append(case)
    refresh([case.id for case in found])
    return found


def test_a_leader_clicks_from_a_rate_to_its_cases(ratings: list[State]) -> None:
    leader = signed_in("shenji")
    page = leader.get("/screen/ranking")
    [row] = page.context["rows"]
    assert (row["row"].place, row["shares"][1]["text"]) == (None, "50.0%")
    behind = leader.get(f"/screen/ranking/cases?{row['shares'][1]['query']}")
    assert [str(one["id"]) for one in behind.context["rows"]] == [str(ratings[0].id)]
    for group in ("community", "org"):
        assert len(leader.get(f"/screen/ranking?by={group}").context["rows"]) == 1
    assert leader.get("/screen/ranking?month=2014-01").status_code == 200
    assert leader.get("/screen/ranking?month=2010-01").status_code == 200
    assert leader.get("/screen/ranking/cases?rate=luck").status_code == 404


def test_who_sees_no_figures_sees_no_ranking(ratings: list[State]) -> None:
    for path in ("/screen/ranking", "/screen/ranking/cases?rate=response", "/screen/monthly.docx"):
        assert signed_in("hanyulin").get(path).status_code == 403
    assert signed_in("zhangdudao").post("/screen/ranking/report").status_code == 403


def test_the_ranking_costs_few_statements(ratings: list[State]) -> None:
    assert statements(signed_in("shenji"), "/screen/ranking") <= 9


def test_the_report_opens_as_a_document_and_as_a_pdf(ratings: list[State]) -> None:
    leader = signed_in("shenji")
    answer = leader.get("/screen/monthly.docx")
    document = docx.Document(BytesIO(answer.content))
    said = "\n".join(p.text for p in document.paragraphs)
    assert "2 complaints came in" in said
    assert "13812345678" not in said
    assert "138********" in said
    assert len(document.inline_shapes) >= 3
    assert leader.get("/screen/monthly.pdf").content.startswith(b"%PDF-")
    assert leader.get("/screen/monthly.exe").status_code == 404


def test_a_report_that_is_kept_stays_as_it_was(ratings: list[State]) -> None:
    leader = signed_in("admin")
    assert leader.get("/screen/ranking/report").status_code == 405
    assert leader.post("/screen/ranking/report").status_code == 302
    assert len(leader.get("/screen/ranking").context["reports"]) == 1
