"""What waits for a decision: seen by those who may decide, decided once, never by who asked."""

import re
from typing import Any

import pytest

from shanzhi.cases import actions, queries
from shanzhi.cases.sides import Ask
from shanzhi.desk.tests.clicking import actor
from shanzhi.web.tests.demo import signed_in


@pytest.fixture
def asked(case: Any) -> Any:
    """A registered case that its registrar wants to void."""
    actions.move(actor("wulian"), case.id, "register")
    actions.ask(actor("wulian"), case.id, Ask("void", "重复上报", None, None, ()))
    return case


def rows(username: str) -> list[Any]:
    page = signed_in(username).get("/desk/approvals")
    assert page.status_code == 200
    return list(page.context["rows"])


def test_who_may_decide_sees_it_and_who_asked_does_not(asked: Any) -> None:
    seen = {name: len(rows(name)) for name in ("wulian", "jiangshuiwu", "sunpaiqian")}
    assert seen["wulian"] == seen["jiangshuiwu"] == 0
    assert seen["sunpaiqian"] == 1


def test_a_decision_is_made_once_and_leaves_the_list(asked: Any) -> None:
    leader = signed_in("sunpaiqian")
    page = leader.get("/desk/approvals")
    [row] = page.context["rows"]
    name = row["name"]
    key = re.search(rf'name="{re.escape(name)}-key" value="([^"]+)"', page.content.decode())
    assert key
    sent = {"form": name, f"{name}-key": key[1], f"{name}-granted": "no", f"{name}-decision": "请先核实"}
    for _ in range(2):
        assert leader.post("/desk/approvals", sent).status_code == 302
    [request] = queries.state_of(asked.id).requests.values()
    assert (request.status, request.decision) == ("refused", "请先核实")
    assert rows("sunpaiqian") == []


def test_a_refusal_without_a_reason_and_a_form_from_nowhere_are_refused(asked: Any) -> None:
    leader = signed_in("sunpaiqian")
    [row] = rows("sunpaiqian")
    answer = leader.post("/desk/approvals", {"form": row["name"], f"{row['name']}-granted": "no"})
    assert answer.status_code == 422
    for name in ("x.y", f"{asked.id}.nothing"):
        sent = {"form": name, f"{name}-granted": "yes", f"{name}-decision": "好的"}
        page = leader.post("/desk/approvals", sent)
        assert page.status_code in (409, 422), name
        assert "好的" in page.content.decode()
