import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from shanzhi.base.errors import Invalid, Unsupported
from shanzhi.intake import table
from shanzhi.intake.table import rows

TEXT = '编号,内容\n1,"一行\n两行"\n\n2,路灯\n'
EXPECTED = [(2, {"编号": "1", "内容": "一行\n两行"}), (5, {"编号": "2", "内容": "路灯"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_china_with_its_lines(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "letters.csv"
    file.write_bytes(TEXT.encode(encoding))
    assert list(rows(file)) == EXPECTED


def test_xlsx_with_numbers_and_times(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "时间", "内容"])
    sheet.append([7.0, datetime(2019, 4, 25, 9, 32, 9), "路灯"])  # noqa: DTZ001
    sheet.append([None, None, None])
    sheet.append([8, "", 1.5])
    book.save(tmp_path / "letters.xlsx")
    assert list(rows(tmp_path / "letters.xlsx")) == [
        (2, {"编号": "7", "时间": "2019-04-25 09:32:09", "内容": "路灯"}),
        (4, {"编号": "8", "时间": "", "内容": "1.5"}),
    ]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unsupported):
        rows(tmp_path / "letters.doc")
    (tmp_path / "letters.xlsx").write_bytes(b"no")
    with pytest.raises(Invalid):
        list(rows(tmp_path / "letters.xlsx"))


def test_what_postgresql_does_not_keep_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    file.write_text("编号,内容\n1,路\0灯\n")
    assert list(rows(file)) == [(2, {"编号": "1", "内容": "路灯"})]


@pytest.mark.parametrize(
    ("name", "said"), [("utf-8", ""), ("utf-8-sig", ""), ("gbk", "GB 18030 (GBK)"), ("utf-16", "UTF-16")]
)
def test_a_wrong_encoding_is_found_converted_and_said(tmp_path: Path, name: str, said: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("编号,内容\n1,路灯不亮\n".encode(name))
    assert [cells for _, cells in table.rows(file)] == [{"编号": "1", "内容": "路灯不亮"}]
    assert bool(table.said(file)) == bool(said)
    assert said in table.said(file)


def test_what_is_no_encoding_at_all_is_read_as_far_as_it_goes_and_said(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("编号\n".encode("gbk") + b"\xff\xff\n")
    assert len(list(table.rows(file))) == 1
    assert "replaced" in table.said(file)


def test_the_header_is_known_though_no_row_follows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(" 编号 ,内容\n")
    (tmp_path / "b.csv").write_text("")
    assert (table.header(tmp_path / "a.csv"), table.header(tmp_path / "b.csv")) == (["编号", "内容"], [])


def test_a_workbook_broken_inside_is_refused(tmp_path: Path) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as parts:
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        parts.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>',
        )
        parts.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(Invalid):
        list(rows(tmp_path / "a.xlsx"))
