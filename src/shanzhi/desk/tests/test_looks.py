"""Auditors see who looked at contact data, why, and only within their areas."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shanzhi.cases.models import Case
from shanzhi.desk import looks
from shanzhi.desk.models import LOOKED, Done
from shanzhi.desk.tests.clicking import hidden
from shanzhi.desk.tests.test_today import read
from shanzhi.web.tests.demo import signed_in


@pytest.fixture
def looked(wuhou: None) -> Any:
    """何接线 has looked at the contact of 王大妈 to call her back."""
    operator = signed_in("hejiexian")
    call = {
        "type": "complaint",
        "text": "楼道灯不亮",
        "area": "510107005",
        "name": "王大妈",
        "phone": "13812345678",
    }
    assert operator.post("/desk/report", call).status_code == 302
    path = f"/desk/cases/{Case.objects.get().id}"
    page = operator.get(path).content.decode()
    assert operator.post(path, hidden(page, "look") | {"look-reason": "电话核实地址"}).status_code == 200
    read()
    return Case.objects.get()


def test_a_look_is_seen_with_its_reason_and_without_the_data(looked: Any) -> None:
    page = signed_in("shenji").get("/desk/looks")
    assert [(row["who"], row["id"], row["reason"]) for row in page.context["rows"]] == [
        ("何接线", looked.id, "电话核实地址")
    ]
    assert page.context["counts"] == [("何接线", 1)]
    html = page.content.decode()
    assert "13812345678" not in html
    assert "王大妈" not in html


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("first=x&last=", 1),
        ("last=2020-02-29", 0),
        ("first=2999-01-01&last=0001-01-01", 0),
        ("first=0001-01-01", 1),
    ],
)
def test_days_are_chosen_and_what_is_none_is_passed_over(looked: Any, query: str, n: int) -> None:
    assert len(signed_in("shenji").get(f"/desk/looks?{query}").context["rows"]) == n


def test_an_auditor_of_another_area_sees_nothing_of_it(looked: Any) -> None:
    Case.objects.filter(pk=looked.pk).update(area="510104001", county="510104")
    assert signed_in("shenji").get("/desk/looks").context["rows"] == []


def test_looks_elsewhere_do_not_hide_those_in_his_area(looked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    [mine] = Done.objects.filter(kind=LOOKED)
    newer = mine.at + timedelta(seconds=1)
    Done.objects.create(entry=uuid4(), account=mine.account, at=newer, case=uuid4(), kind=LOOKED, move="")
    monkeypatch.setattr(looks, "MOST", 1)
    page = signed_in("shenji").get("/desk/looks")
    assert [row["id"] for row in page.context["rows"]] == [looked.id]
    assert page.context["more"] is False


@pytest.mark.parametrize("who", ["hejiexian", "zhangdudao", "wangdama"])
def test_nobody_else_looks_through_them(wuhou: None, who: str) -> None:
    assert signed_in(who).get("/desk/looks").status_code == 403
    assert "/desk/looks" not in signed_in(who).get("/").content.decode()


def test_a_stranger_signs_in_first(wuhou: None) -> None:
    assert Client().get("/desk/looks").status_code == 302
