"""One's own numbers at the desk: contested there, answered by the leader, and no ranking anywhere."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanzhi.cases.tests.district import brought_to
from shanzhi.insight.jobs import refresh
from shanzhi.insight.models import Contest, QualityPick, QualitySample, Training
from shanzhi.orgs.models import Account
from shanzhi.places.history import today

pytestmark = pytest.mark.usefixtures("district")


@pytest.fixture
def case() -> Any:
    found = brought_to("closed")
    refresh([found.id])
    return found


def as_(username: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def test_a_worker_contests_a_case_and_the_figures_follow_the_answer(case: Any) -> None:
    zhao, sun = as_("zhaochuzhi"), as_("sunpaiqian")
    page = zhao.get("/desk/performance?behind=handled").content.decode()
    assert str(case.id) in page
    assert "件数不作比较" in page
    given = {"measure": "handled", "case": str(case.id), "words": "不是我处置的", "key": "k"}
    assert zhao.post("/desk/performance", given).status_code == 302
    assert zhao.post("/desk/performance", given).status_code == 302  # sent again: done once
    [found] = Contest.objects.all()
    name = f"a{found.pk}"
    assert "不是我处置的" in sun.get("/desk/performance/people").content.decode()
    empty = sun.post(
        "/desk/performance/people", {"form": name, f"{name}-left_out": "yes", f"{name}-answer": ""}
    )
    assert empty.status_code == 422
    sent = {"form": name, f"{name}-left_out": "yes", f"{name}-answer": "核实属实"}
    assert sun.post("/desk/performance/people", sent).status_code == 302
    after = zhao.get("/desk/performance?behind=handled")
    assert "核实属实" in after.content.decode()
    assert after.context["lines"][4]["told"].value.n == 0


def test_a_sheet_is_ones_own_or_of_whom_one_leads(case: Any) -> None:
    zhao = Account.objects.get(username="zhaochuzhi").pk
    assert as_("sunpaiqian").get(f"/desk/performance/people/{zhao}").status_code == 200
    for username in ("liwangge", "zhangdudao", "qianchuzhi"):
        assert as_(username).get(f"/desk/performance/people/{zhao}").status_code == 404
    assert (
        as_("sunpaiqian")
        .post(f"/desk/performance/people/{zhao}", {"measure": "handled", "words": "x"})
        .status_code
        == 403
    )
    assert as_("liwangge").get("/desk/performance/people").status_code == 403
    assert as_("wangdama").get("/desk/performance").status_code == 403


def test_what_is_sent_without_words_comes_back_and_nonsense_is_refused(case: Any) -> None:
    zhao = as_("zhaochuzhi")
    assert zhao.post("/desk/performance", {"measure": "handled", "words": ""}).status_code == 422
    assert zhao.post("/desk/performance", {"measure": "x'--", "words": "不对"}).status_code == 404
    assert zhao.get("/desk/performance?behind=%00&first=x&last=9999-99-99").status_code == 200


def test_a_sample_is_drawn_looked_at_and_training_recorded(case: Any) -> None:
    sun, zhang = as_("sunpaiqian"), as_("zhangdudao")
    checker, day = Account.objects.get(username="zhangdudao").pk, today().isoformat()
    values = {"title": "抽查", "first": day, "last": day, "area": "510107", "size": 5, "checkers": checker}
    assert (
        sun.post(
            "/desk/performance/samples", {"do": "draw", **{f"draw-{k}": v for k, v in values.items()}}
        ).status_code
        == 302
    )
    assert QualitySample.objects.get().seed in sun.get("/desk/performance/samples").content.decode()
    name = f"p{QualityPick.objects.get().pk}"
    assert zhang.post("/desk/performance/samples", {"do": name, f"{name}-good": "no"}).status_code == 422
    done = zhang.post("/desk/performance/samples", {"do": name, f"{name}-good": "yes"})
    assert done.status_code == 302
    assert (
        as_("liwangge").post("/desk/performance/samples", {"do": name, f"{name}-good": "yes"}).status_code
        == 404
    )
    table = SimpleUploadedFile("t.csv", f"username,day,hours,title\nliwangge,{day},2,消防\n".encode())
    assert (
        sun.post("/desk/performance/samples", {"do": "training", "training-file": table}).status_code == 302
    )
    assert Training.objects.get().hours == 2
    assert "2 学时" in as_("liwangge").get("/desk/performance").content.decode()


def test_a_whole_number_is_put_right_at_the_desk_and_both_stand_on_the_sheet(case: Any) -> None:
    zhao, sun = as_("zhaochuzhi"), as_("sunpaiqian")
    assert zhao.post("/desk/performance", {"measure": "handled", "words": "少算两件"}).status_code == 302
    [found] = Contest.objects.all()
    name = f"a{found.pk}"
    page = sun.get("/desk/performance/people").content.decode()
    assert f'name="{name}-n"' in page and str(case.id) in page  # the case behind it can be ticked
    empty = {"form": name, f"{name}-left_out": "right", f"{name}-answer": "台账核实"}
    assert sun.post("/desk/performance/people", empty).status_code == 422
    sent = empty | {f"{name}-n": "3", f"{name}-key": "k"}
    assert sun.post("/desk/performance/people", sent).status_code == 302
    assert sun.post("/desk/performance/people", sent).status_code == 302  # sent again: done once
    sheet = zhao.get("/desk/performance").content.decode()
    assert "已更正" in sheet and "原统计：1" in sheet and "台账核实" in sheet
    assert "已更正" in sun.get("/desk/performance/people").content.decode()


def test_named_cases_are_left_out_at_the_desk(case: Any) -> None:
    zhao, sun = as_("zhaochuzhi"), as_("sunpaiqian")
    zhao.post("/desk/performance", {"measure": "handled", "words": "不该算"})
    name = f"a{Contest.objects.get().pk}"
    sent = {"form": name, f"{name}-left_out": "named", f"{name}-answer": "属实", f"{name}-key": "k"}
    assert sun.post("/desk/performance/people", sent).status_code == 422
    strange = sent | {f"{name}-named": "00000000-0000-0000-0000-000000000001"}
    assert sun.post("/desk/performance/people", strange).status_code == 422
    for _again in range(2):
        done = sun.post("/desk/performance/people", sent | {f"{name}-named": str(case.id)})
        assert done.status_code == 302
    assert "剔除 1 件" in zhao.get("/desk/performance").content.decode()
