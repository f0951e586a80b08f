"""Several cases at once: what all of them allow, each by itself, each with its outcome."""

import re
from typing import Any

from shanzhi.cases import actions, queries
from shanzhi.cases.opening import Report
from shanzhi.desk.tests.clicking import actor
from shanzhi.web.tests.demo import signed_in


def reported(n: int) -> list[Any]:
    wang = actor("wangdama")
    area = {"area": "510107005", "account": wang.account}
    return [actions.open_case(wang, Report("street-issue", f"井盖松动{i}", **area)) for i in range(n)]  # type: ignore[arg-type]


def chosen(cases: list[Any]) -> list[str]:
    return [str(case.id) for case in cases]


def key(html: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', html)
    assert found
    return found[1]


def test_all_chosen_are_moved_and_sending_twice_moves_once(wuhou: None) -> None:
    cases, wulian = reported(3), signed_in("wulian")
    page = wulian.get("/desk/bulk", {"case": chosen(cases), "move": "refuse"})
    sent = {"case": chosen(cases), "move": "refuse", "key": key(page.content.decode()), "reason": "重复"}
    for _ in range(2):
        answer = wulian.post("/desk/bulk", sent)
        assert answer.context["succeeded"] == 3 or "0 of 3" not in answer.content.decode()
    assert {queries.state_of(case.id)["state"] for case in cases} == {"refused"}


def test_only_what_all_of_them_allow_is_offered(wuhou: None) -> None:
    cases, wulian = reported(2), signed_in("wulian")
    offered = {
        code for code, _title, _danger in wulian.get("/desk/bulk", {"case": chosen(cases)}).context["moves"]
    }
    assert {"register", "refuse"} <= offered
    actions.move(actor("wulian"), cases[0].id, "register")
    left = wulian.get("/desk/bulk", {"case": chosen(cases)}).context["moves"]
    assert "register" not in {code for code, _title, _danger in left}


def test_one_that_fails_says_why_and_the_others_are_done(wuhou: None) -> None:
    cases, wulian = reported(2), signed_in("wulian")
    page = wulian.get("/desk/bulk", {"case": chosen(cases), "move": "refuse"})
    form = {"case": chosen(cases), "move": "refuse", "key": key(page.content.decode()), "reason": " "}
    refused = wulian.post("/desk/bulk", form)
    assert refused.status_code == 422
    assert {queries.state_of(case.id)["state"] for case in cases} == {"reported"}


def test_what_one_may_not_see_is_not_touched(wuhou: None) -> None:
    cases = reported(1)
    page = signed_in("jiangshuiwu").get("/desk/bulk", {"case": [*chosen(cases), "x", ""]})
    assert page.context["cases"] == []
