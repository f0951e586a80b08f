"""The score beside the result while it is written."""

from typing import Any

from shanzhi.web.tests.demo import signed_in

FORM = {
    "form": "move-resolve",
    "move-resolve-result": "已于11月25日更换井盖，依据《城市道路管理条例》第二十三条。",
}


def test_a_result_is_scored_as_it_stands(case: Any) -> None:
    page = signed_in("sunpaiqian").post(f"/desk/cases/{case.id}/reply", FORM)
    assert page.status_code == 200
    assert "城市道路管理条例" in page.content.decode()
    assert page.context["score"].in_time is True


def test_nothing_written_shows_nothing(case: Any) -> None:
    for data in ({}, {"form": "move-resolve", "move-resolve-result": "  "}, {"form": "x" * 5000}):
        page = signed_in("sunpaiqian").post(f"/desk/cases/{case.id}/reply", data)
        assert (page.status_code, page.content.strip()) == (200, b"")


def test_who_may_not_see_the_case_is_told_nothing(case: Any) -> None:
    assert signed_in("wangdama").post(f"/desk/cases/{case.id}/reply", FORM).status_code == 403
