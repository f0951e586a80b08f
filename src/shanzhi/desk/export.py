"""A list as a table to take away: CSV, or XLSX for spreadsheets. That it was taken is written down."""

import csv
import io
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from shanzhi.base.clock import now
from shanzhi.base.errors import Invalid, gettext_noop
from shanzhi.desk.access import at_work
from shanzhi.desk.filters import Filter
from shanzhi.desk.listing import chosen_tab, rows
from shanzhi.desk.rows import Line, lines
from shanzhi.desk.saving import plain
from shanzhi.journal.actions import append
from shanzhi.orgs.permissions import require
from shanzhi.orgs.queries import scope
from shanzhi.web import names

MOST = 10_000
PAGE = 1_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEITHER = gettext_noop("Only CSV and XLSX can be exported")


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The cases of a list, at most 10,000, as they are on the page: without anybody's contact."""
    actor = at_work(request)
    if kind not in ("csv", "xlsx"):
        raise Invalid(NEITHER)
    require(actor, "case.export", scope(actor, "case.export"))
    filters, tab = Filter(request.GET), chosen_tab(request)
    facts = {"query": plain(request.GET.urlencode()), "tab": tab, "format": kind}
    append(actor.ref, uuid4(), "desk.exported", facts)
    found = (
        table_row(line)
        for start in range(0, MOST, PAGE)
        for line in lines(rows(actor, filters, tab, offset=start, limit=PAGE))
    )
    name = f"cases-{timezone.localtime(now()):%Y%m%d-%H%M}.{kind}"
    if kind == "csv":
        answer: Any = StreamingHttpResponse(as_csv(found), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer  # type: ignore[no-any-return]
    return FileResponse(as_xlsx(found), as_attachment=True, filename=name, content_type=XLSX)


def header() -> list[str]:
    return [
        _("Number"), _("Title"), _("Type"), _("Category"), _("State"), _("Urgency"), _("Place"), _("Address"),
        _("With"), _("Channel"), _("Reported"), _("Due"), _("Closed at"), _("Overdue"),
    ]  # fmt: skip


def table_row(line: Line) -> list[str]:
    row = line.row
    times = [_time(row[name]) for name in ("opened_at", "due_at", "closed_at")]
    return [
        line.number, row["title"], line.type, line.category, line.state, names.word(names.URGENCY, row["urgency"]),
        line.area, row["address"], line.org, names.channel(row["channel"]), *times,
        _("Yes") if line.lamp == "red" else "",
    ]  # fmt: skip


def _time(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def as_csv(found: Iterator[list[str]]) -> Iterator[bytes]:
    """UTF-8 with the mark by which spreadsheets in China recognise it."""
    yield b"\xef\xbb\xbf" + _csv_line(header())
    for row in found:
        yield _csv_line(row)


def _csv_line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(map(safe, cells))
    return line.getvalue().encode()


def as_xlsx(found: Iterator[list[str]]) -> Any:
    """Row by row into a file, so that memory stays small."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cases"))
    sheet.freeze_panes = "A2"
    for row in (header(), *found):
        cells = [WriteOnlyCell(sheet, value=text) for text in row]
        for cell in cells:
            cell.data_type = "s"  # text, whatever it begins with
        sheet.append(cells)
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    book.save(file)
    file.seek(0)
    return file
