"""Tables that somebody sends: CSV (UTF-8, UTF-16 or GB 18030) and XLSX, row by row with their lines."""

import csv
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from shanzhi.base.errors import Invalid, Unsupported

Cells = dict[str, str]
csv.field_size_limit(1 << 24)


def rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """(line, cells by the names in the first row). Raises Unsupported for other kinds of files."""
    lines = _lines(path)
    return _named(lines)


def _named(lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, Cells]]:
    names = [name.strip() for name in next(lines, (0, []))[1]]
    for line, cells in lines:
        yield line, dict(zip(names, cells, strict=False))


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of the rows with anything in them, the header first."""
    kind = path.suffix.lower()
    if kind == ".csv":
        return _csv(path)
    if kind == ".xlsx":
        return _xlsx(path)
    raise Unsupported(f"{path.name} is neither a .csv nor an .xlsx file")


def header(path: Path) -> list[str]:
    """The names in the first row that has any; none of an empty file. Raises as `rows` does."""
    return [name.strip() for name in next(_lines(path), (0, []))[1]]


BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def encoding(path: Path) -> str:
    """How a CSV file is written: UTF-8, UTF-16 by its mark, else GB 18030, which spreadsheets in China write."""
    with path.open("rb") as stream:
        if found := BOMS.get(stream.read(2)):
            return found
    return "utf-8-sig" if _reads(path, "utf-8-sig") else "gb18030"


def said(path: Path) -> str:
    """What the one who imports should know of how the file was read; empty for UTF-8 and XLSX."""
    if path.suffix.lower() != ".csv" or (found := encoding(path)) == "utf-8-sig":
        return ""
    name = {"gb18030": "GB 18030 (GBK)", "utf-16": "UTF-16"}[found]
    whole = "" if _reads(path, found) else "; characters that are none in it were replaced by �"
    return f"{path.name} is {name}: read as that and kept as UTF-8{whole}"


def _reads(path: Path, name: str) -> bool:
    """Whether every character of the file is one in this encoding."""
    with path.open(encoding=name) as stream:
        try:
            while stream.read(1 << 20):
                pass
        except UnicodeError:
            return False
    return True


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding(path), newline="", errors="replace") as stream:
        reader = csv.reader(stream)
        line = 1
        try:
            for cells in reader:
                if any(cells):
                    yield line, [_text(cell) for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            raise Invalid(f"{path.name}:{line} cannot be read: {error}") from error


def _xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    import zipfile

    from openpyxl import load_workbook

    broken = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, IndexError, TypeError)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        for line, values in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in values]
            if any(cells):
                yield line, cells
        book.close()
    except broken as error:
        raise Invalid(f"{path.name} cannot be read: {error}") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\0", "")  # which PostgreSQL does not keep
