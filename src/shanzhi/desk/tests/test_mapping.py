"""The map of cases: counted from afar, named from near, and nothing that one may not see."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.base.errors import Invalid
from shanzhi.cases import actions
from shanzhi.cases.opening import Report
from shanzhi.desk import mapping
from shanzhi.desk.mapping import Box
from shanzhi.desk.tests.clicking import actor, statements
from shanzhi.web.tests.demo import signed_in

DISTRICT = "103.9,30.5,104.2,30.8"


def reported(n: int) -> None:
    wang = actor("wangdama")
    for i in range(n):
        at = {"lon": 104.0665 + i / 10_000, "lat": 30.6290}
        actions.open_case(wang, Report("street-issue", f"井盖松动{i}", account=wang.account, **at))  # type: ignore[arg-type]


def features(username: str, box: str = DISTRICT, **query: str) -> list[dict[str, Any]]:
    answer = signed_in(username).get("/desk/map/cases", {"box": box, "tab": "all", **query})
    assert answer.status_code == 200
    return list(answer.json()["features"])


def test_few_cases_are_named(wuhou: None) -> None:
    reported(3)
    found = features("sunpaiqian")
    assert {one["properties"]["title"] for one in found} == {"井盖松动0", "井盖松动1", "井盖松动2"}
    assert features("sunpaiqian", words="没有", state="nothing") != []


def test_many_cases_are_counted(wuhou: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "SINGLE", 2)
    reported(5)
    found = features("sunpaiqian")
    assert sum(one["properties"]["n"] for one in found) == 5
    assert len(found) < 5
    assert not any("title" in one["properties"] for one in found)


def test_what_lies_outside_the_box_or_ones_reach_is_not_there(wuhou: None) -> None:
    reported(2)
    assert features("sunpaiqian", "103.0,30.0,103.1,30.1") == []
    assert features("jiangshuiwu") == []


def test_grids_are_drawn_from_near_only(wuhou: None) -> None:
    near = signed_in("sunpaiqian").get("/desk/map/grids?box=104.05,30.61,104.08,30.64").json()["features"]
    assert near
    assert {one["properties"]["level"] for one in near} == {"grid"}
    assert signed_in("sunpaiqian").get(f"/desk/map/grids?box={DISTRICT}").json()["features"] == []


def test_the_map_needs_few_statements(wuhou: None) -> None:
    reported(3)
    assert statements(signed_in("sunpaiqian"), f"/desk/map/cases?box={DISTRICT}&tab=all") <= 4
    assert signed_in("sunpaiqian").get("/desk/map").status_code == 200


@given(st.text() | st.lists(st.floats().map(str), max_size=5).map(",".join))
def test_a_box_is_four_numbers_in_order_or_refused(text: str) -> None:
    try:
        box = Box.of(text)
    except Invalid:
        return
    assert box.west < box.east
    assert box.south < box.north
