"""The monthly report as DOCX, in the usual look of an official document: 黑体 headings, 宋体 text, A4."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from shanzhi.hotline import drawing

TEXT, HEAD = "宋体", "黑体"
LOOK = (("Normal", TEXT, 10.5), ("Title", HEAD, 20.0), ("Heading 1", HEAD, 14.0), ("Heading 2", HEAD, 11.5))
WIDTHS = (1.2, 4.4, 2.2, 1.9, 1.9, 1.9, 1.6, 1.2)  # cm: place, who, score, three rates, before, left out
QUIET = RGBColor(0x55, 0x60, 0x6E)


def written(report: dict[str, Any]) -> bytes:
    """The document: title, overview, charts, tables, exclusions, worst and best cases, the formula."""
    document = _fresh(report)
    words = report["words"]
    _overview(document, report)
    _picture(document, words["days"], report, "days")
    _picture(document, words["categories"], report, "categories")
    _consultations(document, report)
    for number, table in enumerate(report["tables"]):
        _ranking(document, report, number, table)
    _excluded(document, report)
    for title, cases in ((words["worst"], report["worst"]), (words["best"], report["best"])):
        document.add_heading(title, 1)
        if not cases:
            document.add_paragraph(words["nothing"])
        for case in cases:
            _case(document, words, case)
    document.add_heading(words["how"], 1)
    for line in (
        report["formula"]["text"],
        words["minimum"],
        f"{words['source']}{report['formula']['source']}",
    ):
        document.add_paragraph(line)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _fresh(report: dict[str, Any]) -> Doc:
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.4)
    page.top_margin = page.bottom_margin = Cm(2.2)
    for name, font, size in LOOK:
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("w:eastAsia", "w:asciiTheme", "w:eastAsiaTheme", "w:hAnsiTheme"):
            fonts.attrib.pop(qn(key), None)
        fonts.set(qn("w:eastAsia"), font)
    document.core_properties.title = f"{report['place']}{report['title']} {report['month']}"
    document.core_properties.author = report["place"]
    title = document.add_heading(f"{report['place']}{report['title']}", 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below = document.add_paragraph()
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = below.add_run(f"{report['month']}　{report['words']['made']} {report['made']}")
    run.font.color.rgb = QUIET
    return document


def _overview(document: Doc, report: dict[str, Any]) -> None:
    words, whole = report["words"], report["whole"]
    if report["sample"]:
        note = document.add_paragraph().add_run(words["sample"])
        note.italic, note.font.size = True, Pt(9)
    document.add_heading(words["overview"], 1)
    document.add_paragraph(report["summary"])
    rows = [[words["score"], _points(whole["score"]), "", _points(whole["before"])]]
    rows += [
        [name, percent(share), f"{n}/{of}", percent(before)] for name, n, of, share, before in whole["rates"]
    ]
    _table(document, ["", report["month"], "", words["before"]], rows)


def _picture(document: Doc, title: str, report: dict[str, Any], name: str) -> None:
    document.add_heading(title, 1)
    document.add_picture(drawing.chart(report, name), width=Cm(16))
    document.paragraphs[-1].paragraph_format.keep_together = True
    document.inline_shapes[-1]._inline.docPr.set("descr", title)


def _consultations(document: Doc, report: dict[str, Any]) -> None:
    """What was answered at once; nothing where nobody asked anything, or the report is of an earlier form."""
    words, found = report["words"], report["consultations"]
    if not found or not found["n"]:
        return
    document.add_heading(f"{words['consultations']}　{found['n']}", 1)
    if found["asked"]:
        _table(document, [words["asked"], ""], [[question, str(n)] for question, n in found["asked"]])


def _ranking(document: Doc, report: dict[str, Any], number: int, table: dict[str, Any]) -> None:
    words = report["words"]
    document.add_heading(table["title"], 1)
    if not table["rows"]:
        document.add_paragraph(words["nothing"])
        return
    if table["group"] != "community" and any(row["score"] is not None for row in table["rows"]):
        document.add_picture(drawing.chart(report, "scores", table=number), width=Cm(16))
        document.inline_shapes[-1]._inline.docPr.set("descr", table["title"])
    head = [
        words[w]
        for w in ("place", "who", "score", "response", "resolution", "satisfaction", "before", "excluded")
    ]
    rows = [
        [
            str(row["place"] or "—"), row["name"], f"{_points(row['score'])}\n{row['low']}–{row['high']}",
            *(f"{percent(share)}\n{n}/{of}" for n, of, share in row["rates"]),
            _points(row["before"]), str(row["excluded"]),
        ]
        for row in table["rows"]
    ]  # fmt: skip
    _table(document, head, rows, left=1, widths=WIDTHS)


def _excluded(document: Doc, report: dict[str, Any]) -> None:
    words = report["words"]
    document.add_heading(words["excluded-title"], 1)
    if not report["excluded"]:
        document.add_paragraph(words["none-excluded"])
        return
    _table(
        document,
        [words["ground"], words["excluded"], ""],
        [[e["title"], str(e["n"]), e["basis"]] for e in report["excluded"]],
    )


def _case(document: Doc, words: dict[str, str], case: dict[str, Any]) -> None:
    document.add_heading(case["title"], 2)
    facts = [
        case["number"],
        case["category"],
        case["area"],
        case["org"],
        f"{case['opened']} – {case['closed']}",
    ]
    facts += [words["late"]] if case["late"] else []
    facts += [f"{words['reworks']} {case['reworks']}"] if case["reworks"] else []
    run = document.add_paragraph().add_run(" · ".join(facts))
    run.font.color.rgb, run.font.size = QUIET, Pt(9)
    stars = f"{case['satisfied']} / 5" if case["satisfied"] else "—"
    parts = (
        (words["contacted"], case["contacted"]),
        (words["solved"], case["solved"]),
        (words["satisfied"], stars),
    )
    said = " · ".join(f"{label} {answer}" for label, answer in parts)
    for label, text in (
        (words["reported"], case["text"]),
        (words["result"], case["result"]),
        (words["said"], f"{said} {case['words']}".strip()),
    ):
        if text:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{label}：").bold = True
            paragraph.add_run(text)
            paragraph.paragraph_format.space_after = Pt(2)


def _table(
    document: Doc, head: list[str], rows: list[list[str]], *, left: int = 0, widths: tuple[float, ...] = ()
) -> None:
    """A table with a head that is repeated on each page; all columns but `left` are aligned to the right."""
    table = document.add_table(rows=0, cols=len(head))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    wide = widths or (16.2 / len(head),) * len(head)
    for column, width in zip(table.columns, wide, strict=True):
        column.width = Cm(width)
    for number, texts in enumerate((head, *rows)):
        row = table.add_row()
        for n, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Cm(wide[n])
            _cell(cell, text, bold=number == 0, right=n != left)
    mark = table.rows[0]._tr.get_or_add_trPr()
    mark.append(mark.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _cell(cell: Any, text: str, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(9)
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(1)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _points(score: float | None) -> str:
    return "—" if score is None else f"{score:.2f}"
