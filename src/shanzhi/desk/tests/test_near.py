"""The open cases around a case: near, recent, and only those one may see."""

from datetime import timedelta
from typing import Any

from shanzhi.base.clock import now
from shanzhi.cases import actions
from shanzhi.cases.opening import Report
from shanzhi.cases.workflow import Inputs
from shanzhi.desk.tests.clicking import actor
from shanzhi.web.tests.demo import signed_in


def reported(text: str, metres: float = 0, **given: Any) -> Any:
    wang = actor("wangdama")
    place = {"lon": 104.0665, "lat": 30.6290 + metres / 111_195}
    return actions.open_case(wang, Report("street-issue", text, account=wang.account, **(place | given)))


def test_the_nearest_first_and_none_that_is_far_old_or_closed(wuhou: None) -> None:
    case = reported("井盖松动")
    reported("井盖丢了", 150)
    reported("井盖响", 20)
    reported("远处的井盖", 250)
    reported("去年的井盖", 5, at=now() - timedelta(days=300))
    refused = reported("不受理的井盖", 5)
    actions.move(actor("wulian"), refused.id, "refuse", inputs=Inputs(reason="重复"))
    page = signed_in("sunpaiqian").get(f"/desk/cases/{case.id}/near")
    assert [(row["title"], row["metres"]) for row in page.context["near"]] == [
        ("井盖响", 20),
        ("井盖丢了", 150),
    ]
    assert signed_in("jiangshuiwu").get(f"/desk/cases/{case.id}/near").status_code == 404


def test_without_a_place_there_is_nothing_around(wuhou: None) -> None:
    wang = actor("wangdama")
    case = actions.open_case(wang, Report("street-issue", "井盖", area="510107005", account=wang.account))
    assert signed_in("sunpaiqian").get(f"/desk/cases/{case.id}/near").context["near"] == []
