"""The dispatcher's page and the board of shifts: who sees them, what they do, once."""

import re
from datetime import timedelta
from typing import Any

import pytest

from shanzhi.base.clock import BEIJING, now
from shanzhi.cases import queries
from shanzhi.cases.tests.district import YULIN, actor
from shanzhi.desk.tests.clicking import page_of, statements
from shanzhi.dispatch.actions.appointments import tell_missed
from shanzhi.dispatch.models import Shift, Word
from shanzhi.dispatch.running import run
from shanzhi.dispatch.tests.town import ORG, asked_to_wait, on_shift, waiting
from shanzhi.web.tests.demo import signed_in

pytestmark = pytest.mark.usefixtures("wuhou", "even_day")
PAGE = f"/desk/dispatch?org={ORG}"
BOARD = f"/desk/dispatch/shifts?org={ORG}&week=2031-01-01"


def key(page: Any) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def english(username: str) -> Any:
    client = signed_in(username)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def send(client: Any, case: Any, what: str, path: str = PAGE, **more: Any) -> Any:
    form = {"key": key(client.get(path)), "do": what, "case": case.id} | more
    return client.post(path, form)


def test_the_dispatcher_sees_people_tasks_and_reasons() -> None:
    on_shift("zhaochuzhi", 0.5)
    idle = on_shift("qianchuzhi", 4.0)
    case = waiting(text="烧烤店油烟扰民")
    run(ORG, now())
    assert "3 minutes away, knows the area" in page_of(english("sunpaiqian"), case)  # in the timeline
    page = english("sunpaiqian").get(PAGE)
    text = page.content.decode()
    assert "3 minutes away, knows the area, 0 open tasks; next best 21 minutes" in text
    assert "2, 1 of them with nothing to do" in text
    assert "seen 0 minutes ago" in text
    found = english("sunpaiqian").get(f"/desk/dispatch/positions?org={ORG}").json()
    kinds = [one["properties"]["kind"] for one in found["features"]]
    assert sorted(kinds) == ["idle", "person", "plan", "route"]
    [line] = [one for one in found["features"] if one["properties"]["kind"] == "route"]
    assert line["geometry"]["coordinates"][-1] == [round(YULIN[0], 6), round(YULIN[1], 6)]
    assert len(line["geometry"]["coordinates"]) == 2 and line["properties"]["name"] == "赵处置"
    assert str(idle) in {str(one["properties"].get("account")) for one in found["features"]}


def test_the_dispatcher_sees_who_stands_by_where_and_why() -> None:
    asked_to_wait(on_shift("zhaochuzhi", 0.5))
    on_shift("qianchuzhi", 4.0)
    text = english("sunpaiqian").get(PAGE).content.decode()
    assert text.count("Asked to stand by at") == 1
    assert "Asked to stand by at 武侯祠大街" in text and "12 urgent tasks arose there in 28 days" in text


def test_the_time_agreed_stands_at_the_task_in_the_case_and_in_its_timeline() -> None:
    day = now().astimezone(BEIJING) + timedelta(days=2)
    on_shift("zhaochuzhi")
    case = waiting(data={"visit_day": f"{day.date()}", "visit_part": "evening"})
    run(ORG, now())
    text = english("sunpaiqian").get(PAGE).content.decode()
    assert f"Agreed: {day:%m-%d} 18:00–20:00" in text
    assert f"Agreed for {day:%m-%d}, 18:00–20:00" in text
    form = {
        "form": "move-appoint",
        "move-appoint-visit_part": "morning",
        "move-appoint-visit_day": "2020-01-01",
    }
    path = f"/desk/cases/{case.id}"
    refused = english("zhaochuzhi").post(path, form)
    assert "This time is over: choose a later one" in refused.content.decode()
    kept = english("zhaochuzhi").post(path, form | {"move-appoint-visit_day": f"{day.date()}"})
    assert kept.status_code == 302
    page = page_of(english("sunpaiqian"), case)
    assert "Time of the visit:</small> morning, 9 to 12" in page  # in the timeline
    assert "<dd>morning, 9 to 12</dd>" in page
    tell_missed(day.replace(hour=12, minute=1))
    missed = page_of(english("sunpaiqian"), case)
    assert f"The time agreed ({day:%m-%d}, 09:00–12:00) is over and nobody came: agree on another" in missed


def test_who_does_not_plan_for_a_team_sees_nothing_of_it() -> None:
    on_shift("zhaochuzhi")
    for username in ("zhaochuzhi", "wulian", "zhangdudao"):
        for path in (
            PAGE,
            BOARD,
            f"/desk/dispatch/positions?org={ORG}",
            f"/desk/dispatch/shifts.csv?org={ORG}",
        ):
            assert signed_in(username).get(path).status_code == 403, (username, path)


def test_given_by_hand_once_and_undone() -> None:
    near, far = on_shift("zhaochuzhi", 0.5), on_shift("qianchuzhi", 3.0)
    case = waiting()
    run(ORG, now())
    sun = english("sunpaiqian")
    form = {"key": key(sun.get(PAGE)), "do": "give", "case": case.id, "account": far}
    answers = [sun.post(PAGE, form) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert queries.state_of(case.id)["person"] == far
    page = sun.get(answers[0]["Location"])
    assert "Given to 钱处置." in page.content.decode()
    undo = page.context["undo"]
    assert (undo.case, undo.account) == (case.id, near)
    assert send(sun, case, "give", account=undo.account).status_code == 302
    assert queries.state_of(case.id)["person"] == near
    assert send(sun, case, "back").status_code == 302
    assert queries.state_of(case.id)["person"] is None


def test_a_word_is_said_with_its_reason_and_lifted() -> None:
    account = on_shift("zhaochuzhi")
    case = waiting()
    sun = english("sunpaiqian")
    refused = send(sun, case, "pin", account=account, hours=2)
    assert refused.status_code == 422
    assert "This is needed" in refused.content.decode()
    assert send(sun, case, "forbid", account=account, hours=2, why="与店主相识").status_code == 302
    word = Word.objects.get()
    assert word.until - now() < timedelta(hours=2, seconds=1)
    assert "与店主相识" in sun.get(PAGE).content.decode()
    assert send(sun, case, "lift", word=word.pk).status_code == 302
    assert "与店主相识" not in sun.get(PAGE).content.decode()


def test_a_form_that_is_stale_or_from_nowhere_is_refused_in_words() -> None:
    account = on_shift("zhaochuzhi")
    case = waiting()
    sun = english("sunpaiqian")
    stale = send(sun, case, "give", account=account, version=1)
    assert stale.status_code == 422
    assert "changed since you looked" in stale.content.decode()
    for wrong in ({"case": "x"}, {"account": "999999"}, {"account": ""}):
        form = {"key": key(sun.get(PAGE)), "do": "give", "case": case.id, "account": account} | wrong
        answer = sun.post(PAGE, form)
        assert answer.status_code == 422, wrong
    assert sun.post(PAGE, {"do": "nothing"}).status_code == 422
    assert sun.get(f"{PAGE}&undo=x.y").status_code == 200


def test_a_run_that_found_nothing_is_said_on_the_page() -> None:
    on_shift("zhaochuzhi")
    run(ORG, now())
    waiting()

    def fails(_: object) -> Any:
        raise ValueError("no")

    run(ORG, now(), solver=fails)
    assert "no new plan has been found" in english("sunpaiqian").get(PAGE).content.decode()


def test_the_page_costs_as_many_statements_for_many_as_for_few() -> None:
    on_shift("zhaochuzhi")
    waiting()
    few = statements(signed_in("sunpaiqian"), PAGE)
    on_shift("qianchuzhi", 2.0)
    for _ in range(4):
        waiting()
    # one more where the versions of the pack, kept for two seconds, are read again meanwhile
    assert statements(signed_in("sunpaiqian"), PAGE) <= few + 1 <= 16


def shift(**more: Any) -> dict[str, Any]:
    account = actor("zhaochuzhi").account
    days = ["2030-12-30", "2030-12-31"]
    return {
        "do": "plan",
        "account": account,
        "days": days,
        "start": "08:00",
        "hours": "8",
        "mode": "ebike",
    } | more


def test_shifts_are_planned_copied_read_in_and_removed() -> None:
    sun = english("sunpaiqian")
    assert sun.get(BOARD).status_code == 200
    assert sun.post(BOARD, shift() | {"key": key(sun.get(BOARD))}).status_code == 302
    assert Shift.objects.count() == 2
    again = sun.post(BOARD, shift(start="09:00") | {"key": key(sun.get(BOARD))})
    assert again.status_code == 422
    assert "Two shifts of one person at once" in again.content.decode()
    table = sun.get(BOARD.replace("shifts?", "shifts.csv?")).content.decode()
    assert "zhaochuzhi,urban-management,2030-12-30 08:00,2030-12-30 16:00,ebike" in table
    later = BOARD.replace("2031-01-01", "2031-01-06")
    assert sun.post(later, {"do": "copy", "key": key(sun.get(later))}).status_code == 302
    assert Shift.objects.count() == 4
    moved = table.replace("2030-12", "2031-02").replace("-30 ", "-20 ").replace("-31 ", "-21 ")
    assert sun.post(later, {"do": "read", "table": moved, "key": key(sun.get(later))}).status_code == 302
    assert Shift.objects.count() == 6
    wrong = sun.post(
        later, {"do": "read", "table": moved.replace("08:00", "8 Uhr"), "key": key(sun.get(later))}
    )
    assert wrong.status_code == 422
    assert "Line 2: a time is written like 2026-11-30 08:00" in wrong.content.decode()
    one = Shift.objects.order_by("start").first()
    assert one is not None
    assert sun.post(BOARD, {"do": "remove", "shift": one.pk, "key": key(sun.get(BOARD))}).status_code == 302
    assert Shift.objects.count() == 5


def test_a_week_is_proposed_from_what_came_in_and_read_in_as_it_stands() -> None:
    for n in range(3):
        waiting(text=f"油烟 {n}")
    sun = english("sunpaiqian")
    page = sun.get(f"{BOARD}&propose=1")
    found = page.context["proposal"]
    assert (found.tasks, len(found.duties)) == (3, 10)  # two people, five days each
    assert found.short == found.wanted - 80 > 0
    assert "10 shifts besides those there are" in page.content.decode()
    table = page.context["table"].initial["table"]
    assert sun.post(BOARD, {"do": "read", "table": table, "key": key(page)}).status_code == 302
    assert Shift.objects.count() == 10
    assert len(sun.get(f"{BOARD}&propose=1").context["proposal"].duties) == 0
