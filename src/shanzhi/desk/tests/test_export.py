"""Lists to take away: the same rows as on the page, safe in a spreadsheet, and written down."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from shanzhi.cases import actions
from shanzhi.cases.opening import Report
from shanzhi.desk.export import as_csv, safe
from shanzhi.desk.tests.clicking import actor
from shanzhi.journal.models import EntryRow
from shanzhi.web.tests.demo import signed_in


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def reported(text: str) -> None:
    wang = actor("wangdama")
    actions.open_case(wang, Report("street-issue", text, area="510107005", account=wang.account))


def test_csv_holds_the_rows_of_the_list(case: Any) -> None:
    reported("=HYPERLINK(1)")
    answer = signed_in("wulian").get("/desk/export.csv?tab=all&order=old")
    assert answer["Content-Disposition"].startswith('attachment; filename="cases-')
    rows = list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Title", "玉林东路小区门口的井盖松动", "'=HYPERLINK(1)"]
    assert len({len(row) for row in rows}) == 1


def test_xlsx_holds_the_same_as_text(case: Any) -> None:
    reported("=1+1")
    answer = signed_in("wulian").get("/desk/export.xlsx?tab=all&order=old")
    sheet = load_workbook(io.BytesIO(body(answer))).worksheets[0]
    assert [(row[1].value, row[1].data_type) for row in sheet.iter_rows(min_row=3)] == [("=1+1", "s")]


def test_nobody_takes_away_what_he_may_not_see(case: Any) -> None:
    wang = actor("wangdama")
    actions.open_case(wang, Report("street-issue", "路灯不亮", area="510107001", account=wang.account))
    found = body(signed_in("zhangdudao").get("/desk/export.csv?tab=all")).decode()
    assert "井盖" in found
    assert "路灯" not in found
    for who in ("jiangshuiwu", "wangdama"):
        assert signed_in(who).get("/desk/export.csv?tab=all").status_code == 403


def test_taking_away_is_written_down(case: Any) -> None:
    body(signed_in("wulian").get("/desk/export.csv?tab=all&due=late&page=3"))
    [entry] = EntryRow.objects.filter(kind="desk.exported")
    assert entry.actor == f"account:{actor('wulian').account}"
    assert entry.data == {"query": "due=late&tab=all", "tab": "all", "format": "csv"}


def test_another_kind_is_refused(wuhou: None) -> None:
    assert signed_in("wulian").get("/desk/export.exe").status_code == 422


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")), min_size=1))
def test_whatever_a_cell_holds_is_read_back(cells: list[str]) -> None:
    _head, line = as_csv(iter([cells]))
    [read] = csv.reader(io.StringIO(line.decode(), newline=""))
    assert read == [safe(cell) for cell in cells]
