"""The hotline's pages at the desk: calling back, whistling, the list, what is left out."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from shanzhi.base.clock import now
from shanzhi.cases.queries import state_of
from shanzhi.cases.state import State
from shanzhi.cases.tests.district import opened, step
from shanzhi.desk.tests.clicking import statements
from shanzhi.hotline.actions.keeping import refresh
from shanzhi.hotline.models import Callback, Exclusion
from shanzhi.web.tests.demo import signed_in

pytestmark = pytest.mark.usefixtures("wuhou")


def answered() -> State:
    case = opened(type="complaint", category="E0504", text="店外经营，打13812345678找我")
    step(case.id, "sunpaiqian", "dispatch")
    step(case.id, "hanyulin", "accept")
    case = step(case.id, "hanyulin", "answer", result="已劝离")
    refresh([case.id])
    return case


def keyed(client: Client, path: str, name: str = "key") -> str:
    """The key that a form on a page carries."""
    found = re.search(rf'name="{name}" value="([^"]+)"', client.get(path).content.decode())
    assert found, f"no {name} on {path}"
    return found[1]


def test_an_operator_calls_back_and_writes_down_what_came_of_it() -> None:
    case, operator = answered(), signed_in("hejiexian")
    assert str(case.id) in operator.get("/desk/hotline/callbacks").content.decode()
    path = f"/desk/hotline/callbacks/{case.id}"
    unsure = operator.post(path, {"outcome": "answered", "words": "谢谢", "key": "k0"})
    assert unsure.status_code == 422
    assert "谢谢" in unsure.content.decode()
    given = {
        "outcome": "answered",
        "contacted": "yes",
        "solved": "yes",
        "satisfied": "5",
        "key": keyed(operator, path),
    }
    for _ in range(2):
        assert operator.post(path, given).status_code == 302
    [rating] = state_of(case.id).ratings.values()
    assert (rating.source, rating.satisfied) == ("call", 5)
    assert Callback.objects.get().status == "done"


def test_only_operators_and_dispatchers_call_back() -> None:
    case = answered()
    for username, status in (("hanyulin", 403), ("liwangge", 403), ("wangdama", 403), ("sunpaiqian", 200)):
        client = signed_in(username)
        assert client.get("/desk/hotline/callbacks").status_code == status
        assert client.get(f"/desk/hotline/callbacks/{case.id}").status_code == status


def test_lists_cost_few_statements() -> None:
    for _ in range(3):
        answered()
    assert statements(signed_in("hejiexian"), "/desk/hotline/callbacks") <= 12
    assert statements(signed_in("hejiexian"), "/desk/hotline") <= 14
    assert statements(signed_in("sunpaiqian"), "/desk/hotline/list") <= 12


def test_a_street_whistles_on_its_page_and_a_department_musters() -> None:
    leader, department = signed_in("zhangdudao"), signed_in("daiban")
    page = leader.get("/desk/hotline/whistles")
    assert "Blow a whistle" in page.content.decode()
    given = {"area": "510107005", "whistle": "emergency", "text": "危墙倾斜"}
    given["key"] = keyed(leader, "/desk/hotline/whistles")
    answer = leader.post("/desk/hotline/whistles", given)
    assert answer.status_code == 302
    path = answer["Location"]
    assert leader.post("/desk/hotline/whistles", given)["Location"] == path
    data = {
        "task": "t1",
        "form": "answer",
        "t1-task": "t1",
        "t1-result": "已到场",
        "t1-key": keyed(department, path, "t1-key"),
    }
    assert department.post(path, data).status_code == 302
    task = state_of(UUID(path.rsplit("/", 1)[1])).tasks["t1"]
    assert (task.status, task.result) == ("done", "已到场")
    assert "已到场" in leader.get(path).content.decode()
    assert signed_in("zhaochuzhi").get(path).status_code == 404
    assert "Blow a whistle" not in signed_in("zhaochuzhi").get("/desk/hotline/whistles").content.decode()


def test_the_list_shows_gaps_and_offers_rows() -> None:
    case = opened(type="complaint", category="H1002")
    step(case.id, "sunpaiqian", "dispatch", org="parks")
    dispatcher = signed_in("sunpaiqian")
    page = dispatcher.get("/desk/hotline/list")
    assert {gap["code"] for gap in page.context["gaps"]} == {"H1001", "H1002", "H1003"}
    assert page.context["conflicts"] == []
    assert "H1002" in dispatcher.get("/desk/hotline/list/rows.yaml").content.decode()
    assert "H1002,510107005,parks" in dispatcher.get("/desk/hotline/list/rows.csv").content.decode()
    assert dispatcher.get("/desk/hotline/list/rows.exe").status_code == 404
    assert "H1002" not in signed_in("hanyulin").get("/desk/hotline/list/rows.yaml").content.decode()


def test_leaving_out_is_asked_for_by_one_and_decided_by_another() -> None:
    case, handler, dispatcher = answered(), signed_in("hanyulin"), signed_in("sunpaiqian")
    path = f"/desk/hotline/exclusions/{case.id}"
    assert handler.post(path, {"ground": "unreasonable", "reason": ""}).status_code == 422
    assert handler.post(path, {"ground": "unreasonable", "reason": "已终结", "key": "k1"}).status_code == 302
    assert handler.get("/desk/hotline/exclusions").status_code == 403
    assert signed_in("zhouwangge").get(path).status_code == 404
    name = str(Exclusion.objects.get().pk)
    assert "已终结" in dispatcher.get("/desk/hotline/exclusions").content.decode()
    sent: dict[str, Any] = {"form": name, f"{name}-granted": "no", f"{name}-decision": ""}
    assert dispatcher.post("/desk/hotline/exclusions", sent).status_code == 422
    sent[f"{name}-decision"] = "不属于剔除情形"
    assert dispatcher.post("/desk/hotline/exclusions", sent).status_code == 302
    assert Exclusion.objects.get().status == "refused"
    assert dispatcher.post("/desk/hotline/exclusions", {"form": "x"}).status_code == 422


def test_an_attempt_that_failed_is_due_again_later() -> None:
    case, operator = answered(), signed_in("hejiexian")
    operator.post(f"/desk/hotline/callbacks/{case.id}", {"outcome": "busy", "key": "k2"})
    page = operator.get("/desk/hotline/callbacks")
    [row] = page.context["rows"]
    assert (row["callback"].attempts, row["later"]) == (1, True)
    assert row["callback"].next_at > now()
    assert signed_in("hejiexian").get("/desk/hotline/callbacks?status=done").context["rows"] == []
