"""Tables that come in: 王大妈's letters, invented for these tests."""

import csv
from pathlib import Path

import pytest

from shanzhi.base.errors import Invalid
from shanzhi.cases.models import Case, RatingRow
from shanzhi.intake.importing import Outcome, bring_in
from shanzhi.intake.mapping import parse

pytestmark = pytest.mark.usefixtures("district")
LETTERS = """
type: complaint
channel: letters
columns: {key: id, text: text, at: time, category: class, phone: phone}
categories: hotline
steps:
  - {move: dispatch, after: 2h}
  - {move: accept, after: 4h}
  - {move: answer, at: replied, inputs: {result: reply}}
  - {move: confirm, after: 1d}
rating: {after: 1h, always: {contacted: true, words: nobody was asked}}
"""
HEADER = ["id", "text", "time", "class", "phone", "replied", "reply"]


def letter(key: str, **given: str) -> dict[str, str]:
    usual = {
        "text": "门口的路灯坏了",
        "time": "2019/4/25 9:32:09",
        "class": "城乡建设",
        "phone": "13800138000",
    }
    return {"id": key, **usual, "replied": "2019/4/27 10:00:00", "reply": "已修好", **given}


def brought(folder: Path, *letters: dict[str, str], mapping: str = LETTERS) -> Outcome:
    file = folder / "letters.csv"
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER)
        writer.writeheader()
        writer.writerows(letters)
    return bring_in(file, parse(mapping))


def test_a_letter_goes_through_the_loop_at_its_own_times(tmp_path: Path) -> None:
    outcome = brought(tmp_path, letter("1"))
    assert (outcome.rows, outcome.opened, outcome.moves, outcome.ratings) == (1, 1, 4, 1)
    case = Case.objects.get(channel="letters", external="1")
    assert (case.state, case.category, case.opened_at.year) == ("closed", "H01", 2019)
    assert case.closed_at is not None and f"{case.closed_at:%Y-%m-%d %H:%M}" == "2019-04-28 02:00"
    rating = RatingRow.objects.get(case=case)
    assert (rating.contacted, rating.solved, rating.satisfied) == (True, None, None)
    assert rating.words == "nobody was asked"


def test_letters_that_do_not_fit_are_named_and_the_others_come_in(tmp_path: Path) -> None:
    bad = [
        letter("2", **{"class": "天文"}),
        letter("3", text=""),
        letter("4", phone="12"),
        letter("5", time="gestern"),
        letter("6", text="长" * 20_001),
    ]
    outcome = brought(tmp_path, letter("1"), *bad, letter("7"))
    assert (outcome.rows, outcome.opened) == (7, 2)
    assert sorted((fault.line, fault.column.split(".")[-1]) for fault in outcome.faults) == [
        (3, "class"),
        (4, "text"),
        (5, "phone"),
        (6, "time"),
        (7, "text"),
    ]


def test_again_nothing_comes_twice_and_a_late_reply_is_made_good(tmp_path: Path) -> None:
    first = brought(tmp_path, letter("1", reply="", replied=""), letter("2"))
    assert (first.opened, first.moves, [fault.line for fault in first.faults]) == (2, 6, [2])
    again = brought(tmp_path, letter("1"), letter("2"), letter("2"))
    assert (again.opened, again.known, again.moves, again.ratings, again.faults) == (0, 3, 2, 1, [])


def test_a_letter_that_stands_there_twice_is_one_case(tmp_path: Path) -> None:
    outcome = brought(tmp_path, letter("1"), letter("1"))
    assert (outcome.opened, outcome.known, outcome.moves, outcome.ratings) == (1, 1, 4, 1)
    assert outcome.faults == []


def test_without_times_a_letter_is_of_today_and_goes_nowhere(tmp_path: Path) -> None:
    outcome = brought(tmp_path, letter("1", time=""))
    assert (outcome.opened, outcome.moves, outcome.faults) == (1, 0, [])


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("move: dispatch", "move: fly", "no move fly"),
        ("text: text", "text: words", "no column words"),
        ("categories: hotline", "categories: {灯: X99}", "no categories X99"),
        ("type: complaint", "type: wish", "There is no case type"),
    ],
)
def test_a_mapping_that_does_not_belong_is_refused_at_once(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    with pytest.raises(Invalid, match=complaint):
        brought(tmp_path, letter("1"), mapping=LETTERS.replace(old, new))


def test_codes_are_taken_as_they_are(tmp_path: Path) -> None:
    codes = LETTERS.replace("categories: hotline\n", "")
    outcome = brought(
        tmp_path, letter("1", **{"class": "H03"}), letter("2", **{"class": "X99"}), mapping=codes
    )
    assert [fault.line for fault in outcome.faults] == [3]
    assert Case.objects.get(external="1", channel="letters").category == "H03"


@pytest.mark.parametrize("time", ["0001-01-01", "1900-01-01", "2190-01-01", "9999-12-31 23:59:59"])
def test_a_time_that_cannot_be_is_named(tmp_path: Path, time: str) -> None:
    outcome = brought(tmp_path, letter("1", time=time), letter("2"))
    assert ([(fault.line, fault.column) for fault in outcome.faults], outcome.opened) == ([(2, "time")], 1)


def test_a_table_with_only_a_header_is_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("something,else\n")
    with pytest.raises(Invalid, match="no column"):
        bring_in(tmp_path / "t.csv", parse(LETTERS))
