"""Colleagues in notes at the desk: offered to whom, who is offered, and shown as links."""

from typing import Any

import pytest
from django.test import Client

from shanzhi.cases.tests.district import brought_to
from shanzhi.desk.mentioning import linked
from shanzhi.desk.tests.clicking import page_of, send, statements
from shanzhi.web.tests.demo import signed_in


def offered(username: str, case: Any, text: str) -> set[str]:
    answer = signed_in(username).get(f"/desk/cases/{case.id}/colleagues", {"text": text})
    assert answer.status_code == 200
    return {one["username"] for one in answer.json()["found"]}


def test_only_who_sees_the_case_for_his_work_is_offered(wuhou: None) -> None:
    case = brought_to("handling")
    every = offered("zhaochuzhi", case, "")
    assert {"sunpaiqian", "liwangge"} <= every  # eight at most, by name
    assert offered("zhaochuzhi", case, "qianchuzhi") == {"qianchuzhi"}
    assert every & {"zhouwangge", "fengyanghu", "admin", "wangdama", "chenjumin"} == set()
    for outside in ("zhouwangge", "fengyanghu", "admin", "wangdama"):
        assert offered("zhaochuzhi", case, outside) == set()


@pytest.mark.parametrize(
    ("text", "found"), [("sunp", {"sunpaiqian"}), ("孙派", {"sunpaiqian"}), ("%", set())]
)
def test_by_name_or_account_name(wuhou: None, text: str, found: set[str]) -> None:
    assert offered("zhaochuzhi", brought_to("handling"), text) == found


@pytest.mark.parametrize("username", ["zhouwangge", "fengyanghu", "admin"])
def test_who_does_not_see_the_case_learns_of_nobody(wuhou: None, username: str) -> None:
    case = brought_to("handling")
    assert signed_in(username).get(f"/desk/cases/{case.id}/colleagues?text=s").status_code == 404


def test_a_mention_is_a_link_and_another_name_is_text(wuhou: None) -> None:
    case, zhao = brought_to("handling"), signed_in("zhaochuzhi")
    assert send(zhao, case, "note", words="请 @sunpaiqian 和 @zhouwangge <b>协助</b>").status_code == 302
    html = page_of(zhao, case)
    assert '<a class="mention" href="/desk/people/sunpaiqian">@sunpaiqian</a>' in html
    assert "/desk/people/zhouwangge" not in html
    assert "&lt;b&gt;" in html


def test_a_colleagues_page_has_what_one_may_see_oneself(wuhou: None) -> None:
    case = brought_to("handling")
    page = f"/desk/cases/{case.id}"
    assert page in signed_in("sunpaiqian").get("/desk/people/zhaochuzhi").content.decode()
    assert page not in signed_in("fengyanghu").get("/desk/people/zhaochuzhi").content.decode()
    for nobody in ("wangdama", "nobody"):
        assert signed_in("sunpaiqian").get(f"/desk/people/{nobody}").status_code == 404


def test_offering_costs_the_same_however_many_work_there(wuhou: None) -> None:
    case = brought_to("handling")
    assert statements(signed_in("zhaochuzhi"), f"/desk/cases/{case.id}/colleagues?text=s") <= 6


def test_nothing_in_a_note_becomes_a_tag() -> None:
    assert linked("<script>@x</script>", {}) == "&lt;script&gt;@x&lt;/script&gt;"


def test_a_stranger_is_sent_to_sign_in(wuhou: None) -> None:
    assert Client().get("/desk/people/zhaochuzhi").status_code == 302
