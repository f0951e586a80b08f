"""The pages of a survey, as the auditor and the evaluator use them."""

import re
from datetime import timedelta

from shanzhi.base.clock import now
from shanzhi.cases.tests.district import actor, brought_to
from shanzhi.web.tests.demo import signed_in


def test_drawn_judged_and_read(wuhou: None) -> None:
    case = brought_to("closed")
    auditor, evaluator, day = signed_in("shenji"), signed_in("pinggu"), now() + timedelta(hours=8)
    sent = {"title": "11月回访", "first": f"{day:%Y-%m-%d}", "last": f"{day:%Y-%m-%d}", "size": "5",
            "evaluators": [actor("pinggu").account]}  # fmt: skip
    drawn = auditor.post("/desk/surveys", sent)
    assert drawn.status_code == 302, drawn.content.decode()
    path = drawn["location"]
    page = evaluator.get(f"{path}/1")
    assert page.context["sheet"].state["title"] == case["title"]
    assert (
        "王"
        not in re.sub(r"<header>.*?</header>", "", page.content.decode(), flags=re.DOTALL).split("<main")[1]
    )
    for photo in re.findall(r'<img src="([^"]+)"', page.content.decode()):
        assert evaluator.get(photo).status_code == 200
        assert signed_in("jiangshuiwu").get(photo).status_code == 404
    for nothing in ({"words": ""}, {}):
        answer = evaluator.post(f"{path}/1", nothing)
        assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (422, True)
    assert auditor.post("/desk/surveys", {}).status_code == 422
    assert evaluator.post(f"{path}/1", {"solved": "no", "satisfied": "2"}).status_code == 302
    told = auditor.get(path).content.decode()
    assert "0.0% (0%–79%)" in told
    assert auditor.post(path).status_code == 302
    assert evaluator.post(f"{path}/1", {"solved": "yes"}).status_code == 409


def test_an_empty_draw_keeps_what_was_typed(wuhou: None) -> None:
    sent = {
        "title": "空",
        "first": "2020-01-01",
        "last": "2020-01-02",
        "size": "5",
        "evaluators": [actor("pinggu").account],
    }
    answer = signed_in("shenji").post("/desk/surveys", sent)
    assert answer.status_code == 422
    assert 'value="2020-01-01"' in answer.content.decode()
