"""What I did today: kept by a reader of the journal, for each of us alone."""

from typing import Any

from shanzhi.cases import actions
from shanzhi.desk import jobs
from shanzhi.desk.tests.clicking import actor
from shanzhi.journal.queries import FIELDS, entry
from shanzhi.journal.tables import run
from shanzhi.web.tests.demo import signed_in


def read() -> None:
    for _ in range(2):  # what is read twice is kept once
        jobs.keep(
            [entry(row) for row in run(f"SELECT {FIELDS}, xact FROM journal_entry ORDER BY xact, id", [])]
        )


def test_my_day_holds_what_i_did_and_nothing_of_others(case: Any) -> None:
    actions.move(actor("wulian"), case.id, "register")
    actions.note(actor("sunpaiqian"), case.id, "已电话核实", public=False)
    read()
    mine = signed_in("wulian").get("/desk/today")
    assert [(row["what"], row["title"]) for row in mine.context["rows"]] == [
        ("Register", "玉林东路小区门口的井盖松动")
    ]
    assert mine.context["counts"] == [("Register", 1)]
    theirs = signed_in("sunpaiqian").get("/desk/today")
    assert [row["what"] for row in theirs.context["rows"]] == ["Note"]


def test_another_day_is_empty_and_days_to_come_are_today(case: Any) -> None:
    actions.move(actor("wulian"), case.id, "register")
    read()
    wulian = signed_in("wulian")
    assert wulian.get("/desk/today?day=2020-02-29").context["rows"] == []
    for day in ("2999-01-01", "yesterday", ""):
        assert len(wulian.get(f"/desk/today?day={day}").context["rows"]) == 1
